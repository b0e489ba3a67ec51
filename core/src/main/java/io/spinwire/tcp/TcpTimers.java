package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.queue.TimerHandler;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * What happens when a socket's timer is due: retransmission, zero-window probe, delayed ACK, keepalive, linger,
 * FIN_WAIT_2. Engine thread only. Linux: tcp_timer.c.
 */
final class TcpTimers implements TimerHandler {
    private static final int MAX_DOUBLINGS = 30;

    private final SockPool socks;
    private final SockTimers timers;
    private final AckPolicy ackPolicy;
    private final RttEstimator rtt;
    private final Recovery recovery;
    private final LossState lossState;
    private final LossProbe lossProbe;
    private final XmitTimer xmitTimer;
    private final Transmit transmit;
    private final Retransmit retransmit;
    private final TcpOutput output;
    private final FastOpenChild fastOpen;
    private final FastOpenBlackHole blackHole;
    private final Teardown teardown;
    private final Opening opening;
    private final OutputList pending;
    private final Counters counters;
    private final SetbackPool setbacks;
    private final TcpConfig config;

    TcpTimers(
            Watching watching,
            Sending sending,
            Teardown teardown,
            Opening opening,
            TcpOutput.Rooms rooms,
            TcpConfig config) {
        socks = watching.socks();
        ackPolicy = watching.ackPolicy();
        rtt = watching.rtt();
        recovery = watching.rooms().recovery;
        lossState = watching.rooms().lossState;
        lossProbe = watching.rooms().lossProbe;
        xmitTimer = watching.rooms().xmitTimer;
        transmit = sending.transmit();
        retransmit = sending.retransmit();
        output = sending.output();
        fastOpen = sending.fastOpen();
        blackHole = sending.blackHole();
        this.teardown = teardown;
        this.opening = opening;
        timers = rooms.timers();
        pending = rooms.pending();
        counters = rooms.counters();
        setbacks = rooms.setbacks();
        this.config = config;
    }

    /** Rooms that know what is due. */
    record Watching(SockPool socks, AckPolicy ackPolicy, RttEstimator rtt, RecoveryRooms rooms) {}

    /** Rooms that send it. */
    record Sending(
            Transmit transmit,
            Retransmit retransmit,
            TcpOutput output,
            FastOpenChild fastOpen,
            FastOpenBlackHole blackHole) {}

    @Override
    public void onTimer(int index, long nowNs) {
        final TcpSock sock = socks.get(index);
        SockTimers.onExpired(sock);
        if (sock.isFinished) {
            return;
        }
        if (sock.delackDeadlineNs <= nowNs) {
            onDelayedAck(sock);
        }
        if (sock.paceDeadlineNs <= nowNs) {
            sock.paceDeadlineNs = Long.MAX_VALUE;
            pending.add(sock);
        }
        if (sock.rtxDeadlineNs <= nowNs) {
            onXmitTimer(sock, nowNs);
        }
        if (!sock.isFinished && sock.sockDeadlineNs <= nowNs) {
            sock.sockDeadlineNs = Long.MAX_VALUE;
            onSockTimer(sock, nowNs);
        }
        if (!sock.isFinished) {
            timers.arm(sock);
        }
        assert SockInvariants.hold(sock);
    }

    /** Linux: {@code tcp_write_timer_handler()}. */
    private void onXmitTimer(TcpSock sock, long nowNs) {
        final byte timer = sock.rtxTimer;
        sock.rtxDeadlineNs = Long.MAX_VALUE;
        if (sock.fastOpens != null) {
            timers.armRtx(sock, SockTimers.RETRANS, nowNs + sock.rtoNs);
            return; // nothing is sent twice before the handshake is complete
        }
        if (timer == SockTimers.LOSS_PROBE) {
            output.checkPathMtu(sock);
            lossProbe.onTimer(sock, nowNs);
        } else if (timer == SockTimers.REO_TIMEOUT) {
            onReorderingTimeout(sock, nowNs);
        } else {
            sock.rtxTimer = SockTimers.NONE;
            if (timer == SockTimers.RETRANS) {
                onRetransmissionTimeout(sock, nowNs);
            } else {
                onProbe(sock, nowNs);
            }
        }
    }

    private void onReorderingTimeout(TcpSock sock, long nowNs) {
        if (recovery.onReorderingTimeout(sock, nowNs)) {
            sock.rexmit = Retransmit.LOST;
            pending.add(sock);
        }
        xmitTimer.rearm(sock, nowNs);
    }

    private void onDelayedAck(TcpSock sock) {
        sock.delackDeadlineNs = Long.MAX_VALUE;
        ackPolicy.onTimer(sock);
        if (sock.isAckNow) {
            counters.increment(Counter.TcpDelayedAcks);
            pending.add(sock);
        }
    }

    // ---- Retransmission ----

