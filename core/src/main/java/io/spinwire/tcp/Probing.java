package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Makes a silent peer speak, whatever the congestion window says: new data as far as its window takes it, or else a
 * segment that it must answer. Egress, called by timers. Engine thread only.
 */
final class Probing {
    private final FreshSegments fresh;
    private final Transmit transmit;
    private final SockTimers timers;
    private final XmitTimer xmitTimer;
    private final Counters counters;
    private final Hooks hooks;
    private final long minProbeNs;

    Probing(FreshSegments fresh, Transmit transmit, XmitTimer xmitTimer, TcpOutput.Rooms rooms, TcpConfig config) {
        this.fresh = fresh;
        this.transmit = transmit;
        this.xmitTimer = xmitTimer;
        timers = rooms.timers();
        counters = rooms.counters();
        hooks = rooms.hooks();
        minProbeNs = config.minRtoNs();
    }

    /** What it sends new data with. */
    FreshSegments fresh() {
        return fresh;
    }

    /**
     * Something waits, nothing is in flight: only a probe can get it moving. Linux: {@code tcp_check_probe_timer()}.
     */
    void checkTimer(TcpSock sock, long nowNs) {
        if (sock.packetsOut == 0
                && sock.rtxDeadlineNs == Long.MAX_VALUE
                && sock.paceDeadlineNs == Long.MAX_VALUE
                && sock.sndNxt != sock.sendEnd()
                && sock.canSend()) {
            timers.armRtx(sock, SockTimers.PROBE0, nowNs + Math.max(sock.rtoNs, minProbeNs));
        }
    }

    /** Whether a new segment fits the peer's window: a tail loss probe would be one. */
    boolean hasNew(TcpSock sock) {
        fresh.readWriteSeq(sock);
        final int window = sock.sndWindowEnd() - sock.sndNxt;
        final boolean fits = window > 0 && window >= Math.min(sock.writeSeq - sock.sndNxt, SegmentSize.payload(sock));
        return fits && sock.canSend() && sock.sndNxt != sock.sendEnd();
    }

    /** Sends it, whatever the congestion window says. False when a frame was refused. */
    boolean sendNew(TcpSock sock, long nowNs) {
        final int unsent = sock.writeSeq - sock.sndNxt;
        final int length = Math.min(unsent, SegmentSize.payload(sock));
        final boolean isFin = sock.isFinQueued && length == unsent && length < sock.sndWindowEnd() - sock.sndNxt;
        final int flags = PushMarks.flag(sock, length) | (isFin ? FIN | ACK : ACK);
        return fresh.send(sock, length, SegmentSize.payload(sock), flags, nowNs);
    }

    /**
     * Makes the peer speak: sends what fits its window, or else a probe. Linux: {@code tcp_write_wakeup()}.
     *
     * @return false when a frame was refused
     */
    boolean wakeUp(TcpSock sock, long nowNs) {
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
            final boolean isSent = fresh.send(sock, length, full, isFin ? FIN | PSH | ACK : PSH | ACK, nowNs);
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
