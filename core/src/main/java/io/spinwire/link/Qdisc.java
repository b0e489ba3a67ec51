package io.spinwire.link;

import io.spinwire.nic.Frame;

/**
 * The order in which frames leave. A claim comes first, then the frame is filled, then handed over or given back; at
 * most one claim is open. A discipline that queues lends frames of its own memory and moves them to the NIC later; one
 * that does not passes both steps on. Engine thread only. Linux: {@code struct Qdisc}.
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
}
