package io.spinwire.bench.rig;

/**
 * Warms two ends up until their JITs are quiet: the same work again and again, as short as it is, since what is
 * compiled while one load runs is thrown away where the next begins differently.
 */
final class WarmUp {
    private static final double QUIET = 0.05; // of the time, both JITs together
    private static final int LEAST = 3;
    private static final double NS_PER_MS = 1e6;
    private static final long LOOK_MS = 40;
    private static final long IDLE_MS = 10; // the kernel counts in these
    private static final int MOST_LOOKS = 25;

    private WarmUp() {}

    /** What it takes. */
    static double seconds(Effort effort) {
        return effort.longestWarmUpS();
    }

    /** Work of both ends. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    /**
     * Repeats {@code work} until it compiles next to nothing more.
     *
     * @param mostS however much is compiled then: no repetition begins later
     * @return how often it was done
     */
    static int run(Ends.Two two, double mostS, Work work) throws InterruptedException {
        final long beganNs = System.nanoTime();
        long nowNs = beganNs;
        long compiledMs = compiledMs(two);
        int times = 0;
        boolean isQuiet = false;
        while (!isQuiet && (nowNs - beganNs) / 1e9 < mostS) {
            work.run();
            times++;
            awaitJits(two);
            final long lastMs = compiledMs;
            final long lastNs = nowNs;
            compiledMs = compiledMs(two);
            nowNs = System.nanoTime();
            isQuiet = times >= LEAST && (compiledMs - lastMs) * NS_PER_MS < QUIET * (nowNs - lastNs);
        }
        return times;
    }

    /** Whoever is not asked sleeps, but for its JIT, which had to share a CPU with it before. */
    private static void awaitJits(Ends.Two two) throws InterruptedException {
        long beforeMs = Long.MIN_VALUE;
        long nowMs = cpuMs(two);
        for (int looks = 0; looks < MOST_LOOKS && nowMs - beforeMs > IDLE_MS; looks++) {
            Thread.sleep(LOOK_MS);
            beforeMs = nowMs;
            nowMs = cpuMs(two);
        }
    }

    private static long cpuMs(Ends.Two two) {
        return two.server().cpuMs() + two.client().cpuMs();
    }

    private static long compiledMs(Ends.Two two) throws InterruptedException {
        return Long.parseLong(two.server().ask("compiled"))
                + Long.parseLong(two.client().ask("compiled"));
    }
}
