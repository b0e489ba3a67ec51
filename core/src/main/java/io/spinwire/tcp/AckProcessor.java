package io.spinwire.tcp;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.AckSample;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * What a peer's ACK does: window update, cleaning of the rtx queue, round-trip time, recovery, timers. RFC 9293 section
 * 3.10.7.4, fifth check. Engine thread only. Linux: {@code tcp_ack()}.
 */
final class AckProcessor {
    /** Taken: it may have moved sndUna, or not. */
    static final int TAKEN = 0;

    /** Older than sndUna, within the largest window: nothing to do, the rest of the segment counts. */
    static final int OLD = 1;

    /** Older than any window ever offered: a blind guess (RFC 5961 section 5.2); drop, challenge. */
    static final int TOO_OLD = 2;

    /** Acknowledges what was never sent: drop, and say where we are. */
    static final int UNSENT = 3;

    private static final long CONFIRM_INTERVAL_NS = 4_000_000; // a jiffy at HZ 250: Linux keeps the time in jiffies

    private final AckResult result = new AckResult();
    private final RtxCleaner cleaner;
    private final Scoreboard scoreboard;
    private final Recovery recovery;
    private final LossProbe lossProbe;
    private final CongestionSignals congestion;
    private final RttEstimator rtt;
    private final LentQueues queues;
    private final SockTimers timers;
    private final XmitTimer xmitTimer;
    private final IpConfirm confirm;
    private final Hooks hooks;
    private final Counters counters;
    private final int initialReordering;
    private long confirmedDst = IpOutput.UNREACHABLE;
    private long confirmedNs;

    /** Tells IP that the neighbour is alive. Linux: dst_confirm(). */
    @FunctionalInterface
    interface IpConfirm {
        void onProgress(long dst, long nowNs);
    }

    AckProcessor(RecoveryRooms rooms, RttEstimator rtt, LentQueues queues, IpConfirm confirm, Watching watching) {
        cleaner = rooms.cleaner;
        scoreboard = rooms.scoreboard;
        recovery = rooms.recovery;
        lossProbe = rooms.lossProbe;
        congestion = rooms.congestion;
        xmitTimer = rooms.xmitTimer;
        this.rtt = rtt;
        this.queues = queues;
        this.confirm = confirm;
        timers = watching.timers();
        hooks = watching.hooks();
        counters = watching.counters();
        initialReordering = watching.initialReordering();
    }

    /** Timers to set, hooks to fire, and the reordering with which a connection begins. */
    record Watching(SockTimers timers, Hooks hooks, Counters counters, int initialReordering) {}

