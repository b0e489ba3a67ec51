package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpState;
import io.spinwire.queue.ReadHandler;
import io.spinwire.queue.WriteQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/**
 * Tells applications what happened: callbacks for inline sockets, published words and a doorbell for those of other
 * threads. Called when a segment, a timer or a command has been dealt with and all state is final; never inside another
 * callback. In-order data goes to an inline handler straight from the frame when nothing older waits. Engine thread
 * only. Linux: sk_data_ready() and kin.
 */
final class Delivery {
    private static final int CONNECTED = 0;
    private static final int WRITABLE = 1;
    private static final int PEER_CLOSED = 2;
    private static final int CLOSED = 3;

    private final LentQueues queues;
    private final AckPolicy ackPolicy;
    private final OutputList pending;
    private final Counters counters;
    private final ArrayDeque<TcpSock> owed = new ArrayDeque<>();
    private final ArrayDeque<TcpSock> starved = new ArrayDeque<>();
    private final RingReader ringReader = new RingReader();
    private Teardown teardown;
    private boolean isRunning;

    // In-order bytes of the segment at hand, still in its frame.
    private DirectBuffer stashBuffer;
    private int stashOffset;
    private int stashLength;

    Delivery(LentQueues queues, AckPolicy ackPolicy, OutputList pending, Counters counters) {
        this.queues = queues;
        this.ackPolicy = ackPolicy;
        this.pending = pending;
        this.counters = counters;
    }

    /** Who aborts a connection whose handler threw. */
    void setTeardown(Teardown newTeardown) {
        teardown = newTeardown;
    }

    /** Keeps in-order bytes where they are until {@link #onSegmentDone}; only when nothing older waits. */
    void stash(DirectBuffer buffer, int offset, int length) {
        stashBuffer = buffer;
        stashOffset = offset;
        stashLength = length;
    }

    /** Something must be told to the application once the present work is done. */
    void owe(TcpSock sock) {
        if (!sock.isDeliveryOwed) {
            sock.isDeliveryOwed = true;
            owed.addLast(sock);
        }
    }

    /** An offer found no memory: the application is told when there may be some again. */
    void starve(TcpSock sock) {
        if (!sock.isStarved) {
            sock.isStarved = true;
            starved.addLast(sock);
        }
    }

    /**
     * Memory may have come back since the last turn. Those told, and refused once more, wait for the next; those that
     * have ended wait no more, for they hold memory that others wait for.
     */
    void feedStarved() {
        for (int left = starved.size(); left > 0; left--) {
            final TcpSock sock = starved.pollFirst();
            if (sock.isFinished || queues.hasMemory()) {
                sock.isStarved = false;
                owe(sock);
            } else {
                starved.addLast(sock);
            }
        }
    }

    /** Whether something is to be told that no turn has told yet. */
    boolean isOwing() {
        return !owed.isEmpty();
    }

    /** The segment has been dealt with: hands its bytes over, and all that is owed. */
    void onSegmentDone(TcpSock sock) {
        if (stashLength > 0) {
            handOverStash(sock);
        }
        if (!owed.isEmpty()) {
            drain();
        }
    }

