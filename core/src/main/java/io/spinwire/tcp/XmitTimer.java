package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.queue.RtxQueue;
import io.spinwire.tcp.cc.CongestionState;

/**
 * When the one timer of what is in flight fires, and for what: the retransmission timeout (RFC 6298 section 5), or
 * before it a tail loss probe (RFC 8985 section 7.2). Engine thread only. Linux: {@code tcp_rearm_rto()},
 * {@code tcp_schedule_loss_probe()}.
 */
final class XmitTimer {
    private final SockTimers timers;
    private final long minRtoNs;
    private final long maxRtoNs;
    private final long initialRtoNs;
    private final boolean isTlpOn;

    XmitTimer(SockTimers timers, TcpConfig config) {
        this.timers = timers;
        minRtoNs = config.minRtoNs();
        maxRtoNs = config.maxRtoNs();
        initialRtoNs = config.initialRtoNs();
        isTlpOn = config.tlp();
    }

    /** An ACK has taken something from the network. Linux: {@code tcp_set_xmit_timer()}. */
    void set(TcpSock sock, long nowNs) {
        if (!scheduleLossProbe(sock, rtoNs(sock), nowNs)) {
            rearm(sock, nowNs);
        }
    }

    /** New data has been sent, beside {@code priorPackets} segments that were in flight. */
    void onSent(TcpSock sock, int priorPackets, long nowNs) {
        if (scheduleLossProbe(sock, rtoLeftNs(sock, nowNs), nowNs)) {
            return;
        }
        if (priorPackets == 0 || sock.rtxTimer == SockTimers.LOSS_PROBE) {
            rearm(sock, nowNs);
        }
    }

    /** The timeout runs again, or goes on where a probe had taken its place. Linux: {@code tcp_rearm_rto()}. */
    void rearm(TcpSock sock, long nowNs) {
        if (sock.packetsOut == 0) {
            SockTimers.clearRtx(sock);
            return;
        }
        final boolean goesOn = sock.rtxTimer == SockTimers.REO_TIMEOUT || sock.rtxTimer == SockTimers.LOSS_PROBE;
        final long delayNs = goesOn ? Math.max(rtoLeftNs(sock, nowNs), 1) : rtoNs(sock);
        arm(sock, SockTimers.RETRANS, delayNs, nowNs);
    }

    /** The timeout runs from now on: the head has been sent again. */
    void restart(TcpSock sock, long nowNs) {
        timers.armRtx(sock, SockTimers.RETRANS, nowNs + rtoNs(sock));
    }

    /** Linux: {@code tcp_schedule_loss_probe()}. */
    private boolean scheduleLossProbe(TcpSock sock, long rtoLeftNs, long nowNs) {
        final boolean isCalm =
                sock.congestionState == CongestionState.OPEN || sock.congestionState == CongestionState.CWR;
        if (!isTlpOn || !sock.hasSack || !isCalm || sock.packetsOut == 0 || sock.fastOpens != null) {
            return false;
        }
        long delayNs = initialRtoNs;
        if (sock.srttUs != 0) {
            final long waitNs = sock.packetsOut == 1 ? minRtoNs : Rack.TIMEOUT_MIN_US * 1000L; // its ACK may be delayed
            delayNs = (sock.srttUs >> 2) * 1000L + waitNs; // srttUs is in eighths: two round trips
        }
        if (rtoLeftNs > 0) {
            delayNs = Math.min(delayNs, rtoLeftNs);
        }
        arm(sock, SockTimers.LOSS_PROBE, delayNs, nowNs);
        return true;
    }

    /**
     * What is paced gets the time until it leaves, within the largest timeout. Linux: {@code tcp_reset_xmit_timer()}.
     */
    private void arm(TcpSock sock, byte timer, long delayNs, long nowNs) {
        timers.armRtx(sock, timer, nowNs + Math.min(delayNs + Pacing.delayNs(sock, nowNs), maxRtoNs));
    }

    /** Linux: icsk_rto. */
    private long rtoNs(TcpSock sock) {
        return RttEstimator.backedOffNs(sock, maxRtoNs);
    }

    /** Linux: {@code tcp_rto_delta_us()}. */
    private long rtoLeftNs(TcpSock sock, long nowNs) {
        final RtxQueue queue = sock.rtxQueue;
        return queue == null || queue.isEmpty() ? rtoNs(sock) : queue.sentNs(0) + rtoNs(sock) - nowNs;
    }
}
