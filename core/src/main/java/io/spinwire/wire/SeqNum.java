package io.spinwire.wire;

/**
 * Arithmetic on TCP sequence numbers: 32 bits that wrap, RFC 9293 section 3.4. A number is before another when the
 * signed distance is negative, which is right as long as the two are less than 2^31 apart.
 */
public final class SeqNum {
    private SeqNum() {}

    /** {@code a < b}. */
    public static boolean isBefore(int a, int b) {
        return a - b < 0;
    }

    /** {@code a <= b}. */
    public static boolean isBeforeOrAt(int a, int b) {
        return a - b <= 0;
    }

    /** {@code a > b}. */
    public static boolean isAfter(int a, int b) {
        return a - b > 0;
    }

    /** {@code a >= b}. */
    public static boolean isAfterOrAt(int a, int b) {
        return a - b >= 0;
    }

    /** {@code low <= seq <= high}. Linux: {@code between()}. */
    public static boolean isBetween(int seq, int low, int high) {
        return high - low >= 0 && Integer.compareUnsigned(seq - low, high - low) <= 0;
    }

    /** Bytes from {@code from} to {@code to}; negative when {@code to} is before. */
    public static int distance(int from, int to) {
        return to - from;
    }

    /** The later of the two. */
    public static int max(int a, int b) {
        return isAfter(a, b) ? a : b;
    }

    /** The earlier of the two. */
    public static int min(int a, int b) {
        return isBefore(a, b) ? a : b;
    }
}