    /**
     * Calls all that is owed now. What those calls bring about waits for the next drain, so that none can go on for
     * ever.
     */
    void drain() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        for (int left = owed.size(); left > 0; left--) {
            final TcpSock sock = owed.pollFirst();
            sock.isDeliveryOwed = false;
            tell(sock);
        }
        isRunning = false;
    }

    private void handOverStash(TcpSock sock) {
        final int length = stashLength;
        stashLength = 0;
        tellConnected(sock);
        int taken = 0;
        isRunning = true;
        if (!sock.isOrphan && !isCutOff(sock)) {
            taken = callOnData(sock, stashBuffer, stashOffset, length);
        }
        isRunning = false;
        if (isCutOff(sock) || sock.isFinished && sock.isOrphan) {
            return;
        }
        if (taken < length) {
            keepRest(sock, stashBuffer, stashOffset + taken, length - taken);
        }
        if (taken > 0 && !sock.isFinished) {
            ackPolicy.onRead(sock);
        }
    }

    /** Ended, and not in order. After an end in order, the application still gets what came with the last FIN. */
    private static boolean isCutOff(TcpSock sock) {
        return sock.isFinished && sock.closeReason != CloseReason.NORMAL;
    }

    private void keepRest(TcpSock sock, DirectBuffer buffer, int offset, int length) {
        if (sock.isOrphan) {
            teardown.abortUnread(sock);
            return;
        }
        queues.ensureReceiveQueueFromSpare(sock, length);
        final long position = sock.receiveQueue.publishedPosition();
        sock.receiveQueue.write(position, buffer, offset, length);
        sock.receiveQueue.publish(position + length);
    }

    private int callOnData(TcpSock sock, DirectBuffer buffer, int offset, int length) {
        try {
            return Math.clamp(sock.handler.onData(sock.facade, buffer, offset, length), 0, length);
        } catch (final Throwable failure) {
            onHandlerFailure(sock);
            return length;
        }
    }

    private void tell(TcpSock sock) {
        if (!sock.isInline()) {
            tellOtherThread(sock);
            return;
        }
        if (sock.isFinished && !sock.owesClosed) {
            return; // its last callback was made
        }
        tellConnected(sock);
        if (!sock.isOrphan && sock.isReadable() && sock.closeReason != CloseReason.ABORTED) {
            readRing(sock);
        }
        if (sock.isWaitingForRoom && !sock.isOrphan && hasRoom(sock)) {
            sock.isWaitingForRoom = false;
            call(sock, WRITABLE);
        }
        if (sock.owesPeerClosed) {
            sock.owesPeerClosed = false;
            if (!sock.isOrphan && !isCutOff(sock)) {
                call(sock, PEER_CLOSED);
            }
        }
        if (sock.owesClosed && !hasUnreadEnd(sock)) {
            sock.owesClosed = false;
            call(sock, CLOSED);
            teardown.onClosedTold(sock);
        }
    }

    /** State is published before the socket is handed over, so that its new owner sees it established. */
    private static void tellOtherThread(TcpSock sock) {
        sock.facade.publish(sock);
        if (sock.owesConnected && sock.listener != null) {
            sock.listener.acceptQueue.offer((QueuedSocket) sock.facade); // not full: it was asked before
        }
        sock.owesConnected = false;
    }

    /** Closed in order by both sides, and the application has not read everything yet: it may go on. */
    private static boolean hasUnreadEnd(TcpSock sock) {
        return sock.closeReason == CloseReason.NORMAL && !sock.isOrphan && sock.available() > 0;
    }

    private void tellConnected(TcpSock sock) {
        if (sock.owesConnected && sock.isInline()) {
            sock.owesConnected = false;
            if (!sock.isOrphan) {
                call(sock, CONNECTED);
            }
        }
    }

    /** Offers what waits in the ring; the handler takes what it wants. */
    private void readRing(TcpSock sock) {
        ringReader.sock = sock;
        read(sock, ringReader, Integer.MAX_VALUE);
    }

    /**
     * Lets {@code reader} take from an inline socket's ring. Should it close the socket, only its return tells what was
     * left unread.
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

    /**
     * Bytes were taken out of an inline socket's ring: a wider window may be worth an ACK, and the ring may be
     * returned.
     */
    private void afterRead(TcpSock sock) {
        if (sock.isFinished) {
            owe(sock); // the end could be told now
            return;
        }
        ackPolicy.onRead(sock);
        queues.releaseReceiveQueue(sock);
        if (sock.isAckNow) {
            pending.add(sock);
        }
    }

    /** Whether a third of the send buffer is free again. Linux: {@code sk_stream_is_writeable()}. */
    private static boolean hasRoom(TcpSock sock) {
        final WriteQueue queue = sock.writeQueue;
        if (!sock.canWrite()) {
            return false;
        }
        if (queue == null) {
            return true;
        }
        final int used = (int) (queue.writePosition() - queue.releasedPosition());
        return sock.sendLimit() - used >= used >> 1;
    }

    private void call(TcpSock sock, int what) {
        try {
            switch (what) {
                case CONNECTED -> sock.handler.onConnected(sock.facade);
                case WRITABLE -> sock.handler.onWritable(sock.facade);
                case PEER_CLOSED -> sock.handler.onPeerClosed(sock.facade);
                default -> sock.handler.onClosed(sock.facade, sock.closeReason);
            }
        } catch (final Throwable failure) {
            onHandlerFailure(sock);
        }
    }

    private void onHandlerFailure(TcpSock sock) {
        counters.increment(Counter.TcpHandlerErrors);
        if (!sock.isFinished && sock.state != TcpState.CLOSED) {
            teardown.abort(sock, CloseReason.ABORTED);
        }
    }

    /** Adapts the ring's reader to the handler; stops when the application gives the socket up. */
    private final class RingReader implements ReadHandler {
        private TcpSock sock;

        @Override
        public int onBytes(DirectBuffer buffer, int offset, int length) {
            final TcpSock reader = sock;
            final int taken = reader.isOrphan ? 0 : callOnData(reader, buffer, offset, length);
            sock = reader;
            return taken;
        }
    }
}
