package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.FIN;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * Sends what is waiting: lost segments, new data as far as windows and Nagle allow, then an ACK if one is still owed.
 * Egress, fed by the {@link OutputList}. Engine thread only. Linux: {@code tcp_push_pending_frames()},
 * {@code tcp_write_xmit()}.
 */
final class TcpOutput {
    // What ended a pass over what waits.
    private static final int DONE = Deferral.WAITING;
    private static final int CWND_FULL = Deferral.CWND_LIMITED;
    private static final int WINDOW_FULL = Deferral.WINDOW_LIMITED;
    private static final int REFUSED = -3; // a frame, or memory

    private final Transmit transmit;
    private final PendingResets pendingResets;
    private final Retransmit retransmit;
    private final PathMtu pathMtu;
    private final MtuProber prober;
    private final FreshSegments fresh;
    private final Probing probing;
    private final Deferral deferral;
    private final OutputList pending;
    private final SmallQueues smallQueues;
    private final XmitTimer xmitTimer;
    private final CongestionValidation validation;
    private final SendSpace sendSpace;
    private final SetbackPool setbacks;
    private final Hooks hooks;
    private ActiveOpen active;
    private boolean isRefused;

    TcpOutput(
            Transmit transmit,
            Retransmit retransmit,
            MtuProber prober,
            Probing probing,
            Rooms rooms,
            TcpConfig config) {
        this.transmit = transmit;
        this.retransmit = retransmit;
        xmitTimer = retransmit.xmitTimer();
        this.prober = prober;
        pathMtu = prober.pathMtu();
        this.probing = probing;
        fresh = probing.fresh();
        deferral = new Deferral(transmit.pacing(), rooms.congestion());
        pendingResets = transmit.pendingResets();
        pending = rooms.pending();
        smallQueues = rooms.smallQueues();
        sendSpace = rooms.sendSpace();
        validation = new CongestionValidation(rooms.congestion(), config);
        setbacks = rooms.setbacks();
        hooks = rooms.hooks();
    }

    /** Who sends the SYN that has waited for bytes. */
    void setActiveOpen(ActiveOpen newActive) {
        active = newActive;
    }

    /** What is shared by rooms that send: who waits, what is armed, what is counted and watched. */
    record Rooms(
            SockTimers timers,
            OutputList pending,
            SmallQueues smallQueues,
            SendSpace sendSpace,
            SetbackPool setbacks,
            CongestionSignals congestion,
            Counters counters,
            Hooks hooks) {}

    /**
     * One pass over the sockets that waited when it began. Stops at the first refused frame; that socket waits on.
     *
     * @return sockets served
     */
    int run(long nowNs) {
        int served = 0;
        isRefused = !pendingResets.flush(nowNs);
        for (int left = isRefused ? 0 : pending.size(); left > 0; left--) {
            final TcpSock sock = pending.poll();
            isRefused = !push(sock, nowNs);
            if (isRefused) {
                pending.add(sock);
                smallQueues.onRefused(sock);
                return served;
            }
            assert SockInvariants.hold(sock) && SockInvariants.isArmed(sock);
            served++;
        }
        return served;
    }

    /** Whether something is to be sent now. */
    boolean hasWork() {
        return pending.size() + pendingResets.size() > 0 && !isRefused;
    }

    /** Everything that one socket may send now. False when a frame was refused. */
    private boolean push(TcpSock sock, long nowNs) {
        if (sock.isFinished) {
            return true;
        }
        pathMtu.check(sock);
        boolean isSent = sock.rexmit == Retransmit.NOTHING || xmitRecovery(sock, nowNs);
        if (isSent && sock.canSend()) {
            isSent = pushPendingFrames(sock, false, nowNs);
        } else if (sock.isConnectDeferred) {
            isSent = active.sendDeferredSyn(sock, nowNs);
        }
        if (!sock.isInline() && sock.isSynchronised()) {
            PushMarks.noteSent(sock);
        }
        sendSpace.onSent(sock);
        return isSent && (!sock.isAckNow || transmit.sendAck(sock, nowNs));
    }

    /** What recovery has decided to send. False when a frame was refused. Linux: {@code tcp_xmit_recovery()}. */
    private boolean xmitRecovery(TcpSock sock, long nowNs) {
        if (sock.rexmit == Retransmit.NEW) {
            if (sock.canSend() && !pushPendingFrames(sock, true, nowNs)) {
                return false;
            }
            if (SeqNum.isAfter(sock.sndNxt, sock.highSeq)) {
                sock.rexmit = Retransmit.NOTHING;
                return true;
            }
            sock.isFrto = false; // nothing new could be sent
            sock.rexmit = Retransmit.LOST;
        }
        return retransmit.sendLost(sock, nowNs);
    }

    /** Where the path's MTU is searched by trying. */
    MtuProber prober() {
        return prober;
    }

    /** What makes a silent peer speak. */
    Probing probing() {
        return probing;
    }

    /** Takes over what another thread has written since. */
    void readWriteSeq(TcpSock sock) {
        fresh.readWriteSeq(sock);
    }

