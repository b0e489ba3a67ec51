package io.spinwire.nic;

/**
 * What one direction of a {@link FaultNic} did to the frames it was offered. Each ends in exactly one place, so that a
 * simulation can account for all: offered + duplicated + answers = delivered + lost in every way + queued. Engine
 * thread only.
 */
public final class FaultCounts {
    long offered;
    long delivered;
    long lost;
    long lostInBursts;
    long lostAtTails;
    long lostInOutages;
    long lostSmall;
    long tooBig;
    long answers;
    long marked;
    long overflowed;
    long duplicated;
    long corrupted;
    long reordered;
    long refusedClaims;
    int queued;

    FaultCounts() {}

    /** Frames that entered this direction. */
    public long offered() {
        return offered;
    }

    /** Frames that left it at the other side, copies included. */
    public long delivered() {
        return delivered;
    }

    /** Frames lost by {@link FaultProfile.Builder#loss}. */
    public long lost() {
        return lost;
    }

    /** Frames lost by {@link FaultProfile.Builder#burstLoss}. */
    public long lostInBursts() {
        return lostInBursts;
    }

    /** Frames lost by {@link FaultProfile.Builder#tailLoss}. */
    public long lostAtTails() {
        return lostAtTails;
    }

    /** Frames lost by {@link FaultProfile.Builder#outage}. */
    public long lostInOutages() {
        return lostInOutages;
    }

    /**
     * Frames lost because the queue before the rate limit, or the whole store, was full; or the frame longer than the
     * MTU allows.
     */
    public long overflowed() {
        return overflowed;
    }

    /** Frames lost by {@link FaultProfile.Builder#smallLoss}. */
    public long lostSmall() {
        return lostSmall;
    }

    /** Frames lost by {@link FaultProfile.Builder#mtu}. */
    public long tooBig() {
        return tooBig;
    }

    /** Frames that the router made, which came in on this way: answers to frames that were too big on the other. */
    public long answers() {
        return answers;
    }

    /** Frames marked by {@link FaultProfile.Builder#mark}, whatever became of them afterwards. */
    public long marked() {
        return marked;
    }

    /** Frames lost in any way. */
    public long totalLost() {
        return lost + lostInBursts + lostSmall + lostAtTails + lostInOutages + tooBig + overflowed;
    }

    /** Copies made. */
    public long duplicated() {
        return duplicated;
    }

    /** Frames with flipped bits, whatever became of them afterwards. */
    public long corrupted() {
        return corrupted;
    }

    /** Frames delivered after one that had been offered later. */
    public long reordered() {
        return reordered;
    }

    /** Claims refused by {@link FaultProfile.Builder#refuse}, or because the store was full. */
    public long refusedClaims() {
        return refusedClaims;
    }

    /** Frames inside now. */
    public int queued() {
        return queued;
    }

    /** Whether all frames are accounted for: true after every call, or the accounts themselves are wrong. */
    public boolean isConserved() {
        return offered + duplicated + answers == delivered + totalLost() + queued;
    }

    @Override
    public String toString() {
        return "offered " + offered + ", duplicated " + duplicated + ", delivered " + delivered + ", queued " + queued
                + ", lost " + lost + " + in bursts " + lostInBursts + " + at tails " + lostAtTails + " + in outages "
                + lostInOutages + " + small " + lostSmall + " + too big " + tooBig + " + overflowed " + overflowed
                + "; answers " + answers
                + ", marked " + marked + ", corrupted " + corrupted + ", reordered "
                + reordered
                + ", refused claims " + refusedClaims;
    }
}
