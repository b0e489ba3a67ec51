package io.spinwire.link;

import io.spinwire.nic.Frame;

/**
 * The order in which frames leave. A claim comes first, then the frame is filled, then handed over or given back; at
 * most one claim is open. {@link QueuedOutput} lends frames of its own memory and moves them to the NIC later;
 * {@link NoQueue} passes both steps on, and has nothing to do in the turn. Engine thread only. Linux: {@code struct
 * Qdisc}.
 */
public interface Qdisc {

    /**
     * Claims room for a frame.
     *
     * @param frame takes buffer, macOffset and limit
     * @param length bytes, Ethernet header included
     * @param isPriority whether the frame must not wait: ACK, RST, ARP
     * @return false when there is none now
     */
    boolean claim(Frame frame, int length, boolean isPriority);

    /** Takes the claimed frame, now filled up to its limit. */
    void enqueue(Frame frame);

    /** Gives the claimed frame back unsent. */
    void abort(Frame frame);

    /** Time of the turn that begins. */
    default void beginTurn(long nowNs) {}

    /**
     * The queue's share of the turn. Linux: {@code net_tx_action()}.
     *
     * @return frames moved to the NIC
     */
    default int netTxAction() {
        return 0;
    }

    /** When {@link #netTxAction} has something to do next; {@link Long#MAX_VALUE} if only the NIC can tell. */
    default long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** The last turn: moves what the NIC takes, whatever its departure time. */
    default void drain() {}

    /** Whether frames may wait here, so that a full one means a crowded link rather than a busy NIC. */
    default boolean hasQueue() {
        return false;
    }

    /** Whether {@link Frame#departureNs} is kept. Linux: SK_PACING_FQ. */
    default boolean isPacing() {
        return false;
    }

    /** Bytes of a socket's data frames that wait. Linux: sk_wmem_alloc. */
    default int queuedBytes(int sock) {
        return 0;
    }

    /** Whether the next frame of a socket would be dropped because too many of them wait. */
    default boolean isFlowFull(int sock) {
        return false;
    }

    /** Whether claims of frames with payload are refused for want of room. */
    default boolean isFull() {
        return false;
    }

    /**
     * When a socket's frame that waits longest was put in, or an earlier time; {@link Long#MAX_VALUE} if none waits.
     */
    default long oldestQueuedNs(int sock) {
        return Long.MAX_VALUE;
    }

    /** Names who is told of frames that leave. Before the engine runs. */
    default void owner(FrameOwner owner) {}
}