    /** The socket is about to send outside of the output step. */
    void checkPathMtu(TcpSock sock) {
        pathMtu.check(sock);
    }

    /** An ACK that must be one of its own, at once. Linux: {@code tcp_send_ack()}. */
    void ackAtOnce(TcpSock sock, long nowNs) {
        if (!transmit.sendAck(sock, nowNs)) {
            sock.isAckNow = true;
            pending.add(sock);
        }
    }

    /** Queues the socket for the output step: there may be something to send. */
    void queue(TcpSock sock) {
        pending.add(sock);
    }

    /**
     * There may be something to send: in the output step, or now where the third ACK of a turn would forbid what the
     * first allows (RFC 3042). Linux: {@code tcp_data_snd_check()}.
     */
    void check(TcpSock sock, long nowNs) {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_data_snd_check, sock.index, sock.sendEnd() - sock.sndNxt);
        }
        final boolean isWaiting = sock.isAckNow || sock.sndNxt != sock.sendEnd() || sock.rexmit != Retransmit.NOTHING;
        if (isWaiting && (sock.congestionState == CongestionState.OPEN || !push(sock, nowNs))) {
            pending.add(sock);
        }
    }

    /** @param isNagleOff small segments leave too */
    private boolean pushPendingFrames(TcpSock sock, boolean isNagleOff, long nowNs) {
        fresh.readWriteSeq(sock);
        if (sock.sndNxt == sock.sendEnd()) {
            return true;
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_push_pending_frames, sock.index, sock.sendEnd() - sock.sndNxt);
        }
        Chrono.start(sock, Chrono.BUSY, nowNs);
        validation.beforeSending(sock, nowNs);
        final boolean isSent = writeXmit(sock, isNagleOff, nowNs);
        probing.checkTimer(sock, nowNs);
        return isSent;
    }

    private boolean writeXmit(TcpSock sock, boolean isNagleOff, long nowNs) {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_write_xmit, sock.index, sock.sendEnd() - sock.sndNxt);
        }
        sock.mss = SegmentSize.current(sock);
        final int priorPackets = sock.packetsOut;
        if (sock.mtuSearch != null) {
            final int length = prober.probeLength(sock, nowNs);
            if (length == MtuProber.WAIT || length > 0 && !sendProbe(sock, length, nowNs)) {
                return length == MtuProber.WAIT;
            }
        }
        final int full = SegmentSize.payload(sock);
        final int result = sendWhileAllowed(sock, full, isNagleOff, nowNs);
        if (result == WINDOW_FULL) {
            setbacks.of(sock);
            Chrono.start(sock, Chrono.WINDOW_LIMITED, nowNs);
        } else {
            Chrono.stop(sock, Chrono.WINDOW_LIMITED, nowNs);
        }
        final boolean isCwndLimited = result == CWND_FULL || sock.inFlight() >= sock.congestion.cwnd;
        if (isCwndLimited || sock.packetsOut != priorPackets) {
            validation.afterSending(sock, isCwndLimited, nowNs);
            if (!isCwndLimited && Chrono.isBufferTooSmall(sock)) {
                setbacks.of(sock);
                Chrono.start(sock, Chrono.BUFFER_LIMITED, nowNs);
            }
        }
        if (sock.packetsOut != priorPackets) {
            xmitTimer.onSent(sock, priorPackets, nowNs);
        }
        return result != REFUSED;
    }

    /** A larger segment than usual, to see whether it arrives. False when a frame was refused. */
    private boolean sendProbe(TcpSock sock, int length, long nowNs) {
        if (!fresh.send(sock, length, length, ACK | PushMarks.flag(sock, length), nowNs)) {
            return false;
        }
        MtuProber.onSent(sock, length);
        return true;
    }

    /** Sends what may leave; answers what ended it. */
    private int sendWhileAllowed(TcpSock sock, int full, boolean isNagleOff, long nowNs) {
        int burst = 0;
        while (sock.sndNxt != sock.sendEnd() && sock.inFlight() < sock.congestion.cwnd) {
            final int unsent = sock.writeSeq - sock.sndNxt;
            burst = burst == 0 ? deferral.burst(sock, unsent, full, nowNs) : burst;
            if (burst <= 0) {
                return burst;
            }
            burst--;
            final int length = Math.min(unsent >= full ? unsent : PushMarks.pushedOf(sock, unsent), full);
            final int window = sock.sndWindowEnd() - sock.sndNxt;
            if (length > window || length == 0 && window <= 0) {
                return WINDOW_FULL; // sender's half of silly-window avoidance: a whole segment, or none
            }
            final boolean isFin = sock.isFinQueued && length == unsent && length < window;
            final boolean isHeld = length < full && !isFin && (length <= 0 || !isNagleOff && !Nagle.isOpen(sock));
            if (isHeld || smallQueues.isFull(sock)) {
                break;
            }
            final int flags = PushMarks.flag(sock, length) | (isFin ? FIN | ACK : ACK);
            if (!fresh.send(sock, length, full, flags, nowNs)) {
                return REFUSED;
            }
        }
        return DONE;
    }
}
