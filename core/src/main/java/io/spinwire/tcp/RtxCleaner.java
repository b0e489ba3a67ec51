package io.spinwire.tcp;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.tcp.cc.AckSample;
import io.spinwire.wire.SeqNum;

/**
 * Takes what an ACK covers off the rtx queue, and measures what can be measured with it: round trip, delivery rate,
 * reordering. Ingress, part of {@link AckProcessor}. Engine thread only. Linux: {@code tcp_clean_rtx_queue()}.
 */
final class RtxCleaner {
    private final RttEstimator rtt;
    private final Scoreboard scoreboard;
    private final RenoSacks reno;
    private final CongestionSignals congestion;
    private final Hooks hooks;

    // Of the ACK in hand.
    private int acked;
    private long firstSentNs;
    private long lastSentNs;
    private int lastEndSeq;

    RtxCleaner(RttEstimator rtt, Scoreboard scoreboard, RenoSacks reno, CongestionSignals congestion, Hooks hooks) {
        this.rtt = rtt;
        this.scoreboard = scoreboard;
        this.reno = reno;
        this.congestion = congestion;
        this.hooks = hooks;
    }

    /** Linux: {@code tcp_clean_rtx_queue()}. */
    void clean(TcpSock sock, Segment segment, AckResult ack) {
        acked = 0;
        firstSentNs = AckResult.NONE;
        lastSentNs = AckResult.NONE;
        final int lowestLate = takeOff(sock, ack);
        final RtxQueue queue = sock.rtxQueue;
        if (!queue.isEmpty()) {
            if (SeqNum.isAfter(sock.sndUna, queue.seq(0))) {
                queue.trimFirst(sock.sndUna);
            }
            if ((queue.flags(0) & RtxQueue.SACKED) != 0) {
                ack.set(AckResult.SACK_RENEGING);
            }
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_clean_rtx_queue, sock.index, acked);
        }
        final boolean isMeasured = measureRtt(sock, segment, ack);
        if (ack.has(AckResult.ACKED)) {
            ack.set(AckResult.SET_XMIT_TIMER);
            noteOrder(sock, ack, lowestLate);
        } else if (isMeasured && isSackedBeforeHead(sock, ack)) {
            ack.set(AckResult.SET_XMIT_TIMER);
        }
        congestion.sample.acked = acked;
        ack.countMarks(sock); // DCTCP looks at them before recovery does
        congestion.onAck(sock, ack.nowNs);
    }

    /** Answers the lowest number acknowledged that SACK had not reported, of a segment sent once. */
    private int takeOff(TcpSock sock, AckResult ack) {
        final RtxQueue queue = sock.rtxQueue;
        int lowestLate = sock.sndNxt;
        while (!queue.isEmpty() && SeqNum.isBeforeOrAt(queue.endSeq(0), sock.sndUna)) {
            final int flags = queue.flags(0);
            if ((flags & (RtxQueue.EVER_RETRANSMITTED | RtxQueue.SACKED | RtxQueue.LOST)) == 0) {
                takeUsual(sock, ack);
                if (SeqNum.isBefore(queue.seq(0), lowestLate)) {
                    lowestLate = queue.seq(0);
                }
            } else {
                takeUnusual(sock, ack, flags);
                final boolean isLate = (flags & (RtxQueue.EVER_RETRANSMITTED | RtxQueue.SACKED)) == 0;
                if (isLate && SeqNum.isBefore(queue.seq(0), lowestLate)) {
                    lowestLate = queue.seq(0);
                }
            }
            ack.set((flags & RtxQueue.SYN) == 0 ? AckResult.DATA_ACKED : AckResult.SYN_ACKED);
            DeliveryRate.onDelivered(sock, 0, congestion.sample);
            queue.removeFirst();
            acked++;
            sock.packetsOut--;
        }
        advanceRack(sock, ack);
        if (ack.has(AckResult.SYN_ACKED)) {
            sock.retransStampNs = 0;
        }
        return lowestLate;
    }

    /** Sent once, and nothing had been heard of it. */
    private void takeUsual(TcpSock sock, AckResult ack) {
        final RtxQueue queue = sock.rtxQueue;
        lastSentNs = queue.sentNs(0);
        lastEndSeq = queue.endSeq(0);
        if (firstSentNs == AckResult.NONE) {
            firstSentNs = lastSentNs;
        }
        if (SeqNum.isBeforeOrAt(lastEndSeq, sock.highSeq)) {
            ack.set(AckResult.ORIG_SACK_ACKED);
        }
        if (sock.hasSack) {
            sock.delivered++;
        }
    }

    private void takeUnusual(TcpSock sock, AckResult ack, int flags) {
        final RtxQueue queue = sock.rtxQueue;
        LossMarks.forget(sock, flags);
        if ((flags & RtxQueue.EVER_RETRANSMITTED) != 0) {
            ack.set(AckResult.RETRANS_DATA_ACKED);
            if ((flags & RtxQueue.SACKED) == 0 && sock.hasSack) {
                advanceRack(sock, ack); // in the order of the queue
                sock.delivered++;
                if (!ack.isEchoBefore(sock, queue.sentNs(0))) { // else it was not the retransmission that arrived
                    Rack.advance(sock, flags, queue.endSeq(0), queue.sentNs(0), ack.nowNs);
                }
            }
        } else if ((flags & RtxQueue.SACKED) == 0) {
            takeUsual(sock, ack);
        }
    }

    private void advanceRack(TcpSock sock, AckResult ack) {
        if (lastSentNs != AckResult.NONE && sock.hasSack) {
            Rack.advance(sock, 0, lastEndSeq, lastSentNs, ack.nowNs);
        }
    }

    private void noteOrder(TcpSock sock, AckResult ack, int lowestLate) {
        if (!sock.hasSack) {
            reno.remove(sock, acked);
            if (ack.has(AckResult.RETRANS_DATA_ACKED)) {
                ack.clear(AckResult.ORIG_SACK_ACKED); // without SACK it may have been there for long
            }
        } else if (SeqNum.isBefore(lowestLate, ack.priorHighest)) {
            scoreboard.checkReordering(sock, lowestLate, Counter.TcpSACKReorder); // a hole filled by its original
        }
    }

    /** News of what was sent after the head put off its timeout no more, or it would never come. */
    private static boolean isSackedBeforeHead(TcpSock sock, AckResult ack) {
        return ack.firstSackedNs != AckResult.NONE
                && !sock.rtxQueue.isEmpty()
                && ack.firstSackedNs < sock.rtxQueue.sentNs(0);
    }

    // ---- Round trip ----

    /**
     * Karn's rule, or else timestamps (RFC 7323 section 4.3). A measurement ends the back-off. Linux:
     * {@code tcp_ack_update_rtt()}.
     */
    private boolean measureRtt(TcpSock sock, Segment segment, AckResult ack) {
        final AckSample sample = congestion.sample;
        final long nowNs = ack.nowNs;
        long rttNs = AckResult.NONE;
        long newestNs = AckResult.NONE;
        if (firstSentNs != AckResult.NONE && !ack.has(AckResult.RETRANS_DATA_ACKED)) {
            rttNs = nowNs - firstSentNs;
            newestNs = nowNs - lastSentNs;
            noteDelay(sock, ack);
        }
        if (ack.firstSackedNs != AckResult.NONE) {
            newestNs = nowNs - ack.lastSackedNs;
            rttNs = rttNs == AckResult.NONE ? nowNs - ack.firstSackedNs : rttNs;
        }
        if (rttNs == AckResult.NONE && ack.hasEcho && ack.has(AckResult.ACKED)) {
            final long echoNs = sock.echoRttNs(segment);
            rttNs = echoNs < 0 ? AckResult.NONE : echoNs;
            newestNs = rttNs;
        }
        if (rttNs == AckResult.NONE) {
            return false;
        }
        sample.rttUs = (int) (newestNs / 1000);
        rtt.sample(sock, rttNs, newestNs, ack.has(AckResult.ACK_MAYBE_DELAYED), nowNs);
        sock.backoff = 0;
        return true;
    }

    /** A lone small segment, acknowledged with nothing unusual: the peer has probably waited with its ACK. */
    private void noteDelay(TcpSock sock, AckResult ack) {
        if (acked == 1
                && ack.priorSacked == 0
                && sock.sndUna - ack.priorUna < sock.mss
                && congestion.sample.priorDelivered + 1 == sock.delivered
                && !ack.has(AckResult.CA_ALERT | AckResult.SYN_ACKED)) {
            ack.set(AckResult.ACK_MAYBE_DELAYED);
            congestion.sample.isAckDelayed = true;
        }
    }
}
