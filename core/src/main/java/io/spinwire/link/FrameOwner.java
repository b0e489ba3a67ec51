package io.spinwire.link;

/**
 * Who is told that a frame of a socket has left the qdisc, for the NIC or for good: one implementation, in {@code tcp}.
 * Called in the middle of sending: it may note the news, and must not send. Linux: {@code tcp_wfree()}.
 */
@FunctionalInterface
public interface FrameOwner {

    /**
     * A frame is gone from the queue.
     *
     * @param sock index of its socket
     * @param isDropped whether it was thrown away
     */
    void onFrameLeft(int sock, boolean isDropped);
}
