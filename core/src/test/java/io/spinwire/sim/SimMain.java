package io.spinwire.sim;

import java.security.SecureRandom;
import java.util.function.LongUnaryOperator;

/**
 * Runs the simulation from the command line: {@code --seed N} repeats one, {@code --seeds N} runs so many that are new,
 * {@code --minutes N} runs new ones so long, on {@code --threads N}; {@code --from N} counts up from a seed instead,
 * {@code --fast-path on} or {@code off} overrides what the seeds say, {@code --compare} runs each with and without,
 * {@code --trace} prints frames. Exits with 1 at the first broken rule, and says how to see it again.
 */
public final class SimMain {
    private static final long DEFAULT_SEEDS = 1000;
    private static final int COMPARED_ONE_IN = 8;

    private Long seed;
    private Long from;
    private long seeds;
    private long minutes;
    private int threads = Runtime.getRuntime().availableProcessors();
    private boolean isTracing;
    private boolean isComparing;
    private Boolean fastPath;

    private SimMain() {}

    public static void main(String[] arguments) {
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
            case "--fast-path" -> fastPath = value.equals("on");
            case "--compare" -> isComparing = true;
            case "--trace" -> isTracing = true;
            default -> {
                System.err.println("unknown argument " + argument + ": known are --seed N, --seeds N, --minutes N, "
                        + "--threads N, --from N, --fast-path on|off, --compare and --trace");
                System.exit(2);
            }
        }
        return !argument.equals("--compare") && !argument.equals("--trace");
    }

    private void run() {
        final long count = seed != null ? 1 : minutes > 0 ? Long.MAX_VALUE : seeds > 0 ? seeds : DEFAULT_SEEDS;
        final SeedRuns runs = new SeedRuns(seeds(), this::one);
        final long endNs = System.nanoTime() + minutes * 60_000_000_000L;
        final Throwable failure = runs.go(seed != null ? 1 : threads, count, () -> {
            System.out.print("\r" + figures(runs));
            System.out.flush();
            if (minutes > 0 && System.nanoTime() - endNs > 0) {
                runs.stop();
            }
        });
        if (failure != null) {
            System.out.println();
            (failure.getCause() == null ? failure : failure.getCause()).printStackTrace(System.out);
            System.out.println("FAILED " + failure.getMessage());
            System.exit(1);
        }
        System.out.println("\r" + figures(runs) + ": all rules held");
    }

    private LongUnaryOperator seeds() {
        if (seed != null) {
            return index -> seed;
        }
        final SecureRandom random = new SecureRandom();
        return from == null ? index -> random.nextLong() >>> 1 : index -> from + index;
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

    private static String figures(SeedRuns runs) {
        return String.format(
                "%,d seeds, %,d frames, %,d s of virtual time",
                runs.done(), runs.frames(), runs.virtualNs() / 1_000_000_000);
    }
}