    /** Takes the segment's ACK. */
    int process(TcpSock sock, Segment segment) {
        final int ack = segment.ackSeq;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_ack, sock.index, ack - sock.sndUna);
        }
        if (SeqNum.isBefore(ack, sock.sndUna)) {
            return takeOld(sock, segment);
        }
        if (SeqNum.isAfter(ack, sock.sndNxt)) {
            return UNSENT;
        }
        begin(sock, segment);
        sock.softError = 0; // whoever said the peer cannot be reached was wrong
        sock.probesOut = 0;
        sock.probesStampNs = 0;
        sock.lastReceivedNs = segment.receivedNs; // only what passed all checks is a sign of life
        if (updateWindow(sock, segment)) {
            result.set(AckResult.WIN_UPDATE);
        }
        final int priorPackets = sock.packetsOut;
        if (ack != sock.sndUna) {
            advance(sock, ack);
        }
        if (segment.sackCount > 0 && sock.hasSack) {
            scoreboard.tag(sock, segment, result);
            sock.delivered += result.sackDelivered;
        }
        if (priorPackets == 0) {
            takeWithNothingInFlight(sock);
        } else {
            takeWithDataInFlight(sock, segment);
        }
        return TAKEN;
    }

    private void begin(TcpSock sock, Segment segment) {
        congestion.sample.clear();
        congestion.sample.priorInFlight = sock.inFlight();
        result.begin(sock, segment);
        if (EcnInput.isEcho(sock, segment)) {
            result.set(AckResult.ECE);
            congestion.sample.isEce = true;
        }
    }

    /** Overtaken by another, which may have said less: its SACK blocks still count. */
    private int takeOld(TcpSock sock, Segment segment) {
        final int known = (int) Math.min(sock.maxWindow, sock.bytesAcked); // RFC 5961 section 5.2, and never sent
        if (SeqNum.isBefore(segment.ackSeq, sock.sndUna - known)) {
            return TOO_OLD;
        }
        if (segment.sackCount > 0 && sock.hasSack) {
            begin(sock, segment);
            scoreboard.tag(sock, segment, result);
            sock.delivered += result.sackDelivered;
            recovery.onAck(sock, result);
            sock.rexmit = (byte) Math.max(sock.rexmit, result.rexmit);
        }
        return OLD;
    }

    /**
     * The usual ACK, and all that loss recovery and congestion control make of it. Longer than the JIT inlines, and to
     * stay so ({@code CompilationUnitTest}). The end of it in Linux: {@code tcp_cong_control()}.
     */
    private void takeWithDataInFlight(TcpSock sock, Segment segment) {
        final AckSample sample = congestion.sample;
        cleaner.clean(sock, segment, result);
        Rack.updateWindow(sock, sample);
        if (sock.hasTlp) {
            lossProbe.onAck(sock, result);
        }
        if (isDubious(sock)) {
            if (!result.has(AckResult.SND_UNA_ADVANCED | AckResult.NOT_DUP | AckResult.DSACKING_ACK)) {
                result.dupAcks = 1;
            }
            recovery.onAck(sock, result);
        }
        if (result.has(AckResult.SET_XMIT_TIMER)) {
            xmitTimer.set(sock, result.nowNs);
        }
        if (result.has(AckResult.FORWARD_PROGRESS) || !result.has(AckResult.NOT_DUP)) {
            confirmNeighbour(sock);
        }
        sample.ackedSacked = sock.delivered - result.priorDelivered;
        sample.losses = sock.lost - result.priorLost;
        result.countMarks(sock);
        counters.add(Counter.TcpDelivered, sample.ackedSacked);
        if (sample.isEce) {
            counters.add(Counter.TcpDeliveredCE, sample.ackedSacked);
        }
        DeliveryRate.measure(sock, sample, result.wasReneging, result.nowNs);
        final boolean isReducing = Reduction.isReducing(sock);
        congestion.control(sock, !isReducing && mayRaiseWindow(sock), result.nowNs);
        if (isReducing) {
            final boolean hasProgress = result.has(AckResult.SND_UNA_ADVANCED) && sample.losses == 0;
            Reduction.step(sock, sample.ackedSacked, hasProgress);
        }
        congestion.updatePacing(sock, result.nowNs);
        sock.rexmit = (byte) Math.max(sock.rexmit, result.rexmit);
        if (sock.packetsOut == 0) {
            queues.releaseLater(sock);
        }
    }

    /** Once in a while is enough for one neighbour: its word is good for seconds. */
    private void confirmNeighbour(TcpSock sock) {
        final long nowNs = result.nowNs;
        if (sock.dst != confirmedDst || nowNs - confirmedNs >= CONFIRM_INTERVAL_NS) {
            confirmedDst = sock.dst;
            confirmedNs = nowNs;
            confirm.onProgress(sock.dst, nowNs);
        }
    }

    /** Linux: {@code tcp_ack_is_dubious()}. */
    private boolean isDubious(TcpSock sock) {
        return !result.has(AckResult.NOT_DUP)
                || result.has(AckResult.CA_ALERT)
                || sock.congestionState != CongestionState.OPEN;
    }

    /**
     * Where much is reordered all that arrives counts; else only what arrives in order (RFC 5681). Linux:
     * {@code tcp_may_raise_cwnd()}.
     */
    private boolean mayRaiseWindow(TcpSock sock) {
        return result.has(sock.reordering > initialReordering ? AckResult.FORWARD_PROGRESS : AckResult.DATA_ACKED);
    }

    /**
     * RFC 9293 section 3.10.7.4: only a newer segment, or an ACK of more, may change the window. Linux:
     * {@code tcp_ack_update_window()}.
     */
    private static boolean updateWindow(TcpSock sock, Segment segment) {
        final int window = segment.isSyn() ? segment.window : segment.window << sock.sndWscale;
        final boolean isNewer = SeqNum.isAfter(segment.ackSeq, sock.sndUna)
                || SeqNum.isAfter(segment.seq, sock.sndWl1)
                || segment.seq == sock.sndWl1 && (window > sock.sndWnd || window == 0);
        if (!isNewer) {
            return false;
        }
        sock.sndWl1 = segment.seq;
        if (window != sock.sndWnd) {
            sock.sndWnd = window;
            sock.predFlags = 0; // header prediction is set up anew by the slow path
            sock.maxWindow = Math.max(sock.maxWindow, window);
        }
        return true;
    }

    /** Moves sndUna. Linux: {@code tcp_snd_una_update()}. */
    private void advance(TcpSock sock, int ack) {
        result.set(AckResult.SND_UNA_ADVANCED);
        sock.retransmits = 0;
        final boolean isSynAcked =
                sock.sndUna == sock.iss && sock.bytesAcked == 0; // 4 GiB later iss is a byte's number
        final boolean isFinAcked = sock.isFinSent && ack == sock.writeSeq + 1;
        final int dataBytes = ack - sock.sndUna - (isSynAcked ? 1 : 0) - (isFinAcked ? 1 : 0);
        sock.sndUna = ack;
        if (dataBytes > 0) {
            sock.bytesAcked += dataBytes;
            sock.writeQueue.release(sock.writeQueue.releasedPosition() + dataBytes);
        }
        if (sock.isUrgent && SeqNum.isAfterOrAt(ack, sock.sndUp)) {
            sock.isUrgent = false;
        }
        if (SeqNum.isBefore(sock.sndSml, ack)) {
            sock.sndSml = ack;
        }
    }

    private void takeWithNothingInFlight(TcpSock sock) {
        if (result.has(AckResult.DSACKING_ACK)) {
            recovery.onAck(sock, result); // a reduction may still be undone
        }
        onProbeAnswer(sock, result.nowNs);
        if (sock.hasTlp) {
            lossProbe.onAck(sock, result);
        }
    }

    /** This may be the answer to a zero-window probe. Linux: {@code tcp_ack_probe()}. */
    private void onProbeAnswer(TcpSock sock, long nowNs) {
        if (sock.sndNxt == sock.sendEnd() || !sock.canSend()) {
            return;
        }
        final int waiting = Math.min(sock.writeSeq - sock.sndNxt, sock.mss);
        if (sock.sndWnd >= Math.max(waiting, 1)) {
            sock.backoff = 0;
            SockTimers.clearRtx(sock); // the window is open: the output step sends
        } else {
            timers.armRtx(sock, SockTimers.PROBE0, nowNs + rtt.backedOffNs(sock));
        }
    }
}
