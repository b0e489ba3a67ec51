package io.spinwire.tcp;

import io.spinwire.queue.ReadHandler;
import org.agrona.DirectBuffer;

/**
 * Reading from the ring of an inline socket, by its handler or by a call of poll: what is left of older segments, or
 * was received out of order. Afterwards a wider window may be worth an ACK, and an empty ring is returned. Engine
 * thread only. Linux: {@code tcp_recvmsg()}, {@code tcp_cleanup_rbuf()}.
 */
final class RingReading implements ReadHandler {
    private final LentQueues queues;
    private final AckPolicy ackPolicy;
    private final OutputList pending;
    private final Teardown teardown;
    private final HandlerCalls calls;
    private final OwedList owed;
    private TcpSock reading;

    RingReading(
            LentQueues queues,
            AckPolicy ackPolicy,
            OutputList pending,
            Teardown teardown,
            HandlerCalls calls,
            OwedList owed) {
        this.queues = queues;
        this.ackPolicy = ackPolicy;
        this.pending = pending;
        this.teardown = teardown;
        this.calls = calls;
        this.owed = owed;
    }

    /** Offers what waits to the socket's handler, which takes what it wants. */
    void offer(TcpSock sock) {
        reading = sock;
        final int taken = read(sock, this, Integer.MAX_VALUE);
        if (taken > 0 && sock.hasMark && sock.available() > 0 && Urgent.bytesToMark(sock) == 0 && !sock.isOrphan) {
            read(sock, this, Integer.MAX_VALUE); // what the mark has kept apart
        }
    }

    /** The handler's half of {@link #offer}; stops when the application gives the socket up. */
    @Override
    public int onBytes(DirectBuffer buffer, int offset, int length) {
        final TcpSock sock = reading;
        final int taken = sock.isOrphan ? 0 : calls.data(sock, buffer, offset, length);
        reading = sock; // the handler may have made another socket read
        return taken;
    }

    /**
     * Lets {@code reader} take from the ring. Should it close the socket, only its return tells what was left unread.
     *
     * @return bytes taken
     */
    int read(TcpSock sock, ReadHandler reader, int limit) {
        final int taken;
        sock.isBeingRead = true;
        try {
            taken = sock.receiveQueue.poll(reader, limit);
        } finally {
            sock.isBeingRead = false;
        }
        if (sock.isOrphan && !sock.isFinished && sock.available() > 0) {
            teardown.abortUnread(sock);
        } else if (taken > 0) {
            afterRead(sock);
        }
        return taken;
    }

    private void afterRead(TcpSock sock) {
        if (sock.isFinished) {
            owed.add(sock); // the end could be told now
            return;
        }
        ackPolicy.onRead(sock);
        if (sock.hasMark) {
            Urgent.forgetIfRead(sock);
        }
        queues.releaseReceiveQueue(sock);
        if (sock.isAckNow) {
            pending.add(sock);
        }
    }
}
