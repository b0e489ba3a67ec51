package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionEvent;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * What a retransmission timeout does, and how it is found out that none was needed: F-RTO, RFC 5682. Engine thread
 * only. Linux: {@code tcp_enter_loss()}, {@code tcp_process_loss()}.
 */
final class LossState {
    private final Reduction reduction;
    private final RenoSacks reno;
    private final Counters counters;
    private final int initialReordering;
    private final boolean isFrtoOn;

    LossState(Reduction reduction, RenoSacks reno, Counters counters, TcpConfig config) {
        this.reduction = reduction;
        this.reno = reno;
        this.counters = counters;
        initialReordering = config.reordering();
        isFrtoOn = config.frto();
    }

    /** The retransmission timer fired. Linux: {@code tcp_enter_loss()}. */
    void enter(TcpSock sock, long nowNs) {
        countTimeout(sock);
        final boolean isNewRecovery = sock.congestionState.ordinal() < CongestionState.RECOVERY.ordinal();
        final boolean isDisorder = sock.congestionState.ordinal() <= CongestionState.DISORDER.ordinal();
        markLostByTimeout(sock, nowNs);
        if (isDisorder
                || SeqNum.isAfterOrAt(sock.sndUna, sock.highSeq)
                || sock.congestionState == CongestionState.LOSS && sock.retransmits == 0) {
            sock.priorSsthresh = Reduction.currentSsthresh(sock);
            sock.congestion.priorCwnd = sock.congestion.cwnd;
            sock.congestion.ssthresh = reduction.congestion().ssthresh(sock, nowNs);
            reduction.congestion().tell(sock, CongestionEvent.LOSS, nowNs);
            Undo.begin(sock);
        }
        sock.congestion.cwnd = sock.inFlight() + 1;
        sock.congestion.cwndCount = 0;
        sock.cwndStampNs = nowNs;
        if (isDisorder && sock.sackedOut >= initialReordering) {
            sock.reordering = Math.min(sock.reordering, initialReordering); // it was not reordering
        }
        reduction.setState(sock, CongestionState.LOSS, nowNs);
        sock.highSeq = sock.sndNxt;
        sock.hasTlp = false;
        EcnOutput.queueCwr(sock);
        sock.isFrto = isFrtoOn && (isNewRecovery || sock.retransmits > 0); // RFC 5682 section 3.1 step 1
    }

    private void countTimeout(TcpSock sock) {
        if (sock.retransmits > 0) {
            return;
        }
        switch (sock.congestionState) {
            case RECOVERY ->
                counters.increment(sock.hasSack ? Counter.TcpSackRecoveryFail : Counter.TcpRenoRecoveryFail);
            case LOSS -> counters.increment(Counter.TcpLossFailures);
            default -> {
                if (sock.congestionState == CongestionState.DISORDER || sock.sackedOut > 0) {
                    counters.increment(sock.hasSack ? Counter.TcpSackFailures : Counter.TcpRenoFailures);
                }
            }
        }
    }

    /**
     * The head is lost, and what was sent more than a round trip before; what SACK has reported is not, unless the peer
     * has taken it back. Linux: {@code tcp_timeout_mark_lost()}.
     */
    private void markLostByTimeout(TcpSock sock, long nowNs) {
        final RtxQueue queue = sock.rtxQueue;
        final boolean isReneged = (queue.flags(0) & RtxQueue.SACKED) != 0;
        if (isReneged) {
            counters.increment(Counter.TcpSACKReneging);
            sock.isSackReneging = true;
            queue.sacks().clear();
        }
        if (isReneged || !sock.hasSack) {
            sock.sackedOut = 0;
        }
        for (int i = 0; i < queue.size(); i++) {
            if (isReneged) {
                queue.setFlags(i, queue.flags(i) & ~RtxQueue.SACKED);
            } else if (i > 0 && Rack.leftUs(sock, i, 0, nowNs) > 0) {
                continue; // sent a moment ago
            }
            if (LossMarks.markLost(sock, i)) {
                counters.increment(Counter.TcpLostRetransmit);
            }
        }
        queue.clearRetransmitHint();
    }

    // ---- After a timeout ----

    /** F-RTO, RFC 5682 section 3.1, in the variant with SACK where there is SACK. Linux: {@code tcp_process_loss()}. */
    void onAck(TcpSock sock, AckResult ack) {
        final boolean isRepaired = SeqNum.isAfterOrAt(sock.sndUna, sock.highSeq);
        if (ack.has(AckResult.SND_UNA_ADVANCED) && tryUndoLoss(sock, ack, false)) {
            return;
        }
        if (sock.isFrto && stepFrto(sock, ack, isRepaired)) {
            return;
        }
        if (isRepaired) {
            reduction.repair(sock, ack);
            return;
        }
        if (!sock.hasSack) {
            if (SeqNum.isAfter(sock.sndNxt, sock.highSeq)) {
                reno.add(sock, ack.dupAcks); // the new data of step 2.b has arrived
            } else if (ack.has(AckResult.SND_UNA_ADVANCED)) {
                RenoSacks.reset(sock);
            }
        }
        ack.rexmit = Retransmit.LOST;
    }

    /** True when nothing more is to be done. */
    private boolean stepFrto(TcpSock sock, AckResult ack, boolean isRepaired) {
        if (ack.has(AckResult.ORIG_SACK_ACKED) && tryUndoLoss(sock, ack, true)) {
            return true; // step 3.b: what was sent before the timeout, and once, has arrived
        }
        if (SeqNum.isAfter(sock.sndNxt, sock.highSeq)) {
            if (ack.has(AckResult.DATA_SACKED) || ack.dupAcks > 0) {
                sock.isFrto = false; // step 3.a: the loss was real
            }
        } else if (ack.has(AckResult.SND_UNA_ADVANCED) && !isRepaired) {
            sock.highSeq = sock.sndNxt;
            if (sock.sndNxt != sock.sendEnd() && SeqNum.isAfter(sock.sndWindowEnd(), sock.sndNxt)) {
                ack.rexmit = Retransmit.NEW; // step 2.b
                return true;
            }
            sock.isFrto = false;
        }
        return false;
    }

    private boolean tryUndoLoss(TcpSock sock, AckResult ack, boolean isFoundByFrto) {
        if (!reduction.undo().tryLoss(sock, ack, isFoundByFrto)) {
            return false;
        }
        if (!Reduction.isHeldWithoutSack(sock) && (isFoundByFrto || sock.hasSack)) {
            reduction.reopen(sock, ack.nowNs);
        }
        return true;
    }
}
