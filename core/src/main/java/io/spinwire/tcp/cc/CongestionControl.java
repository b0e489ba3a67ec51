package io.spinwire.tcp.cc;

/**
 * How a window grows and how far it falls: one object for each connection, lent by {@link CongestionControls} while it
 * lives. Works on the {@link CongestionWindow}; the {@link AckSample} says what is known of the connection now, and in
 * {@link #onAck}, {@link #grow} and {@link #control} also what the ACK brought. Engine thread only. Linux:
 * tcp_congestion_ops.
 */
public interface CongestionControl {

    /** The name by which configuration chooses it. */
    String name();

    /** Begins anew, for a connection that is being established or that has just chosen it. */
    void init(CongestionWindow window, AckSample sample);

    /** The connection is over, or has chosen another: what was lent goes back. */
    default void release() {}

    /** Segments are sent with ECT, and marks are answered as the control wants. Linux: TCP_CONG_NEEDS_ECN. */
    default boolean needsEcn() {
        return false;
    }

    /** Segments are to be spaced at {@link AckSample#pacingRate}. */
    default boolean needsPacing() {
        return false;
    }

    /** {@link #control} sets window and pacing rate, in recovery too; {@link #grow} is not called. */
    default boolean hasControl() {
        return false;
    }

    /** Segments that should be in flight after a loss was found. Linux: {@code ssthresh()}. */
    int ssthresh(CongestionWindow window, AckSample sample);

    /** The reduction was a mistake: the window to go back to. Linux: {@code undo_cwnd()}. */
    default int undoCwnd(CongestionWindow window) {
        return Math.max(window.cwnd, window.priorCwnd);
    }

    /** Recovery is about to enter {@code state}; the sample still has the one before. Linux: {@code set_state()}. */
    default void onState(CongestionWindow window, CongestionState state, AckSample sample) {}

    /** Linux: {@code cwnd_event()}. */
    default void onEvent(CongestionWindow window, CongestionEvent event, AckSample sample) {}

    /**
     * A segment is taken for lost; what follows from it is for the next ACK's {@link #control}. Linux, BBR's branch:
     * {@code skb_marked_lost()}.
     *
     * @param lost segments lost since it was sent, itself included
     * @param inFlight segments in flight when it was sent, itself included
     * @param isAppLimited the application set the pace then
     */
    default void onLost(int lost, int inFlight, boolean isAppLimited) {}

    /**
     * An ACK has taken segments from the network, in whatever state; before recovery looks at it. Linux:
     * {@code pkts_acked()}, {@code in_ack_event()}.
     */
    default void onAck(CongestionWindow window, AckSample sample) {}

    /**
     * The window may grow: {@link AckSample#ackedSacked} segments have arrived, no reduction is under way, and the
     * window has been used, without which it is not called. Linux: {@code cong_avoid()}.
     */
    void grow(CongestionWindow window, AckSample sample);

    /** After each ACK, of a control that owns its window. Linux: {@code cong_control()}. */
    default void control(CongestionWindow window, AckSample sample) {}
}
