package io.spinwire.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.util.Locale;

/**
 * What {@code make sim} runs: one seed anew, or many in a row from a random one on, for so many or for so long. Shows
 * its progress; stops at a failure, and says how to see it again.
 */
public final class SimMain {
    private static final long DEFAULT_SEEDS = 1000;
    private static final int COMPARED_ONE_IN = 8;
    private static final long SECOND = 1_000_000_000;
    private static final long QUIET_NS = 10 * SECOND; // between lines of progress where nobody looks on

    private Long seed;
    private long from = new SecureRandom().nextLong() >>> 2; // so that no seed after it overflows
    private long seeds;
    private long minutes;
    private int threads = Runtime.getRuntime().availableProcessors();
    private int mostFailures = 1;
    private boolean isTracing;
    private boolean isComparing;
    private Boolean fastPath;
    private String record;
    private String commit = "unknown";
    private long startNs;
    private long shownNs;

    private SimMain() {}

    public static void main(String[] arguments) throws IOException {
        SimMain.class.getClassLoader().setDefaultAssertionStatus(true); // the engine checks itself after every segment
        final SimMain main = new SimMain();
        for (int i = 0; i < arguments.length; i++) {
            final boolean hasValue = i + 1 < arguments.length;
            i += main.take(arguments[i], hasValue ? arguments[i + 1] : "0") ? 1 : 0;
        }
        main.run();
    }

    /** Answers whether the value was used. */
    private boolean take(String argument, String value) {
        switch (argument) {
            case "--seed" -> seed = Long.parseLong(value);
            case "--from" -> from = Long.parseLong(value);
            case "--seeds" -> seeds = Long.parseLong(value);
            case "--minutes" -> minutes = Long.parseLong(value);
            case "--threads" -> threads = Integer.parseInt(value);
            case "--failures" -> mostFailures = Integer.parseInt(value);
            case "--record" -> record = value;
            case "--commit" -> commit = value;
            case "--fast-path" -> fastPath = value.equals("on");
            case "--compare" -> isComparing = true;
            case "--trace" -> isTracing = true;
            default -> {
                System.err.println("unknown argument " + argument + ": known are --seed N, --seeds N, --minutes N, "
                        + "--threads N, --from N, --failures N, --record FILE, --commit NAME, --fast-path on|off, "
                        + "--compare and --trace");
                System.exit(2);
            }
        }
        return !argument.equals("--compare") && !argument.equals("--trace");
    }

    private void run() throws IOException {
        startNs = System.nanoTime();
        final long first = seed != null ? seed : from;
        final long count = seed != null ? 1 : minutes > 0 ? Long.MAX_VALUE : seeds > 0 ? seeds : DEFAULT_SEEDS;
        final SeedRuns runs = new SeedRuns(index -> first + index, this::one).sparing(mostFailures);
        runs.go(seed != null ? 1 : threads, count, () -> {
            show(runs);
            if (minutes > 0 && System.nanoTime() - startNs > minutes * 60 * SECOND) {
                runs.stop();
            }
        });
        if (seed == null) {
            System.out.println();
        }
        for (final Throwable failure : runs.failures()) {
            (failure.getCause() == null ? failure : failure.getCause()).printStackTrace(System.out);
            System.out.println("FAILED " + failure.getMessage());
        }
        final String result =
                figures(runs) + " from " + first + ", " + runs.failures().size() + " failures";
        System.out.println(result + (runs.failures().isEmpty() ? ": all rules held" : ""));
        if (record != null) {
            write(result);
        }
        if (!runs.failures().isEmpty()) {
            System.exit(1);
        }
    }

    /** On a terminal in one line that changes; elsewhere in a line now and then. */
    private void show(SeedRuns runs) {
        final boolean isTerminal = System.console() != null && System.console().isTerminal();
        if (isTerminal) {
            System.out.print("\r" + figures(runs));
            System.out.flush();
        } else if (System.nanoTime() - startNs - shownNs > QUIET_NS) {
            shownNs = System.nanoTime() - startNs;
            System.out.println(figures(runs));
        }
    }

    private Simulation.Outcome one(long number) {
        final Simulation.Outcome outcome = run(number, fastPath);
        if (isComparing || fastPath == null && !isTracing && number % COMPARED_ONE_IN == 0) {
            if (!run(number, true).equals(run(number, false))) {
                throw new SimulationFailure(
                        "seed " + number + ": other frames with the fast path off\n  again: make sim SEED=" + number
                                + " ARGS='--trace --fast-path on', and off",
                        null);
            }
        }
        return outcome;
    }

    private Simulation.Outcome run(long number, Boolean isFastPathOn) {
        return new Simulation(number, isFastPathOn, isTracing ? System.out::println : null).run();
    }

    private String figures(SeedRuns runs) {
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        return String.format(
                Locale.ROOT,
                "%,d seeds, %,d frames, %,d hours of virtual time, %,.0f s, %,.0f seeds/s",
                runs.done(),
                runs.frames(),
                runs.virtualNs() / (3600 * SECOND),
                seconds,
                runs.done() / seconds);
    }

    /** What was run, with what, and what came of it: so that it can be run again. */
    private void write(String result) throws IOException {
        Files.writeString(
                Path.of(record),
                "make sim SEEDS=" + seeds + " THREADS=" + threads + " FROM=" + from + "\n" + result + "\n" + "commit "
                        + commit + ", " + LocalDate.now() + ", Java " + Runtime.version() + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch") + "\n");
    }
}