    /** RFC 6298 section 5.4 to 5.7. Linux: {@code tcp_retransmit_timer()}. */
    private void onRetransmissionTimeout(TcpSock sock, long nowNs) {
        if (sock.sndWnd == 0 && !sock.isOrphan && sock.canSend()) {
            retransmitToClosedWindow(sock, nowNs);
            return;
        }
        final boolean isHopeless = isHopeless(sock, nowNs);
        blackHole.onTimeout(sock, isHopeless, nowNs);
        if (isHopeless) {
            teardown.giveUp(sock, sock.options.userTimeoutNs() > 0 ? CloseReason.USER_TIMEOUT : CloseReason.TIMED_OUT);
            return;
        }
        if (isDoubtful(sock, nowNs)) {
            output.prober().onBlackHole(sock, nowNs);
        }
        counters.increment(Counter.TcpTimeouts);
        lossState.enter(sock, nowNs);
        RtoRun.onTimeout(sock, setbacks.of(sock), nowNs);
        sock.retransmits++;
        output.checkPathMtu(sock);
        repeatHead(sock, nowNs);
    }

    /**
     * The peer has closed its window after the data had left: a retransmission is a probe of it, and while the peer
     * answers, no number of them is too many. RFC 9293 section 3.8.6.1. Linux: {@code tcp_retransmit_timer()}, where
     * the window is zero.
     */
    private void retransmitToClosedWindow(TcpSock sock, long nowNs) {
        if (isSilent(sock, nowNs)) {
            teardown.giveUp(sock, sock.options.userTimeoutNs() > 0 ? CloseReason.USER_TIMEOUT : CloseReason.TIMED_OUT);
            return;
        }
        lossState.enter(sock, nowNs);
        output.checkPathMtu(sock);
        repeatHead(sock, nowNs);
    }

    /** Linux: {@code tcp_rtx_probe0_timed_out()}. */
    private boolean isSilent(TcpSock sock, long nowNs) {
        final long userNs = sock.options.userTimeoutNs();
        final long sinceNs = nowNs - (sock.retransStampNs == 0 ? sock.rtxQueue.sentNs(0) : sock.retransStampNs);
        if (userNs > 0 && sinceNs >= userNs) {
            return true;
        }
        final long most = userNs > 0 ? Math.min(userNs, 2 * config.maxRtoNs()) : 2 * config.maxRtoNs();
        return nowNs - sock.lastReceivedNs > most && sinceNs > most;
    }

    /** Sends the head again, or has it sent; the next time is twice as far away. */
    private void repeatHead(TcpSock sock, long nowNs) {
        if (!retransmit.sendHead(sock, nowNs)) {
            sock.rexmit = Retransmit.LOST;
            pending.add(sock); // it is marked lost: the output step sends it as soon as there is a frame
        }
        final boolean isLinear = sock.state == TcpState.SYN_SENT && sock.retransmits <= config.synLinearTimeouts();
        if (!isLinear && sock.backoff < MAX_DOUBLINGS) {
            sock.backoff++;
        }
        timers.armRtx(sock, SockTimers.RETRANS, nowNs + limitedByUser(sock, rtt.backedOffNs(sock), nowNs));
    }

    /**
     * The network says that what was sent again found no way: that it got no answer was not for congestion, and one
     * doubling is taken back. RFC 6069. Linux: {@code tcp_ld_RTO_revert()}.
     */
    void revertBackoff(TcpSock sock, long nowNs) {
        if (sock.retransmits == 0 || sock.backoff == 0 || sock.packetsOut == 0 || sock.fastOpens != null) {
            return;
        }
        sock.backoff--;
        final long dueNs = sock.rtxQueue.sentNs(0) + rtt.backedOffNs(sock);
        if (dueNs > nowNs) {
            timers.armRtx(sock, SockTimers.RETRANS, dueNs);
        } else {
            SockTimers.clearRtx(sock);
            onRetransmissionTimeout(sock, nowNs);
        }
    }

    /** So many retransmissions in vain that the path may be at fault. RFC 1122 section 4.2.3.5, R1. */
    private boolean isDoubtful(TcpSock sock, long nowNs) {
        return sock.isSynchronised()
                && sock.retransmits > 0
                && nowNs - sock.retransStampNs >= timeoutNs(config.retriesBeforeDoubt());
    }

    /** Linux: {@code tcp_write_timeout()}. */
    private boolean isHopeless(TcpSock sock, long nowNs) {
        final long userNs = sock.options.userTimeoutNs();
        if (userNs > 0 && sock.retransmits > 0 && nowNs - sock.retransStampNs >= userNs) {
            return true;
        }
        if (sock.state == TcpState.SYN_SENT || sock.state == TcpState.SYN_RECEIVED) { // then both sides opened at once
            final int own = sock.options.synCount();
            final int linear = sock.state == TcpState.SYN_SENT ? config.synLinearTimeouts() : 0;
            return sock.retransmits >= (own == 0 ? config.synRetries() : own) + linear;
        }
        if (sock.retransmits == 0 || userNs > 0) {
            return false;
        }
        final int retries = sock.isOrphan ? config.orphanRetries() : config.retries();
        return nowNs - sock.retransStampNs >= timeoutNs(retries);
    }

