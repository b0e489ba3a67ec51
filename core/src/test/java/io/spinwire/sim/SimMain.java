package io.spinwire.sim;

import java.security.SecureRandom;

/**
 * Runs the simulation from the command line: {@code --seed N} repeats one, {@code --seeds N} runs so many that are new,
 * {@code --minutes N} runs new ones so long; {@code --from N} counts up from a seed instead, {@code --fast-path on} or
 * {@code off} overrides what the seeds say, {@code --compare} runs each with and without, {@code --trace} prints
 * frames.
 */
public final class SimMain {
    private static final long DEFAULT_SEEDS = 1000;
    private static final long PROGRESS_MS = 500;

    private final boolean isTracing;
    private final Boolean fastPath;
    private final boolean isComparing;
    private long done;
    private long frames;
    private long virtualNs;
    private long toldMs;

    private SimMain(boolean isTracing, Boolean fastPath, boolean isComparing) {
        this.isComparing = isComparing;
        this.isTracing = isTracing;
        this.fastPath = fastPath;
    }

    public static void main(String[] arguments) {
        SimMain.class.getClassLoader().setDefaultAssertionStatus(true); // the engine checks itself after every segment
        Long seed = null;
        Long from = null;
        long seeds = 0;
        long minutes = 0;
        boolean isTracing = false;
        Boolean fastPath = null;
        boolean isComparing = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seed" -> seed = Long.parseLong(arguments[++i]);
                case "--from" -> from = Long.parseLong(arguments[++i]);
                case "--seeds" -> seeds = Long.parseLong(arguments[++i]);
                case "--minutes" -> minutes = Long.parseLong(arguments[++i]);
                case "--fast-path" -> fastPath = arguments[++i].equals("on");
                case "--compare" -> isComparing = true;
                case "--trace" -> isTracing = true;
                default -> {
                    System.err.println("unknown argument " + arguments[i] + ": known are --seed N, --seeds N, "
                            + "--minutes N, --from N, --fast-path on|off, --compare and --trace");
                    System.exit(2);
                }
            }
        }
        final SimMain main = new SimMain(isTracing, fastPath, isComparing);
        if (seed != null) {
            main.one(seed);
        } else {
            main.many(from, seeds == 0 && minutes == 0 ? DEFAULT_SEEDS : seeds, minutes);
        }
        main.summary();
    }

    private void many(Long from, long seeds, long minutes) {
        final SecureRandom random = new SecureRandom();
        final long endMs = System.currentTimeMillis() + minutes * 60_000;
        while (minutes > 0 ? System.currentTimeMillis() < endMs : done < seeds) {
            one(from == null ? random.nextLong() >>> 1 : from + done);
        }
    }

    private void one(long seed) {
        try {
            final Simulation.Outcome outcome = run(seed, fastPath);
            if (isComparing && !run(seed, true).equals(run(seed, false))) {
                throw new SimulationFailure("seed " + seed + ": other frames with the fast path off", null);
            }
            done++;
            frames += outcome.frames();
            virtualNs += outcome.virtualNs();
            progress();
        } catch (final SimulationFailure failure) {
            System.out.println();
            final Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            cause.printStackTrace(System.out);
            System.out.println("FAILED " + failure.getMessage());
            System.exit(1);
        }
    }

    private Simulation.Outcome run(long seed, Boolean isFastPathOn) {
        return new Simulation(seed, isFastPathOn, isTracing ? System.out::println : null).run();
    }

    private void progress() {
        final long nowMs = System.currentTimeMillis();
        if (nowMs - toldMs > PROGRESS_MS) {
            toldMs = nowMs;
            System.out.print("\r" + figures());
            System.out.flush();
        }
    }

    private void summary() {
        System.out.println("\r" + figures() + ": all rules held");
    }

    private String figures() {
        return String.format("%,d seeds, %,d frames, %,d s of virtual time", done, frames, virtualNs / 1_000_000_000);
    }
}
