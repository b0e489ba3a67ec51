package io.spinwire.link;

import io.spinwire.nic.Frame;
import io.spinwire.stats.DropReason;

/**
 * The order of the frames in a {@link QueuedOutput}: slots of {@link QdiscFrames}, put in at one end and chosen at the
 * other. Linux: {@code struct Qdisc_ops}.
 */
interface FrameQueue {

    /** Whether a frame that goes straight to the NIC now overtakes nothing that it must not overtake. */
    boolean mayPass(Frame frame, long nowNs);

    /**
     * Puts a frame in.
     *
     * @param slot filled
     * @return null, or why the frame must be dropped
     */
    DropReason enqueue(int slot, Frame frame, long nowNs);

    /** The slot that leaves next and may leave now, or {@link QdiscFrames#NONE}; asked again, it is the same. */
    int peek(long nowNs);

    /** Takes out the slot that {@link #peek} has just answered. */
    void remove();

    /** When a frame that is held back may leave, or {@link Long#MAX_VALUE} when none is. */
    long nextDepartureNs();

    /** The slot that has waited longest of those before and with this socket's; only when the socket has one. */
    int oldest(int sock);

    /** Whether another frame of this socket would be dropped. */
    boolean isFlowFull(int sock);

    /** Whether departure times are kept. */
    boolean isPacing();
}