    /** How long {@code retries} doublings of the least RTO take. Linux: {@code tcp_model_timeout()}. */
    private long timeoutNs(int retries) {
        final long base = config.minRtoNs();
        final long max = config.maxRtoNs();
        long total = 0;
        long interval = base;
        for (int i = 0; i <= retries; i++) {
            total += interval;
            interval = Math.min(interval << 1, max);
        }
        return total;
    }

    private static long limitedByUser(TcpSock sock, long intervalNs, long nowNs) {
        final long userNs = sock.options.userTimeoutNs();
        if (userNs == 0 || sock.retransStampNs == 0) {
            return intervalNs;
        }
        return Math.max(Math.min(intervalNs, sock.retransStampNs + userNs - nowNs), 1_000_000);
    }

    // ---- Zero-window probe ----

    /** RFC 9293 section 3.8.6.1. Linux: {@code tcp_probe_timer()}. */
    private void onProbe(TcpSock sock, long nowNs) {
        if (sock.sndNxt == sock.sendEnd() || !sock.canSend()) {
            sock.probesOut = 0;
            return;
        }
        if (sock.probesStampNs == 0) {
            sock.probesStampNs = nowNs;
        }
        final long userNs = sock.options.userTimeoutNs();
        if (userNs > 0 && nowNs - sock.probesStampNs >= userNs) {
            teardown.giveUp(sock, CloseReason.USER_TIMEOUT);
            return;
        }
        if (sock.probesOut >= (sock.isOrphan ? config.orphanRetries() : config.retries())) {
            teardown.giveUp(sock, CloseReason.TIMED_OUT);
            return;
        }
        if (output.probing().wakeUp(sock, nowNs)) {
            if (sock.packetsOut > 0) {
                sock.probesOut = 0; // it was data, whose own timer runs
                return;
            }
            sock.probesOut++;
            if (sock.backoff < MAX_DOUBLINGS) {
                sock.backoff++;
            }
        }
        if (sock.rtxDeadlineNs == Long.MAX_VALUE) {
            timers.armRtx(sock, SockTimers.PROBE0, nowNs + Math.max(rtt.backedOffNs(sock), config.minRtoNs()));
        }
    }

    // ---- Keepalive, linger, FIN_WAIT_2 ----

    /** Linux: {@code tcp_keepalive_timer()}. */
    private void onSockTimer(TcpSock sock, long nowNs) {
        if (sock.lingerDeadlineNs <= nowNs) {
            counters.increment(Counter.TcpAbortOnLinger);
            teardown.abort(sock, CloseReason.ABORTED);
        } else if (sock.fastOpens != null) {
            fastOpen.onTimer(sock, nowNs);
        } else if (sock.isOrphan && sock.state == TcpState.FIN_WAIT_2) {
            teardown.finish(sock, CloseReason.NORMAL); // the peer keeps its side open, and nobody here would read it
        } else if (sock.options.keepAlive() && !sock.isOrphan) {
            keepAlive(sock, nowNs);
        }
        if (!sock.isFinished && sock.lingerDeadlineNs != Long.MAX_VALUE) {
            sock.sockDeadlineNs = Math.min(sock.sockDeadlineNs, sock.lingerDeadlineNs);
        }
    }

    /** RFC 9293 section 3.8.4. */
    private void keepAlive(TcpSock sock, long nowNs) {
        final long idleNs = opening.keepAliveIdleNs(sock);
        final long lastHeardNs = sock.lastHeardNs();
        final long quietNs = nowNs - lastHeardNs;
        if (sock.packetsOut > 0 || sock.sndNxt != sock.sendEnd()) {
            sock.sockDeadlineNs = nowNs + idleNs; // data in flight is its own probe
            return;
        }
        if (quietNs < idleNs) {
            sock.sockDeadlineNs = lastHeardNs + idleNs;
            return;
        }
        final int count = sock.options.keepAliveCount() == 0 ? config.keepAliveCount() : sock.options.keepAliveCount();
        final long userNs = sock.options.userTimeoutNs();
        if (userNs > 0 ? quietNs >= userNs && sock.probesOut > 0 : sock.probesOut >= count) {
            counters.increment(Counter.TcpAbortOnTimeout);
            teardown.abort(sock, CloseReason.TIMED_OUT);
            return;
        }
        counters.increment(Counter.TcpKeepAlive);
        if (transmit.sendProbe(sock, nowNs)) {
            sock.probesOut++;
        }
        final long intervalNs = sock.options.keepAliveIntervalNs() == 0
                ? config.keepAliveIntervalNs()
                : sock.options.keepAliveIntervalNs();
        sock.sockDeadlineNs = nowNs + intervalNs;
    }
}
