package io.spinwire.tcp.cc;

/** RFC 5681: exponential growth below ssthresh, one segment a round trip above it, half on loss. Linux: tcp_reno. */
public final class NewReno implements CongestionControl {
    private static final int MIN_SSTHRESH = 2; // RFC 5681 equation (4)

    @Override
    public String name() {
        return "reno";
    }

    @Override
    public int ssthresh(CongestionWindow window) {
        return Math.max(window.cwnd >> 1, MIN_SSTHRESH);
    }

    @Override
    public void onAck(CongestionWindow window, int ackedSegments) {
        if (!window.isLimited && !(window.isSlowStart() && window.cwnd < 2 * window.maxInFlight)) {
            return; // RFC 7661: a window that was not used says nothing about the path
        }
        int left = ackedSegments;
        if (window.isSlowStart()) {
            final int grown = Math.min(window.cwnd + left, window.ssthresh);
            left -= grown - window.cwnd;
            window.cwnd = grown;
        }
        if (left > 0) {
            avoidCongestion(window, left);
        }
    }

    private static void avoidCongestion(CongestionWindow window, int ackedSegments) {
        if (window.cwndCount >= window.cwnd) {
            window.cwndCount = 0;
            window.cwnd++;
        }
        window.cwndCount += ackedSegments;
        if (window.cwndCount >= window.cwnd) {
            final int steps = window.cwndCount / window.cwnd;
            window.cwndCount -= steps * window.cwnd;
            window.cwnd += steps;
        }
    }
}
