package io.spinwire.bench.record;

/** How alike flows fared. */
public final class Fairness {
    private Fairness() {}

    /**
     * Jain's index (RFC 5166 section 2.3.1): the square of the sum, over the number of flows times the sum of squares.
     *
     * @return 1 where all have as much, 1 / n where one has all; NaN where none has anything
     */
    public static double jain(long[] shares) {
        double sum = 0;
        double squares = 0;
        for (final long share : shares) {
            sum += share;
            squares += (double) share * share;
        }
        return sum * sum / (shares.length * squares);
    }
}
