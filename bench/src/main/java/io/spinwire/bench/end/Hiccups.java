package io.spinwire.bench.end;

import org.HdrHistogram.Histogram;

/**
 * A loop that only reads the clock: the gaps it sees are the machine's (timer ticks, interrupts, other threads, a
 * hypervisor), and no program on this processor has fewer.
 */
final class Hiccups {
    private static final long WARM_UP_NS = 300_000_000L;

    private Hiccups() {}

    /** Spins for this time after a warm-up. */
    static Histogram run(long durationNs) {
        final Gaps gaps = new Gaps();
        spin(gaps, WARM_UP_NS);
        gaps.on();
        spin(gaps, durationNs);
        return gaps.histogram();
    }

    private static void spin(Gaps gaps, long durationNs) {
        long lastNs = System.nanoTime();
        final long endNs = lastNs + durationNs;
        while (lastNs - endNs < 0) {
            final long nowNs = System.nanoTime();
            gaps.add(nowNs - lastNs);
            lastNs = nowNs;
        }
    }
}
