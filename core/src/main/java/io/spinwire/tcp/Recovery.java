package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionEvent;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.tcp.cc.CongestionWindow;
import io.spinwire.wire.SeqNum;

/**
 * What is thought lost, and how the congestion window answers: fast retransmit and NewReno (RFC 5681, 6582) with
 * Linux's way of counting, in which a duplicate ACK takes one segment out of the network. Decides only; lost segments
 * leave with the output step. Engine thread only. Linux: {@code tcp_fastretrans_alert()}.
 */
final class Recovery {
    private final CongestionSignals congestion;
    private final MtuProber prober;
    private final Counters counters;

    Recovery(CongestionSignals congestion, MtuProber prober, Counters counters) {
        this.congestion = congestion;
        this.prober = prober;
        this.counters = counters;
    }

    /** Where the congestion control of each socket is told what happens. */
    CongestionSignals congestion() {
        return congestion;
    }

    /**
     * An ACK has been taken while data was in flight.
     *
     * @param acked segments newly acknowledged
     * @param isDuplicate an ACK of sndUna without data or window update
     * @param nowNs when it was received
     */
    void onAck(TcpSock sock, int acked, boolean isDuplicate, long nowNs) {
        int delivered = 0;
        if (acked > 0) {
            delivered = Math.max(acked - sock.sackedOut, 1); // one filled the hole, the others had been counted
            sock.sackedOut -= Math.min(acked - 1, sock.sackedOut);
        } else if (isDuplicate) {
            delivered = 1;
        }
        final int priorLost = sock.lostOut;
        final int priorLostTotal = sock.lost;
        switch (sock.congestionState) {
            case OPEN, DISORDER -> onAckInOrder(sock, acked, isDuplicate, nowNs);
            case CWR, RECOVERY -> onAckInRecovery(sock, acked, isDuplicate, nowNs);
            case LOSS -> onAckInLoss(sock, acked, isDuplicate, nowNs);
        }
        sock.delivered += delivered;
        congestion.sample.ackedSacked = delivered;
        congestion.sample.losses = sock.lost - priorLostTotal;
        DeliveryRate.measure(sock, congestion.sample, false, nowNs);
        final boolean isReducing = sock.congestionState == CongestionState.RECOVERY;
        congestion.control(sock, !isReducing && acked > 0, nowNs);
        if (isReducing && delivered > 0 && !sock.congestionControl.hasControl()) {
            sock.congestion.reduce(delivered, sock.inFlight(), acked > 0 && sock.lostOut <= priorLost);
        }
    }

    private void onAckInOrder(TcpSock sock, int acked, boolean isDuplicate, long nowNs) {
        if (acked > 0) {
            sock.sackedOut = 0;
        }
        if (isDuplicate) {
            countDuplicate(sock);
        }
        setState(sock, sock.sackedOut == 0 ? CongestionState.OPEN : CongestionState.DISORDER, nowNs);
        if (sock.sackedOut >= sock.reordering) {
            enterRecovery(sock, nowNs);
        }
    }

    private void setState(TcpSock sock, CongestionState state, long nowNs) {
        if (sock.congestionState != state) {
            congestion.setState(sock, state, nowNs);
        }
    }

    private void enterRecovery(TcpSock sock, long nowNs) {
        if (prober.onLoss(sock, nowNs)) {
            return;
        }
        sock.congestion.beginReduction(congestion.ssthresh(sock, nowNs));
        sock.highSeq = sock.sndNxt;
        setState(sock, CongestionState.RECOVERY, nowNs);
        counters.increment(Counter.TcpRenoRecovery);
        Retransmit.markLost(sock, 0);
    }

    private void onAckInRecovery(TcpSock sock, int acked, boolean isDuplicate, long nowNs) {
        if (isDuplicate) {
            countDuplicate(sock);
        }
        if (acked == 0) {
            return;
        }
        if (isRepaired(sock)) {
            sock.congestion.cwnd = sock.congestion.ssthresh;
            congestion.tell(sock, CongestionEvent.COMPLETE_CWR, nowNs);
            reopen(sock, nowNs);
        } else if (sock.packetsOut > 0 && SeqNum.isBefore(sock.sndUna, sock.highSeq)) {
            Retransmit.markLost(sock, 0); // RFC 6582 section 3.2 step 3: a partial ACK names the next hole
        }
    }

    private void onAckInLoss(TcpSock sock, int acked, boolean isDuplicate, long nowNs) {
        if (acked > 0) {
            sock.sackedOut = 0;
            if (isRepaired(sock)) {
                reopen(sock, nowNs);
            }
        } else if (isDuplicate && SeqNum.isAfter(sock.sndNxt, sock.highSeq)) {
            countDuplicate(sock);
        }
    }

    /**
     * More is acknowledged than was in flight when the loss was found. Until then duplicate ACKs may speak of what was
     * repeated needlessly, and must not start another recovery (RFC 6582 section 3.2 step 1).
     */
    private static boolean isRepaired(TcpSock sock) {
        return SeqNum.isAfter(sock.sndUna, sock.highSeq);
    }

    private void reopen(TcpSock sock, long nowNs) {
        setState(sock, CongestionState.OPEN, nowNs);
        sock.sackedOut = 0;
        for (int i = 0; sock.lostOut > 0 && i < sock.packetsOut; i++) {
            clearLost(sock, i);
        }
    }

    private static void clearLost(TcpSock sock, int record) {
        final int flags = sock.rtxQueue.flags(record);
        if ((flags & RtxQueue.LOST) != 0) {
            sock.rtxQueue.setFlags(record, flags & ~RtxQueue.LOST);
            sock.lostOut--;
        }
    }

    private static void countDuplicate(TcpSock sock) {
        sock.sackedOut++;
        Retransmit.limitSacked(sock);
    }

    /** The retransmission timer fired: everything in flight is taken for lost. Linux: {@code tcp_enter_loss()}. */
    void enterLoss(TcpSock sock, long nowNs) {
        final CongestionWindow window = sock.congestion;
        final boolean isNewLoss = sock.congestionState == CongestionState.OPEN
                || sock.congestionState == CongestionState.DISORDER
                || SeqNum.isAfterOrAt(sock.sndUna, sock.highSeq);
        if (sock.congestionState == CongestionState.RECOVERY) {
            counters.increment(Counter.TcpRenoRecoveryFail);
        }
        if (isNewLoss) {
            window.priorCwnd = window.cwnd;
            window.ssthresh = congestion.ssthresh(sock, nowNs);
            congestion.tell(sock, CongestionEvent.LOSS, nowNs);
            sock.highSeq = sock.sndNxt;
        }
        window.cwnd = 1;
        window.cwndCount = 0;
        sock.sackedOut = 0;
        sock.retransOut = 0;
        sock.lostOut = 0;
        for (int i = 0; i < sock.packetsOut; i++) {
            final int flags = sock.rtxQueue.flags(i);
            sock.rtxQueue.setFlags(i, flags & ~RtxQueue.RETRANSMITTED | RtxQueue.LOST);
            sock.lostOut++;
            sock.lost += (flags & RtxQueue.LOST) == 0 || (flags & RtxQueue.RETRANSMITTED) != 0 ? 1 : 0;
        }
        setState(sock, CongestionState.LOSS, nowNs);
    }
}
