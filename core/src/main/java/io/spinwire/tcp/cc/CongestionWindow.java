package io.spinwire.tcp.cc;

/**
 * A connection's congestion state, in segments as in Linux. Engine thread only; one for each connection, reused with
 * it.
 */
public final class CongestionWindow {
    /** Slow start until the first loss. Linux: TCP_INFINITE_SSTHRESH. */
    public static final int INFINITE_SSTHRESH = 0x7fff_ffff;

    /** Segments that may be in flight. Linux: snd_cwnd. */
    public int cwnd;

    /** Segments acknowledged since cwnd last grew, in congestion avoidance. Linux: snd_cwnd_cnt. */
    public int cwndCount;

    /** cwnd below it: slow start. Linux: snd_ssthresh. */
    public int ssthresh;

    /** cwnd before the last reduction. Linux: prior_cwnd. */
    public int priorCwnd;

    /** Whether the window was used up since it last grew: only then may it grow. Linux: is_cwnd_limited. */
    public boolean isLimited;

    /** Most segments in flight in the current window. Linux: max_packets_out. */
    public int maxInFlight;

    /** Segments that have reached the peer since the reduction began. Linux: prr_delivered. */
    public int prrDelivered;

    /** Segments sent since then, new and old. Linux: prr_out. */
    public int prrOut;

    /** Back to a new connection. */
    public void reset(int initialWindow) {
        cwnd = initialWindow;
        cwndCount = 0;
        ssthresh = INFINITE_SSTHRESH;
        priorCwnd = 0;
        prrDelivered = 0;
        prrOut = 0;
        isLimited = false;
        maxInFlight = 0;
    }

    /** A loss was found: from now on the window falls to {@code newSsthresh}, step by step. */
    public void beginReduction(int newSsthresh) {
        priorCwnd = cwnd;
        ssthresh = newSsthresh;
        cwndCount = 0;
        prrDelivered = 0;
        prrOut = 0;
    }

    /**
     * One step of the reduction: what may be sent is in proportion to what has arrived. RFC 6937, with the slow-start
     * bound where the peer's last words brought progress, and never more than has arrived. Linux:
     * {@code tcp_cwnd_reduction()}, without the last.
     *
     * @param delivered segments that have newly reached the peer, at least 1
     * @param inFlight segments in the network
     * @param hasProgress sndUna moved, and nothing more was found lost
     */
    public void reduce(int delivered, int inFlight, boolean hasProgress) {
        prrDelivered += delivered;
        final int room = ssthresh - inFlight;
        int count;
        if (room < 0) {
            final int before = Math.max(priorCwnd, ssthresh); // after a timeout in vain it was 1, with much in flight
            final long share = ((long) ssthresh * prrDelivered + before - 1) / before;
            count = (int) share - prrOut;
        } else {
            count = Math.min(Math.max(prrDelivered - prrOut, delivered) + (hasProgress ? 1 : 0), room);
        }
        cwnd = inFlight + Math.max(count, prrOut == 0 ? 1 : 0); // the first lost segment leaves at once
    }

    public boolean isSlowStart() {
        return cwnd < ssthresh;
    }

    /** Slow start has come so far that hystart may look at the rate. */
    public boolean isWatched() {
        return cwnd >= HystartLinux.LOW_WINDOW && isSlowStart();
    }

    /**
     * Whether the window is what holds the sender back, so that growth is worth something; in slow start it may be
     * twice what was in flight. RFC 7661. Linux: {@code tcp_is_cwnd_limited()}.
     */
    public boolean isCwndLimited() {
        return isLimited || isSlowStart() && cwnd < 2 * maxInFlight;
    }

    /** RFC 5681: slow start, or one segment a round trip. Linux: {@code tcp_reno_cong_avoid()}. */
    public void growAsReno(int ackedSegments) {
        final int left = isSlowStart() ? slowStart(ackedSegments) : ackedSegments;
        if (left > 0) {
            avoidCongestion(cwnd, left);
        }
    }

    /** One more for each segment, up to ssthresh; answers the segments left. Linux: {@code tcp_slow_start()}. */
    public int slowStart(int ackedSegments) {
        final int grown = Math.min(cwnd + ackedSegments, ssthresh);
        final int left = ackedSegments - (grown - cwnd);
        cwnd = grown;
        return left;
    }

    /**
     * One more for every {@code segmentsPerStep} segments. Linux: {@code tcp_cong_avoid_ai()}.
     *
     * @param segmentsPerStep at least 1
     */
    public void avoidCongestion(int segmentsPerStep, int ackedSegments) {
        if (cwndCount >= segmentsPerStep) { // credit from a time when more was needed: it makes one step
            cwndCount = 0;
            cwnd++;
        }
        cwndCount += ackedSegments;
        if (cwndCount >= segmentsPerStep) {
            final int steps = cwndCount / segmentsPerStep;
            cwndCount -= steps * segmentsPerStep;
            cwnd += steps;
        }
    }
}
