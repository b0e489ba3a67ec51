package io.spinwire.tcp;

import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionEvent;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.tcp.cc.CongestionWindow;

/**
 * The states of congestion and the way between them: reductions of the window begin and end here, and what was reduced
 * in vain is given back. Engine thread only. Linux: {@code tcp_enter_recovery()}, {@code tcp_enter_cwr()},
 * {@code tcp_try_undo_recovery()}.
 */
final class Reduction {
    private final CongestionSignals congestion;
    private final Undo undo;
    private final Counters counters;

    Reduction(CongestionSignals congestion, Undo undo, Counters counters) {
        this.congestion = congestion;
        this.undo = undo;
        this.counters = counters;
    }

    /** Where the congestion control of each socket is told what happens. */
    CongestionSignals congestion() {
        return congestion;
    }

    Undo undo() {
        return undo;
    }

    // ---- Into it ----

    /** Fast recovery begins: something is lost. Linux: {@code tcp_enter_recovery()}. */
    void enterRecovery(TcpSock sock, boolean isEce, long nowNs) {
        if (!LossMarks.isAnyRetransmitted(sock)) {
            sock.retransStampNs = 0;
        }
        counters.increment(sock.hasSack ? Counter.TcpSackRecovery : Counter.TcpRenoRecovery);
        sock.priorSsthresh = 0;
        Undo.begin(sock);
        if (!isReducing(sock)) {
            if (!isEce) {
                sock.priorSsthresh = currentSsthresh(sock);
            }
            beginReduction(sock, nowNs);
        }
        setState(sock, CongestionState.RECOVERY, nowNs);
    }

    /**
     * The window falls though nothing was lost: the path has marked a segment, or the host's own queue was full. Linux:
     * {@code tcp_enter_cwr()}.
     */
    void enterCwr(TcpSock sock, long nowNs) {
        sock.priorSsthresh = 0;
        if (sock.congestionState.ordinal() < CongestionState.CWR.ordinal()) {
            Undo.forbid(sock);
            beginReduction(sock, nowNs);
            setState(sock, CongestionState.CWR, nowNs);
        }
    }

    /** The tail loss probe has mended a loss that nothing else would have told of. RFC 8985 section 7.4.2. */
    void onProbeRepaired(TcpSock sock, long nowNs) {
        beginReduction(sock, nowNs);
        setState(sock, CongestionState.CWR, nowNs);
        endReduction(sock, nowNs);
        tryKeepOpen(sock, nowNs);
        counters.increment(Counter.TcpLossProbeRecovery);
    }

    /** Linux: {@code tcp_init_cwnd_reduction()}. */
    private void beginReduction(TcpSock sock, long nowNs) {
        sock.highSeq = sock.sndNxt;
        sock.hasTlp = false;
        sock.congestion.beginReduction(congestion.ssthresh(sock, nowNs));
        EcnOutput.queueCwr(sock);
    }

    /** Linux: {@code tcp_end_cwnd_reduction()}. */
    void endReduction(TcpSock sock, long nowNs) {
        if (sock.congestionControl.hasControl()) {
            return;
        }
        final CongestionWindow window = sock.congestion;
        if (window.ssthresh < CongestionWindow.INFINITE_SSTHRESH
                && (sock.congestionState == CongestionState.CWR || sock.hasUndoMarker)) {
            window.cwnd = window.ssthresh;
            sock.cwndStampNs = nowNs;
        }
        congestion.tell(sock, CongestionEvent.COMPLETE_CWR, nowNs);
    }

    /** Linux: {@code tcp_in_cwnd_reduction()}. */
    static boolean isReducing(TcpSock sock) {
        return sock.congestionState == CongestionState.CWR || sock.congestionState == CongestionState.RECOVERY;
    }

    /** Linux: {@code tcp_current_ssthresh()}. */
    static int currentSsthresh(TcpSock sock) {
        final CongestionWindow window = sock.congestion;
        return isReducing(sock) ? window.ssthresh : Math.max(window.ssthresh, (window.cwnd >> 1) + (window.cwnd >> 2));
    }

    void setState(TcpSock sock, CongestionState state, long nowNs) {
        congestion.setState(sock, state, nowNs);
    }

    /**
     * One step of proportional rate reduction, RFC 9937: as many leave as have arrived, in the measure of the window to
     * come. Linux: {@code tcp_cwnd_reduction()}.
     */
    static void step(TcpSock sock, int delivered, boolean hasProgress) {
        if (delivered > 0 && !sock.congestionControl.hasControl()) {
            sock.congestion.reduce(delivered, sock.inFlight(), hasProgress);
        }
    }

    // ---- Out of it ----

    /** Linux: {@code tcp_try_undo_recovery()}. True when the state is held. */
    boolean repair(TcpSock sock, AckResult ack) {
        undo.onRepaired(sock, ack);
        if (isHeldWithoutSack(sock)) {
            return true;
        }
        reopen(sock, ack.nowNs);
        return false;
    }

    /**
     * Without SACK, until something beyond what was in flight is acknowledged, duplicate ACKs may speak of what was
     * repeated needlessly, and must not start another recovery (RFC 6582 section 3.2 step 1). Linux:
     * {@code tcp_is_non_sack_preventing_reopen()}.
     */
    static boolean isHeldWithoutSack(TcpSock sock) {
        if (sock.hasSack || sock.sndUna != sock.highSeq) {
            return false;
        }
        if (!LossMarks.isAnyRetransmitted(sock)) {
            sock.retransStampNs = 0;
        }
        return true;
    }

    void reopen(TcpSock sock, long nowNs) {
        setState(sock, CongestionState.OPEN, nowNs);
        sock.isSackReneging = false;
    }

    /** Linux: {@code tcp_try_keep_open()}. */
    void tryKeepOpen(TcpSock sock, long nowNs) {
        final boolean isDisorder = sock.sackedOut + sock.lostOut > 0 || LossMarks.isAnyRetransmitted(sock);
        final CongestionState state = isDisorder ? CongestionState.DISORDER : CongestionState.OPEN;
        if (sock.congestionState != state) {
            setState(sock, state, nowNs);
            sock.highSeq = sock.sndNxt;
        }
    }
}
