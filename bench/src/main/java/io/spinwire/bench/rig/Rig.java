package io.spinwire.bench.rig;

import io.spinwire.bench.record.BenchException;
import io.spinwire.daemon.lab.Lab;

/** Makes the namespaces of one part and removes them again, whatever happens, Ctrl-C included. */
public final class Rig {
    private static final Object LOCK = new Object(); // a lab is not made while the process ends

    private static boolean isEnding; // guarded by it

    private Rig() {}

    /** What is measured between the two namespaces. */
    @FunctionalInterface
    public interface Work {
        void run(Wiring wiring) throws Exception;
    }

    /**
     * Runs {@code work} in namespaces of its own.
     *
     * @throws BenchException where it cannot be measured, saying what is missing
     */
    public static void run(Work work) throws Exception {
        final String missing = Lab.missing();
        if (missing != null) {
            throw new BenchException(missing);
        }
        if (Runtime.getRuntime().availableProcessors() < 2) {
            throw new BenchException("two processors are needed, one for each end: with one the figures say nothing");
        }
        BenchLab.removeLeftovers();
        final Lab lab = BenchLab.ofThisProcess();
        final Thread cleaner = Thread.ofPlatform().unstarted(() -> {
            synchronized (LOCK) {
                isEnding = true;
                BenchLab.remove(lab);
            }
        });
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            make(lab);
            try (Wiring wiring = new Wiring(lab)) {
                work.run(wiring);
            }
        } finally {
            lab.down();
            forget(cleaner);
        }
    }

    private static void make(Lab lab) {
        synchronized (LOCK) {
            if (isEnding) {
                throw new BenchException("the run was ended");
            }
            lab.up();
        }
    }

    private static void forget(Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (final IllegalStateException e) {
            // the process is ending, and the cleaner has run or waits to run: it finds nothing to do
        }
    }
}
