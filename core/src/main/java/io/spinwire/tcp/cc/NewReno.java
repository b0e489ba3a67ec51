package io.spinwire.tcp.cc;

/**
 * RFC 5681: exponential growth below ssthresh, one segment a round trip above it, half on loss. Has no state of its
 * own. Linux: tcp_reno.
 */
public final class NewReno implements CongestionControl {
    static final String NAME = "reno";

    private static final int MIN_SSTHRESH = 2; // RFC 5681 equation (4)

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(CongestionWindow window, AckSample sample) {
        // all its state is the window's
    }

    @Override
    public int ssthresh(CongestionWindow window, AckSample sample) {
        return Math.max(window.cwnd >> 1, MIN_SSTHRESH);
    }

    @Override
    public void grow(CongestionWindow window, AckSample sample) {
        window.growAsReno(sample.ackedSacked);
    }
}
