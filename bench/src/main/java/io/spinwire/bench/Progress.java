package io.spinwire.bench;

import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * What a person sees while a run lasts: a bar on a terminal, a line for each step elsewhere. The bar knows how many
 * seconds a part usually takes, not more.
 */
final class Progress implements Consumer<String>, AutoCloseable {
    private static final int REFRESH_MS = 500;
    private static final int MESSAGE_LENGTH = 60;

    private final ProgressBar bar;
    private static final int TICK_MS = 1_000;

    private final long startNs = System.nanoTime();
    private volatile long endsAtS; // of the part that runs
    private String part = "";
    private volatile boolean isClosed;

    /** @param seconds that the whole usually takes */
    Progress(long seconds) {
        bar = System.console() == null || !System.console().isTerminal()
                ? null
                : new ProgressBarBuilder()
                        .setTaskName("bench")
                        .setInitialMax(seconds)
                        .setUpdateIntervalMillis(REFRESH_MS)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUnit(" s", 1)
                        .hideEta()
                        .build();
        if (bar != null) {
            Thread.ofPlatform().daemon().name("progress").start(this::tick);
        }
    }

    /** A part begins that usually takes so many seconds. */
    void begin(String name, long seconds) {
        if (bar != null) {
            bar.stepTo(endsAtS);
        }
        part = name;
        endsAtS += seconds;
        accept("begins");
    }

    /** A part may be silent for a minute. */
    private void tick() {
        try {
            while (!isClosed) {
                advance();
                Thread.sleep(TICK_MS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Not beyond the part that runs, which may take longer than usual. */
    private synchronized void advance() {
        if (!isClosed) {
            bar.stepTo(Math.min(endsAtS, Math.max(bar.getCurrent(), elapsedS())));
        }
    }

    private long elapsedS() {
        return (System.nanoTime() - startNs) / 1_000_000_000L;
    }

    @Override
    public void accept(String step) {
        if (bar == null) {
            System.out.println(time(elapsedS()) + ' ' + part + ": " + step);
        } else {
            advance();
            bar.setExtraMessage(' '
                    + (part + ": " + step).substring(0, Math.min(MESSAGE_LENGTH, part.length() + 2 + step.length())));
        }
    }

    /** Minutes and seconds. */
    static String time(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }

    @Override
    public synchronized void close() {
        if (bar != null && !isClosed) {
            bar.close();
        }
        isClosed = true;
    }
}
