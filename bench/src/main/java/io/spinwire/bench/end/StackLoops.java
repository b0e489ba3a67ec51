package io.spinwire.bench.end;

import io.spinwire.bench.jmh.StackBulkBenchmark;
import io.spinwire.bench.jmh.StackRoundTripBenchmark;

/**
 * The stack alone, as JMH's benchmarks have it, but in slices, so that another stack can take turns with it. The first
 * tenth of each slice does not count.
 */
final class StackLoops {
    private static final int BATCH = 256;
    private static final int UNCOUNTED = 10;
    private static final double BITS_PER_BYTE = 8;

    private StackRoundTripBenchmark roundTrips;
    private StackBulkBenchmark bulk;

    /** Nanoseconds of a round trip of 64 bytes, the mean over {@code durationNs}. */
    double roundTripNs(long durationNs) {
        if (roundTrips == null) {
            roundTrips = new StackRoundTripBenchmark();
            roundTrips.clock = StackRoundTripBenchmark.SYSTEM;
            roundTrips.connect();
        }
        roundTrips(durationNs / UNCOUNTED);
        return roundTrips(durationNs);
    }

    private double roundTrips(long durationNs) {
        final long beginNs = System.nanoTime();
        long count = 0;
        long nowNs = beginNs;
        while (nowNs - beginNs < durationNs) {
            for (int i = 0; i < BATCH; i++) {
                roundTrips.roundTrip();
            }
            count += BATCH;
            nowNs = System.nanoTime();
        }
        return (double) (nowNs - beginNs) / count;
    }

    /** Gbit/s of one flow, the mean over {@code durationNs}. */
    double bulkGigabits(long durationNs) {
        if (bulk == null) {
            bulk = new StackBulkBenchmark();
            bulk.connect();
        }
        bulk(durationNs / UNCOUNTED);
        return bulk(durationNs);
    }

    private double bulk(long durationNs) {
        final StackBulkBenchmark.Delivered delivered = new StackBulkBenchmark.Delivered();
        final long beginNs = System.nanoTime();
        long nowNs = beginNs;
        while (nowNs - beginNs < durationNs) {
            for (int i = 0; i < BATCH; i++) {
                bulk.bulk(delivered);
            }
            nowNs = System.nanoTime();
        }
        return delivered.bytes * BITS_PER_BYTE / (nowNs - beginNs);
    }

    /** Fails when it was another exchange than the one that is meant. */
    void close() {
        if (roundTrips != null) {
            roundTrips.check();
        }
        if (bulk != null) {
            bulk.check();
        }
    }
}
