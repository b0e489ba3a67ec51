package io.spinwire.tcp;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.tcp.cc.CongestionWindow;
import io.spinwire.wire.SeqNum;

/**
 * Takes a reduction of the window back when it turns out that nothing was lost: the original was acknowledged, by its
 * timestamp (Eifel, RFC 3522), or all retransmissions were reported as duplicates (D-SACK, RFC 3708). Engine thread
 * only. Linux: {@code tcp_undo_cwnd_reduction()} and its callers.
 */
final class Undo {
    private final Scoreboard scoreboard;
    private final Counters counters;

    Undo(Scoreboard scoreboard, Counters counters) {
        this.scoreboard = scoreboard;
        this.counters = counters;
    }

    /** A reduction begins, which may be undone. Linux: {@code tcp_init_undo()}. */
    static void begin(TcpSock sock) {
        sock.hasUndoMarker = true;
        sock.undoMarker = sock.sndUna;
        sock.undoRetrans = sock.retransOut + (sock.hasTlp && sock.isTlpRetransmission ? 1 : 0);
        if (sock.undoRetrans == 0) {
            sock.undoRetrans = -1; // 0 would mean that all have been reported as duplicates
        }
    }

    /** No reduction can be undone any more. */
    static void forbid(TcpSock sock) {
        sock.hasUndoMarker = false;
    }

    /**
     * All that was in flight is acknowledged: was any of it lost? Linux: the first half of
     * {@code tcp_try_undo_recovery()}.
     */
    void onRepaired(TcpSock sock, AckResult ack) {
        if (isPossible(sock, ack)) {
            undo(sock, false, ack.nowNs);
            final boolean isLoss = sock.congestionState == CongestionState.LOSS;
            counters.increment(isLoss ? Counter.TcpLossUndo : Counter.TcpFullUndo);
        } else {
            Rack.onRecovered(sock);
        }
    }

    /**
     * A hole is filled in the middle of recovery, and not by a retransmission. Nothing more is to be taken for lost
     * while the outcome of those in flight is open. Linux: {@code tcp_try_undo_partial()}.
     *
     * @return true when the ACK says that the original was late
     */
    boolean isPartialDelayed(TcpSock sock, AckResult ack) {
        if (!sock.hasUndoMarker || !isDelayed(sock, ack)) {
            return false;
        }
        scoreboard.checkReordering(sock, ack.priorUna, Counter.TcpTSReorder);
        return true;
    }

    /** The second half: nothing is being retransmitted. */
    void undoPartially(TcpSock sock, AckResult ack) {
        if (!LossMarks.isAnyRetransmitted(sock)) {
            sock.retransStampNs = 0;
        }
        undo(sock, true, ack.nowNs);
        counters.increment(Counter.TcpPartialUndo);
    }

    /** All retransmissions were duplicates. Linux: {@code tcp_try_undo_dsack()}. */
    boolean tryByDuplicates(TcpSock sock, AckResult ack) {
        if (!sock.hasUndoMarker || sock.undoRetrans != 0) {
            return false;
        }
        Rack.onSpuriousRecovery(sock);
        undo(sock, false, ack.nowNs);
        counters.increment(Counter.TcpDSACKUndo);
        return true;
    }

    /**
     * The timeout was not needed. Linux: {@code tcp_try_undo_loss()}.
     *
     * @param isFoundByFrto F-RTO has decided
     */
    boolean tryLoss(TcpSock sock, AckResult ack, boolean isFoundByFrto) {
        if (!isFoundByFrto && !isPossible(sock, ack)) {
            return false;
        }
        undo(sock, true, ack.nowNs);
        counters.increment(Counter.TcpLossUndo);
        if (isFoundByFrto) {
            counters.increment(Counter.TcpSpuriousRTOs);
        }
        sock.retransmits = 0;
        return true;
    }

    /** Linux: {@code tcp_may_undo()}. */
    private static boolean isPossible(TcpSock sock, AckResult ack) {
        return sock.hasUndoMarker && (sock.undoRetrans == 0 || isDelayed(sock, ack));
    }

    /** What is acknowledged was sent before anything was retransmitted. Linux: {@code tcp_packet_delayed()}. */
    private static boolean isDelayed(TcpSock sock, AckResult ack) {
        if (sock.retransStampNs != 0) {
            return ack.isEchoBefore(sock, sock.retransStampNs);
        }
        final boolean isStampLost =
                sock.state == TcpState.SYN_SENT || !sock.hasSack && SeqNum.isAfterOrAt(sock.sndUna, sock.highSeq);
        return !isStampLost; // nothing has been retransmitted yet
    }

    private static void undo(TcpSock sock, boolean isLossUnmarked, long nowNs) {
        if (isLossUnmarked) {
            LossMarks.unmarkAll(sock);
        }
        final CongestionWindow window = sock.congestion;
        if (sock.priorSsthresh != 0) {
            window.cwnd = CongestionSignals.undoCwnd(sock);
            if (sock.priorSsthresh > window.ssthresh) {
                window.ssthresh = sock.priorSsthresh;
                EcnOutput.withdrawCwr(sock);
            }
        }
        sock.cwndStampNs = nowNs;
        sock.hasUndoMarker = false;
        sock.isRackAdvanced = true; // what is unmarked is to be looked at again
    }
}
