package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.FIN;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Sends the next segment of what was not sent before, and notes all that follows from it. Whether it may leave is
 * decided by {@link TcpOutput}, or by {@link Probing} where one must. Engine thread only.
 */
final class FreshSegments {
    private final Transmit transmit;
    private final LentQueues queues;
    private final CongestionSignals congestion;
    private final Counters counters;
    private final Hooks hooks;

    FreshSegments(Transmit transmit, LentQueues queues, TcpOutput.Rooms rooms) {
        this.transmit = transmit;
        this.queues = queues;
        congestion = rooms.congestion();
        counters = rooms.counters();
        hooks = rooms.hooks();
    }

    /** Takes over what another thread has written since. After its FIN nothing counts any more. */
    void readWriteSeq(TcpSock sock) {
        if (!sock.isInline() && sock.isSynchronised() && !sock.isFinQueued) {
            final long waiting = sock.writeQueue.writePosition() - sock.writeQueue.releasedPosition();
            final int writeSeq = sock.sndUna + (int) waiting;
            final long urgent = sock.writeQueue.urgentPosition() - sock.writeQueue.releasedPosition();
            if (urgent > 0) {
                Urgent.send(sock, sock.sndUna + (int) urgent);
            }
            if (writeSeq != sock.writeSeq) {
                DeliveryRate.checkAppLimited(sock);
                sock.writeSeq = writeSeq;
                PushMarks.take(sock);
            }
        }
    }

    /**
     * Sends the next {@code length} bytes, and notes it. False when a frame, or memory for the note, was refused.
     *
     * @param full bytes with which a segment is not a small one
     * @param flags of the header
     */
    boolean send(TcpSock sock, int length, int full, int flags, long nowNs) {
        if (!queues.ensureRtxRoom(sock)) {
            counters.increment(Counter.TcpMemoryPressures);
            return false;
        }
        final long lastSentNs = sock.lastSentNs;
        if (!transmit.send(sock, sock.sndNxt, length, flags, nowNs)) {
            if (sock.packetsOut == 0) {
                queues.releaseRtxQueue(sock);
            }
            return false;
        }
        final boolean isFin = (flags & FIN) != 0;
        if (length < full) {
            sock.sndSml = sock.sndNxt + length + (isFin ? 1 : 0);
        }
        PushMarks.onSending(sock, length, flags);
        if (length > 0 && sock.inFlight() == 0) {
            congestion.started(sock, lastSentNs, nowNs);
        }
        onNewDataSent(sock, length, isFin, nowNs);
        return true;
    }

    /** Linux: {@code tcp_event_new_data_sent()}. */
    private void onNewDataSent(TcpSock sock, int length, boolean isFin, long nowNs) {
        final int endSeq = sock.sndNxt + length + (isFin ? 1 : 0);
        sock.rtxQueue.add(sock.sndNxt, endSeq, nowNs, isFin ? RtxQueue.FIN : 0);
        DeliveryRate.onSent(sock, sock.rtxQueue.size() - 1, nowNs);
        sock.sndNxt = endSeq;
        sock.isFinSent |= isFin;
        sock.packetsOut++;
        if (Reduction.isReducing(sock)) {
            sock.congestion.prrOut++;
        }
        counters.increment(Counter.TcpOutSegs);
        counters.increment(Counter.TcpOrigDataSent);
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_event_new_data_sent, sock.index, length);
        }
    }
}
