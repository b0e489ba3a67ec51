package io.spinwire.tcp;

import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * What follows from an ACK that is not just progress: is something lost, late, or repaired, and what state is the
 * connection in. Decides only; what is lost leaves with the output step. Engine thread only. Linux:
 * {@code tcp_fastretrans_alert()}.
 */
final class Recovery {
    private static final long RENEGING_DELAY_NS = 10_000_000; // Linux: at least 10 ms, and half a round trip

    private final Reduction reduction;
    private final LossState lossState;
    private final Undo undo;
    private final Rack rack;
    private final RenoSacks reno;
    private final SockTimers timers;
    private final MtuProber prober;

    Recovery(Reduction reduction, LossState lossState, Rack rack, RenoSacks reno, SockTimers timers, MtuProber prober) {
        this.prober = prober;
        this.reduction = reduction;
        this.lossState = lossState;
        undo = reduction.undo();
        this.rack = rack;
        this.reno = reno;
        this.timers = timers;
    }

    // ---- An ACK ----

    /** An ACK that brought something unusual, or any ACK when the state is not OPEN. */
    void onAck(TcpSock sock, AckResult ack) {
        if (sock.packetsOut == 0) {
            sock.sackedOut = 0;
        }
        if (ack.has(AckResult.ECE)) {
            sock.priorSsthresh = 0; // congestion has been said: no way back
        }
        if (isReneging(sock, ack)) {
            return;
        }
        if (sock.congestionState == CongestionState.OPEN) {
            sock.retransStampNs = 0;
        } else if (SeqNum.isAfterOrAt(sock.sndUna, sock.highSeq) && leaveState(sock, ack)) {
            return;
        }
        switch (sock.congestionState) {
            case RECOVERY -> onAckInRecovery(sock, ack);
            case LOSS -> onAckInLoss(sock, ack);
            default -> onAckInOrder(sock, ack);
        }
    }

    /**
     * The head of the queue had been reported by SACK, and the ACK stops there: the peer has thrown it away. It gets
     * the time to say otherwise. Linux: {@code tcp_check_sack_reneging()}.
     */
    private boolean isReneging(TcpSock sock, AckResult ack) {
        if (!ack.has(AckResult.SACK_RENEGING) || !ack.has(AckResult.SND_UNA_ADVANCED)) {
            return false;
        }
        final long delayNs = Math.max((sock.srttUs >> 4) * 1000L, RENEGING_DELAY_NS);
        timers.armRtx(sock, SockTimers.RETRANS, ack.nowNs + delayNs);
        ack.clear(AckResult.SET_XMIT_TIMER);
        return true;
    }

    /** All that was in flight when the state began is acknowledged. True when the state is held nevertheless. */
    private boolean leaveState(TcpSock sock, AckResult ack) {
        if (sock.congestionState == CongestionState.CWR) {
            if (sock.sndUna != sock.highSeq) { // CWR must have reached the peer
                reduction.endReduction(sock, ack.nowNs);
                reduction.setState(sock, CongestionState.OPEN, ack.nowNs);
            }
        } else if (sock.congestionState == CongestionState.RECOVERY) {
            if (!sock.hasSack) {
                RenoSacks.reset(sock);
            }
            if (reduction.repair(sock, ack)) {
                return true;
            }
            reduction.endReduction(sock, ack.nowNs);
        }
        return false;
    }

    private void onAckInOrder(TcpSock sock, AckResult ack) {
        if (!sock.hasSack) {
            if (ack.has(AckResult.SND_UNA_ADVANCED)) {
                RenoSacks.reset(sock);
            }
            reno.add(sock, ack.dupAcks);
        }
        if (isCalm(sock)) {
            undo.tryByDuplicates(sock, ack);
        }
        identifyLoss(sock, ack);
        if (sock.lostOut == 0) {
            tryToOpen(sock, ack);
        } else if (isCalm(sock) && prober.onLoss(sock, ack.nowNs)) {
            return; // a segment that was larger than the path takes
        } else {
            reduction.enterRecovery(sock, ack.has(AckResult.ECE), ack.nowNs);
            ack.rexmit = Retransmit.LOST;
        }
    }

    private static boolean isCalm(TcpSock sock) {
        return sock.congestionState.ordinal() <= CongestionState.DISORDER.ordinal();
    }

    private void onAckInRecovery(TcpSock sock, AckResult ack) {
        if (!ack.has(AckResult.SND_UNA_ADVANCED)) {
            if (!sock.hasSack) {
                reno.add(sock, ack.dupAcks);
            }
        } else if (undo.isPartialDelayed(sock, ack)) {
            if (sock.retransOut > 0) {
                return; // new data leaves, nothing more is taken for lost
            }
            undo.undoPartially(sock, ack);
            reduction.tryKeepOpen(sock, ack.nowNs);
        }
        if (undo.tryByDuplicates(sock, ack)) {
            tryToOpen(sock, ack);
        }
        identifyLoss(sock, ack);
        if (sock.congestionState != CongestionState.RECOVERY) {
            if (sock.lostOut == 0) {
                return;
            }
            reduction.enterRecovery(
                    sock, ack.has(AckResult.ECE), ack.nowNs); // something was late, and something is lost
        }
        ack.rexmit = Retransmit.LOST;
    }

    private void onAckInLoss(TcpSock sock, AckResult ack) {
        lossState.onAck(sock, ack);
        identifyLoss(sock, ack);
        if (sock.congestionState == CongestionState.OPEN || ack.has(AckResult.LOST_RETRANS)) {
            onAckInOrder(sock, ack);
        }
    }

    /** Linux: {@code tcp_identify_packet_loss()}. */
    private void identifyLoss(TcpSock sock, AckResult ack) {
        if (sock.packetsOut == 0) {
            return;
        }
        if (!sock.hasSack) {
            RenoSacks.markLost(sock, ack.has(AckResult.SND_UNA_ADVANCED));
            return;
        }
        final int priorRetransmitted = sock.retransOut;
        if (rack.markLost(sock, ack.nowNs)) {
            ack.clear(AckResult.SET_XMIT_TIMER);
        }
        if (priorRetransmitted > sock.retransOut) {
            ack.set(AckResult.LOST_RETRANS);
        }
    }

    private void tryToOpen(TcpSock sock, AckResult ack) {
        if (!LossMarks.isAnyRetransmitted(sock)) {
            sock.retransStampNs = 0;
        }
        if (ack.has(AckResult.ECE)) {
            reduction.enterCwr(sock, ack.nowNs);
        }
        if (sock.congestionState != CongestionState.CWR) {
            reduction.tryKeepOpen(sock, ack.nowNs);
        }
    }

    // ---- Timers and errors ----

    /**
     * The reordering timer fired: what RACK waited for has not come. Linux: {@code tcp_rack_reo_timeout()}.
     *
     * @return true when something is to be sent again
     */
    boolean onReorderingTimeout(TcpSock sock, long nowNs) {
        final int priorInFlight = sock.inFlight();
        rack.detectLoss(sock, nowNs);
        if (priorInFlight == sock.inFlight()) {
            return false;
        }
        if (sock.congestionState != CongestionState.RECOVERY) {
            reduction.enterRecovery(sock, false, nowNs);
            Reduction.step(sock, 1, false);
        }
        return true;
    }
}
