package io.spinwire.ip;

/**
 * A rate limit with a burst: the generic cell rate algorithm, which needs one number and no refill (ITU-T I.371, annex
 * A). Engine thread only.
 */
public final class TokenBucket {
    private static final long SECOND_NS = 1_000_000_000L;

    private final long intervalNs; // between tokens; 0 when there are none
    private final long toleranceNs;
    private long nextNs = Long.MIN_VALUE; // when the next token is due if all are taken on time

    /**
     * A full bucket.
     *
     * @param perSecond tokens, 0 for none ever, at most 10^9
     * @param burst tokens that may be taken at once, at least 1
     */
    public TokenBucket(int perSecond, int burst) {
        if (perSecond < 0 || perSecond > SECOND_NS || burst < 1) {
            throw new IllegalArgumentException("rate of " + perSecond + " a second, burst " + burst
                    + ": give 0 to 10^9, and a burst of at least 1");
        }
        intervalNs = perSecond == 0 ? 0 : SECOND_NS / perSecond;
        toleranceNs = intervalNs * (burst - 1);
    }

    /** Takes a token if there is one. */
    public boolean take(long nowNs) {
        if (intervalNs == 0 || nextNs > nowNs + toleranceNs) {
            return false;
        }
        nextNs = Math.max(nextNs, nowNs) + intervalNs;
        return true;
    }
}
