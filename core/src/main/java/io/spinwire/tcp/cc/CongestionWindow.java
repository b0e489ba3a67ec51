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

    /** Back to a new connection. */
    public void reset(int initialWindow) {
        cwnd = initialWindow;
        cwndCount = 0;
        ssthresh = INFINITE_SSTHRESH;
        priorCwnd = 0;
        isLimited = false;
        maxInFlight = 0;
    }

    public boolean isSlowStart() {
        return cwnd < ssthresh;
    }
}
