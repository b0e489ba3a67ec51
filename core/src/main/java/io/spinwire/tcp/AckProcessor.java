package io.spinwire.tcp;

import io.spinwire.api.SocketError;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.queue.RtxQueue;
import io.spinwire.tcp.cc.AckSample;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * What a peer's ACK does: window update, cleaning of the rtx queue, round-trip time, recovery, timers. RFC 9293 section
 * 3.10.7.4, fifth check. Engine thread only. Linux: {@code tcp_ack()}.
 */
final class AckProcessor {
    /** Taken: it may have moved sndUna, or not. */
    static final int TAKEN = 0;

    /** Older than sndUna, within the largest window: nothing to do, the rest of the segment counts. */
    static final int OLD = 1;

    /** Older than any window ever offered: a blind guess (RFC 5961 section 5.2); drop, challenge. */
    static final int TOO_OLD = 2;

    /** Acknowledges what was never sent: drop, and say where we are. */
    static final int UNSENT = 3;

    private static final long NO_SAMPLE = Long.MIN_VALUE;

    private final RttEstimator rtt;
    private final Recovery recovery;
    private final CongestionSignals congestion;
    private final LentQueues queues;
    private final SockTimers timers;
    private final IpConfirm confirm;
    private final Hooks hooks;

    /** Tells IP that the neighbour is alive. Linux: dst_confirm(). */
    @FunctionalInterface
    interface IpConfirm {
        void onProgress(long dst, long nowNs);
    }

    AckProcessor(
            RttEstimator rtt, Recovery recovery, LentQueues queues, SockTimers timers, IpConfirm confirm, Hooks hooks) {
        this.rtt = rtt;
        this.recovery = recovery;
        congestion = recovery.congestion();
        this.queues = queues;
        this.timers = timers;
        this.confirm = confirm;
        this.hooks = hooks;
    }

