package io.spinwire.sim;

import io.spinwire.nic.SplitMix64;

/** A stream of random numbers that follows from a seed; forks are streams of their own. */
final class SimRandom {
    private final long seed;
    private long index;

    SimRandom(long seed) {
        this.seed = SplitMix64.next(seed);
    }

    /** A stream that depends on the seed and {@code name} only, not on what was drawn before. */
    SimRandom fork(int name) {
        return new SimRandom(SplitMix64.at(seed, Long.MIN_VALUE + name));
    }

    long nextLong() {
        return SplitMix64.at(seed, index++);
    }

    boolean chance(double probability) {
        return SplitMix64.happens(nextLong(), SplitMix64.threshold(probability));
    }

    /** {@code low} to {@code high}, both included. */
    long between(long low, long high) {
        return low + SplitMix64.below(nextLong(), high - low + 1);
    }

    int between(int low, int high) {
        return (int) between((long) low, high);
    }

    /** As {@link #between}, small numbers as likely as large ones: every power of two weighs the same. */
    long spread(long low, long high) {
        if (low >= high) {
            return low;
        }
        final int bits = Long.SIZE - Long.numberOfLeadingZeros(high - low);
        final long range = Math.min(high - low, (1L << between(0, bits)) - 1);
        return low + SplitMix64.below(nextLong(), range + 1);
    }

    int spread(int low, int high) {
        return (int) spread((long) low, high);
    }

    /** One of the values. */
    long pick(long... values) {
        return values[between(0, values.length - 1)];
    }

    int pick(int... values) {
        return values[between(0, values.length - 1)];
    }

    /** One of the values. */
    @SafeVarargs
    final <T> T oneOf(T... values) {
        return values[between(0, values.length - 1)];
    }
}
