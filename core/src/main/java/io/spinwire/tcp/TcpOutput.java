package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
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
    private static final int DONE = 0;
    private static final int WINDOW_FULL = 1;
    private static final int REFUSED = 2; // a frame, or memory

    private final Transmit transmit;
    private final PendingResets pendingResets;
    private final Retransmit retransmit;
    private final PathMtu pathMtu;
    private final MtuProber prober;
    private final LentQueues queues;
    private final SockTimers timers;
    private final OutputList pending;
    private final SmallQueues smallQueues;
    private final XmitTimer xmitTimer;
    private final CongestionSignals congestion;
    private final CongestionValidation validation;
    private final Pacing pacing;
    private final Counters counters;
    private final SendSpace sendSpace;
    private final SetbackPool setbacks;
    private final Hooks hooks;
    private final long minProbeNs;
    private ActiveOpen active;
    private boolean isRefused;

    TcpOutput(
            Transmit transmit,
            Retransmit retransmit,
            MtuProber prober,
            LentQueues queues,
            Rooms rooms,
            TcpConfig config) {
        this.transmit = transmit;
        this.retransmit = retransmit;
        xmitTimer = retransmit.xmitTimer();
        this.prober = prober;
        pathMtu = prober.pathMtu();
        this.queues = queues;
        pacing = transmit.pacing();
        pendingResets = transmit.pendingResets();
        timers = rooms.timers();
        pending = rooms.pending();
        smallQueues = rooms.smallQueues();
        sendSpace = rooms.sendSpace();
        congestion = rooms.congestion();
        validation = new CongestionValidation(congestion, config);
        counters = rooms.counters();
        setbacks = rooms.setbacks();
        hooks = rooms.hooks();
        minProbeNs = config.minRtoNs();
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
        readWriteSeq(sock);
        if (sock.sndNxt == sock.sendEnd()) {
            return true;
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_push_pending_frames, sock.index, sock.sendEnd() - sock.sndNxt);
        }
        Chrono.start(sock, Chrono.BUSY, nowNs);
        validation.beforeSending(sock, nowNs);
        final boolean isSent = writeXmit(sock, isNagleOff, nowNs);
        checkProbeTimer(sock, nowNs);
        return isSent;
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
        final boolean isCwndLimited = sock.inFlight() >= sock.congestion.cwnd;
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
        if (!sendNew(sock, length, length, ACK | PushMarks.flag(sock, length), nowNs)) {
            return false;
        }
        MtuProber.onSent(sock, length);
        return true;
    }

    /** Sends what may leave; answers what ended it. */
    private int sendWhileAllowed(TcpSock sock, int full, boolean isNagleOff, long nowNs) {
        int burst = 0;
        while (sock.sndNxt != sock.sendEnd() && sock.inFlight() < sock.congestion.cwnd) {
            burst = burst == 0 ? pacing.burst(sock, nowNs) : burst;
            if (burst == 0) {
                break;
            }
            burst--;
            final int unsent = sock.writeSeq - sock.sndNxt;
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
            if (!sendNew(sock, length, full, flags, nowNs)) {
                return REFUSED;
            }
        }
        return DONE;
    }

    /**
     * Sends the next {@code length} bytes, and notes it. False when a frame, or memory for the note, was refused.
     *
     * @param full bytes with which a segment is not a small one
     * @param flags of the header
     */
    private boolean sendNew(TcpSock sock, int length, int full, int flags, long nowNs) {
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

    /**
     * Something waits, nothing is in flight: only a probe can get it moving. Linux: {@code tcp_check_probe_timer()}.
     */
    void checkProbeTimer(TcpSock sock, long nowNs) {
        if (sock.packetsOut == 0
                && sock.rtxDeadlineNs == Long.MAX_VALUE
                && sock.paceDeadlineNs == Long.MAX_VALUE
                && sock.sndNxt != sock.sendEnd()
                && sock.canSend()) {
            timers.armRtx(sock, SockTimers.PROBE0, nowNs + Math.max(sock.rtoNs, minProbeNs));
        }
    }

    /** Whether a new segment fits the peer's window: a tail loss probe would be one. */
    boolean hasNewForProbe(TcpSock sock) {
        readWriteSeq(sock);
        final int window = sock.sndWindowEnd() - sock.sndNxt;
        final boolean fits = window > 0 && window >= Math.min(sock.writeSeq - sock.sndNxt, SegmentSize.payload(sock));
        return fits && sock.canSend() && sock.sndNxt != sock.sendEnd();
    }

    /** Sends it, whatever the congestion window says. False when a frame was refused. */
    boolean sendNewForProbe(TcpSock sock, long nowNs) {
        final int unsent = sock.writeSeq - sock.sndNxt;
        final int length = Math.min(unsent, SegmentSize.payload(sock));
        final boolean isFin = sock.isFinQueued && length == unsent && length < sock.sndWindowEnd() - sock.sndNxt;
        final int flags = PushMarks.flag(sock, length) | (isFin ? FIN | ACK : ACK);
        return sendNew(sock, length, SegmentSize.payload(sock), flags, nowNs);
    }

    /**
     * Makes the peer speak: sends what fits its window, or else a probe. Linux: {@code tcp_write_wakeup()}.
     *
     * @return false when a frame was refused
     */
    boolean writeWakeup(TcpSock sock, long nowNs) {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_write_wakeup, sock.index, sock.sendEnd() - sock.sndNxt);
        }
        final int window = sock.sndWindowEnd() - sock.sndNxt;
        final int unsent = sock.writeSeq - sock.sndNxt;
        if (sock.canSend() && sock.sndNxt != sock.sendEnd() && window > 0) {
            final int full = SegmentSize.payload(sock);
            final int length = Math.min(Math.min(unsent, window), full);
            sock.backoff = 0; // of probes; what is sent now has a timeout of its own
            final boolean isFin = sock.isFinQueued && length == unsent && length < window;
            final boolean isSent = sendNew(sock, length, full, isFin ? FIN | PSH | ACK : PSH | ACK, nowNs);
            if (isSent && sock.packetsOut == 1) {
                xmitTimer.rearm(sock, nowNs);
            }
            return isSent;
        }
        counters.increment(Counter.TcpWinProbe);
        return (!Urgent.isWorthAProbe(sock) || transmit.sendProbe(sock, sock.sndUna, nowNs))
                && transmit.sendProbe(sock, nowNs);
    }
}