    /** Takes the segment's ACK. */
    int process(TcpSock sock, Segment segment) {
        final int ack = segment.ackSeq;
        final int priorUna = sock.sndUna;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_ack, sock.index, ack - priorUna);
        }
        if (SeqNum.isBefore(ack, priorUna)) {
            final int known = (int) Math.min(sock.maxWindow, sock.bytesAcked); // RFC 5961 section 5.2, and never sent
            return SeqNum.isBefore(ack, priorUna - known) ? TOO_OLD : OLD;
        }
        if (SeqNum.isAfter(ack, sock.sndNxt)) {
            return UNSENT;
        }
        sock.softError = SocketError.NONE; // whoever said the peer cannot be reached was wrong
        sock.probesOut = 0;
        sock.probesStampNs = 0;
        sock.keepAliveProbes = 0;
        sock.lastReceivedNs = segment.receivedNs; // only what passed all checks is a sign of life
        final int priorWindow = sock.sndWnd;
        updateWindow(sock, segment);
        if (sock.packetsOut == 0) {
            onAckOfNothing(sock, segment.receivedNs);
            return TAKEN;
        }
        congestion.sample.clear();
        congestion.sample.priorInFlight = sock.inFlight();
        final boolean isDuplicate =
                ack == priorUna && segment.dataLength == 0 && !segment.isFin() && sock.sndWnd == priorWindow;
        final int acked = ack == priorUna ? 0 : advance(sock, segment);
        recovery.onAck(sock, acked, isDuplicate, segment.receivedNs);
        congestion.updatePacing(sock, segment.receivedNs);
        if (acked > 0 || ack != priorUna) {
            onProgress(sock, segment.receivedNs);
        }
        return TAKEN;
    }

    /** RFC 9293 section 3.10.7.4: only a newer segment, or an ACK of more, may change the window. */
    private static void updateWindow(TcpSock sock, Segment segment) {
        final int window = segment.isSyn() ? segment.window : segment.window << sock.sndWscale;
        final boolean isNewer = SeqNum.isAfter(segment.ackSeq, sock.sndUna)
                || SeqNum.isAfter(segment.seq, sock.sndWl1)
                || segment.seq == sock.sndWl1 && (window > sock.sndWnd || window == 0);
        if (!isNewer) {
            return;
        }
        sock.sndWl1 = segment.seq;
        if (window != sock.sndWnd) {
            sock.sndWnd = window;
            sock.predFlags = 0; // header prediction is set up anew by the slow path
            sock.maxWindow = Math.max(sock.maxWindow, window);
        }
    }

    /** Nothing was in flight: this may be the answer to a probe. Linux: {@code tcp_ack_probe()}. */
    private void onAckOfNothing(TcpSock sock, long nowNs) {
        if (sock.sndNxt == sock.sendEnd() || !sock.canSend()) {
            return;
        }
        final int waiting = Math.min(sock.writeSeq - sock.sndNxt, sock.mss);
        if (sock.sndWnd >= Math.max(waiting, 1)) {
            sock.backoff = 0;
            sock.rtxDeadlineNs = Long.MAX_VALUE; // the window is open: the output step sends
        } else {
            timers.armRtx(sock, nowNs + rtt.backedOffNs(sock));
        }
    }

    /** Moves sndUna and cleans the rtx queue. Answers the segments acknowledged whole. */
    private int advance(TcpSock sock, Segment segment) {
        final int ack = segment.ackSeq;
        final int acked = cleanRtxQueue(sock, segment);
        final boolean isSynAcked =
                sock.sndUna == sock.iss && sock.bytesAcked == 0; // 4 GiB later iss is a byte's number
        final boolean isFinAcked = sock.isFinSent && ack == sock.writeSeq + 1;
        final int dataBytes = ack - sock.sndUna - (isSynAcked ? 1 : 0) - (isFinAcked ? 1 : 0);
        sock.sndUna = ack;
        congestion.onAck(sock, segment.receivedNs);
        if (dataBytes > 0) {
            sock.bytesAcked += dataBytes;
            sock.writeQueue.release(sock.writeQueue.releasedPosition() + dataBytes);
        }
        if (sock.isUrgent && SeqNum.isAfterOrAt(ack, sock.sndUp)) {
            sock.isUrgent = false;
        }
        if (SeqNum.isBefore(sock.sndSml, ack)) {
            sock.sndSml = ack;
        }
        queues.releaseRtxQueue(sock);
        queues.releaseWriteQueue(sock);
        return acked;
    }

    /** Linux: {@code tcp_clean_rtx_queue()}. */
    private int cleanRtxQueue(TcpSock sock, Segment segment) {
        final RtxQueue queue = sock.rtxQueue;
        final int ack = segment.ackSeq;
        long firstSentNs = NO_SAMPLE;
        boolean isRetransmitted = false;
        int acked = 0;
        while (!queue.isEmpty() && SeqNum.isBeforeOrAt(queue.endSeq(0), ack)) {
            final int flags = queue.flags(0);
            if ((flags & RtxQueue.EVER_RETRANSMITTED) != 0) {
                isRetransmitted = true;
            } else {
                firstSentNs = firstSentNs == NO_SAMPLE ? queue.sentNs(0) : firstSentNs;
                congestion.sample.rttUs = (int) ((segment.receivedNs - queue.sentNs(0)) / 1000); // the newest counts
            }
            forget(sock, flags);
            DeliveryRate.onDelivered(sock, 0, congestion.sample);
            queue.removeFirst();
            acked++;
        }
        if (!queue.isEmpty() && SeqNum.isAfter(ack, queue.seq(0))) {
            queue.trimFirst(ack);
        }
        sock.packetsOut -= acked;
        Retransmit.limitSackedAfterAck(sock);
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_clean_rtx_queue, sock.index, acked);
        }
        if (isRetransmitted) {
            congestion.sample.rttUs = AckSample.NONE; // Karn
        }
        measureRtt(sock, segment, isRetransmitted ? NO_SAMPLE : firstSentNs);
        congestion.sample.acked = acked;
        return acked;
    }

    private static void forget(TcpSock sock, int flags) {
        if ((flags & RtxQueue.LOST) != 0) {
            sock.lostOut--;
        }
        if ((flags & RtxQueue.RETRANSMITTED) != 0) {
            sock.retransOut--;
        }
    }

    /** Karn's rule, or else timestamps (RFC 7323 section 4.3). A measurement ends the back-off. */
    private void measureRtt(TcpSock sock, Segment segment, long firstSentNs) {
        final long nowNs = segment.receivedNs;
        if (firstSentNs != NO_SAMPLE) {
            rtt.sample(sock, nowNs - firstSentNs);
            sock.backoff = 0;
        } else if (sock.hasTimestamps && segment.hasTimestamps && segment.tsEcr != 0) {
            final int ticks = sock.timestamp(nowNs) - segment.tsEcr;
            if (ticks >= 0) {
                congestion.sample.rttUs = Math.max(ticks, 1) * 1_000;
                rtt.sample(sock, Math.max(ticks, 1) * 1_000_000L);
                sock.backoff = 0;
            }
        }
    }

    private void onProgress(TcpSock sock, long nowNs) {
        sock.retransmits = 0;
        if (sock.retransOut == 0 && sock.congestionState != CongestionState.LOSS) {
            sock.retransStampNs = 0;
        }
        if (sock.packetsOut == 0) {
            sock.retransStampNs = 0;
            sock.rtxDeadlineNs = Long.MAX_VALUE;
        } else {
            timers.armRtx(sock, nowNs + rtt.backedOffNs(sock)); // RFC 6298 (5.3)
        }
        confirm.onProgress(sock.dst, nowNs);
    }
}
