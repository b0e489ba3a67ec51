package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.Readiness;
import org.agrona.DirectBuffer;

/**
 * Tells applications what happened: callbacks for inline sockets, published words and a doorbell for those of other
 * threads. Called when a segment, a timer or a command has been dealt with and all state is final; never inside another
 * callback. In-order data goes to an inline handler straight from the frame when nothing older waits. Engine thread
 * only. Linux: sk_data_ready() and kin.
 */
final class Delivery {
    private final OwedList owed;
    private final HandlerCalls calls;
    private final FrameBytes frameBytes;
    private final RingReading reading;
    private boolean isRunning;

    Delivery(OwedList owed, HandlerCalls calls, FrameBytes frameBytes, RingReading reading) {
        this.owed = owed;
        this.calls = calls;
        this.frameBytes = frameBytes;
        this.reading = reading;
    }

    /** Keeps in-order bytes where they are until {@link #onSegmentDone}; only when nothing older waits. */
    void hold(DirectBuffer frame, int offset, int length) {
        frameBytes.hold(frame, offset, length);
    }

    /** Something must be told to the application once the present work is done. */
    void owe(TcpSock sock) {
        owed.add(sock);
    }

    /** Whether something is to be told that no turn has told yet. */
    boolean isOwing() {
        return owed.size() > 0;
    }

    /** The segment has been dealt with: hands its bytes over, and all that is owed. */
    void onSegmentDone(TcpSock sock) {
        if (frameBytes.areHeld()) {
            isRunning = true;
            calls.connected(sock);
            frameBytes.handOver(sock);
            isRunning = false;
        }
        if (owed.size() > 0) {
            drain();
        }
    }

    /**
     * Tells all that is owed now. What those calls bring about waits for the next drain, so that none can go on for
     * ever.
     */
    void drain() {
        if (isRunning) {
            return;
        }
        isRunning = true;
        for (int left = owed.size(); left > 0; left--) {
            final TcpSock sock = owed.poll();
            if (sock.isInline()) {
                tellHandler(sock);
            } else {
                tellOtherThread(sock);
            }
        }
        isRunning = false;
    }

    /** What the handler is owed, in the order in which it happened. */
    private void tellHandler(TcpSock sock) {
        if (sock.isFinished && !sock.owesClosed) {
            return; // its last callback was made
        }
        calls.connected(sock);
        if (!sock.isOrphan && sock.isReadable() && sock.closeReason != CloseReason.ABORTED) {
            reading.offer(sock);
        }
        if (sock.isWaitingForRoom && !sock.isOrphan && sock.isWriteable()) {
            calls.writable(sock);
        }
        calls.peerClosed(sock);
        if (sock.owesClosed && !hasUnreadEnd(sock)) {
            calls.closed(sock);
        }
    }

    /** Closed in order by both sides, and the application has not read everything yet: it may go on. */
    private static boolean hasUnreadEnd(TcpSock sock) {
        return sock.closeReason == CloseReason.NORMAL && !sock.isOrphan && sock.available() > 0;
    }

    /** State is published before the socket is handed over, so that its new owner sees it established. */
    private static void tellOtherThread(TcpSock sock) {
        sock.facade.publish(sock);
        if (sock.owesConnected && sock.listener != null) {
            sock.listener.acceptQueue.offer(((QueuedEnd) sock.facade).socket); // not full: it was asked before
            ReadyPoller.tell(sock.listener.queued, Readiness.IN);
        }
        sock.owesConnected = false;
    }
}
