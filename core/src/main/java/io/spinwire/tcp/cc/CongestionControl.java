package io.spinwire.tcp.cc;

/**
 * How a window grows and how far it falls. Stateless: all state is in the {@link CongestionWindow}. Linux:
 * tcp_congestion_ops.
 */
public interface CongestionControl {

    /** The name by which configuration chooses it. */
    String name();

    /** Segments that should be in flight after a loss was found. Linux: {@code ssthresh()}. */
    int ssthresh(CongestionWindow window);

    /**
     * Segments were acknowledged while nothing was lost. Linux: {@code cong_avoid()}.
     *
     * @param ackedSegments newly acknowledged, at least 1
     */
    void onAck(CongestionWindow window, int ackedSegments);
}
