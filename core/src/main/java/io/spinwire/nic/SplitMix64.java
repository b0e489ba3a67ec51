package io.spinwire.nic;

/**
 * The SplitMix64 generator (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014), read at any
 * index: its n-th number is a mix of seed + n x gamma, so it needs no state. Decisions that are numbered by frame and
 * kind therefore do not shift when another kind is switched on or off. Not for secrets.
 */
public final class SplitMix64 {
    private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;
    private static final int FRACTION_BITS = 53; // a double's significand: a probability loses nothing
    private static final double ONE = 1L << FRACTION_BITS;

    private SplitMix64() {}

    /** The number at {@code index}, from 0, of the sequence that {@code seed} begins; 64 equally likely bits. */
    public static long at(long seed, long index) {
        return mix(seed + (index + 1) * GAMMA);
    }

    /** Another 64 bits that follow from {@code bits}. */
    public static long next(long bits) {
        return mix(bits + GAMMA);
    }

    /** Scales 64 random bits to 0 .. {@code bound} - 1, by multiplication. */
    public static long below(long bits, long bound) {
        return Math.unsignedMultiplyHigh(bits, bound);
    }

    /** A probability, 0 to 1, in the form that {@link #happens} takes. */
    public static long threshold(double probability) {
        return (long) (probability * ONE);
    }

    /** True with the probability behind {@code threshold}: never for 0, always for 1. */
    public static boolean happens(long bits, long threshold) {
        return bits >>> Long.SIZE - FRACTION_BITS < threshold;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
