package io.spinwire.bench.end;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this process does besides its work, in a window of time: bytes that its threads allocate, time that it compiles,
 * and how often and how long the working thread waits for its processor. On a thread of its own, which sleeps but for
 * the window's two ends.
 */
final class Watch {
    private static final String OWN_NAME = "watch";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path worker;
    private final long afterMs;
    private final long forMs;
    private final Gaps gaps;
    private final Thread thread;
    private String words = "";

    private Watch(Path worker, long afterMs, long forMs, Gaps gaps) {
        this.worker = worker;
        this.afterMs = afterMs;
        this.forMs = forMs;
        this.gaps = gaps;
        thread = Thread.ofPlatform().daemon().name(OWN_NAME).unstarted(this::watch);
    }

    /** Begins to watch the calling thread. */
    static Watch start(long afterMs, long forMs, Gaps gaps) throws IOException {
        final Path self = Path.of("/proc").resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")));
        gaps.reset();
        final Watch watch = new Watch(self, afterMs, forMs, gaps);
        watch.thread.start();
        return watch;
    }

    /** Waits for the window's end. Returns {@code name=value} words; times of its ends are those of the wall clock. */
    String words() throws InterruptedException {
        thread.join();
        return words;
    }

    boolean isOver() {
        return !thread.isAlive();
    }

    private void watch() {
        try {
            Thread.sleep(afterMs);
            final Map<String, Long> before = figures();
            gaps.on();
            final long fromMs = System.currentTimeMillis();
            Thread.sleep(forMs);
            final long toMs = System.currentTimeMillis();
            gaps.off();
            final StringBuilder text = new StringBuilder("from=" + fromMs + " to=" + toMs);
            figures().forEach((name, value) -> {
                final long change = value - before.getOrDefault(name, 0L);
                text.append(' ').append(name).append('=').append(change);
            });
            words = text.toString();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final RuntimeException e) {
            words = "failed=" + e.toString().replace(' ', '_');
        }
    }

    private Map<String, Long> figures() {
        final Map<String, Long> figures = new TreeMap<>();
        long allocatedByWorker = 0;
        long allocatedByOthers = 0;
        final long[] ids = THREADS.getAllThreadIds();
        final long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        final ThreadInfo[] infos = THREADS.getThreadInfo(ids);
        for (int i = 0; i < ids.length; i++) {
            final String name = infos[i] == null ? OWN_NAME : infos[i].getThreadName();
            if (name.equals("main")) {
                allocatedByWorker = bytes[i];
            } else if (!name.equals(OWN_NAME)) {
                allocatedByOthers += Math.max(bytes[i], 0);
            }
        }
        figures.put("worker-allocated", allocatedByWorker);
        figures.put("others-allocated", allocatedByOthers);
        figures.put("compiling-ms", ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
        addScheduling(figures);
        return figures;
    }

    /** See proc(5): time on the processor, time that it waited for it, and how often it was taken off. */
    private void addScheduling(Map<String, Long> figures) {
        try {
            final String[] schedstat =
                    Files.readString(worker.resolve("schedstat")).strip().split(" ");
            figures.put("ran-ns", Long.parseLong(schedstat[0]));
            figures.put("waited-ns", Long.parseLong(schedstat[1]));
            for (final String line : Files.readAllLines(worker.resolve("status"))) {
                if (line.startsWith("nonvoluntary_ctxt_switches:")) {
                    figures.put("preemptions", Long.parseLong(line.replaceAll("\\D", "")));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
