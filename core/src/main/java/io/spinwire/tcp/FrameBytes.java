package io.spinwire.tcp;

import org.agrona.DirectBuffer;

/**
 * In-order bytes of the segment at hand that stay in the NIC's frame until the segment has been dealt with, and then go
 * to the inline handler without a copy. What the handler leaves is copied to the socket's ring, for which memory was
 * made sure of before. Engine thread only.
 */
final class FrameBytes {
    private final LentQueues queues;
    private final AckPolicy ackPolicy;
    private final Teardown teardown;
    private final HandlerCalls calls;
    private DirectBuffer buffer;
    private int offset;
    private int length;

    FrameBytes(LentQueues queues, AckPolicy ackPolicy, Teardown teardown, HandlerCalls calls) {
        this.queues = queues;
        this.ackPolicy = ackPolicy;
        this.teardown = teardown;
        this.calls = calls;
    }

    /** Notes where the bytes lie; only when nothing older waits. */
    void hold(DirectBuffer frame, int frameOffset, int count) {
        buffer = frame;
        offset = frameOffset;
        length = count;
    }

    boolean areHeld() {
        return length > 0;
    }

    /** Offers what is held to the socket's handler. */
    void handOver(TcpSock sock) {
        final int held = length;
        length = 0;
        int taken = 0;
        if (!sock.isOrphan && !sock.isCutOff()) {
            taken = calls.data(sock, buffer, offset, held);
        }
        if (sock.isCutOff() || sock.isFinished && sock.isOrphan) {
            return;
        }
        if (taken < held) {
            keepRest(sock, taken, held - taken);
        }
        if (taken > 0 && !sock.isFinished) {
            ackPolicy.onRead(sock);
        }
    }

    private void keepRest(TcpSock sock, int taken, int rest) {
        if (sock.isOrphan) {
            teardown.abortUnread(sock);
            return;
        }
        queues.ensureReceiveQueueFromSpare(sock, rest);
        final long position = sock.receiveQueue.publishedPosition();
        sock.receiveQueue.write(position, buffer, offset + taken, rest);
        sock.receiveQueue.publish(position + rest);
    }
}
