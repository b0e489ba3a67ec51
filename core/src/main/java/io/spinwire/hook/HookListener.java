package io.spinwire.hook;

import org.agrona.DirectBuffer;

/** Receives what passes the hook points of one engine, on its thread. Must not block, allocate or keep the buffer. */
@FunctionalInterface
public interface HookListener {

    /**
     * A packet, or a socket's work, passes a point.
     *
     * @param point where
     * @param sock index of the socket, or -1 where there is none (yet)
     * @param subject what else the point names: neighbour index, queue number, drop reason's ordinal, bytes, or frames
     *     in the qdisc; 0 if nothing
     * @param buffer memory that holds the packet, or null where there is none (yet)
     * @param offset of the innermost header that the point's layer works on
     * @param length bytes from there to the packet's end
     */
    void onHook(HookPoint point, int sock, int subject, DirectBuffer buffer, int offset, int length);
}
