package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.RST;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.TcpConfig;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.SeqNum;

/**
 * Makes one segment of a connection and sends it. A frame is claimed before any state changes, so that a refusal leaves
 * everything as it was. Egress, between {@link TcpOutput} and IP. Engine thread only. Linux:
 * {@code tcp_transmit_skb()}.
 */
final class Transmit {
    private final SegmentSender sender;
    private final PendingResets pendingResets;
    private final ReceiveWindow receiveWindow;
    private final Pacing pacing;
    private final long minAtoNs;
    private final Counters counters;
    private final Hooks hooks;
    private final boolean isEcnFallbackOn;

    Transmit(
            SegmentSender sender,
            ReceiveWindow receiveWindow,
            Pacing pacing,
            TcpConfig config,
            Counters counters,
            Hooks hooks) {
        this.sender = sender;
        pendingResets = new PendingResets(sender, counters);
        this.receiveWindow = receiveWindow;
        this.pacing = pacing;
        minAtoNs = config.minDelayedAckNs();
        isEcnFallbackOn = config.ecnFallback();
        this.counters = counters;
        this.hooks = hooks;
    }

    /**
     * Sends {@code dataLength} bytes from {@code seq} on, with the flags given.
     *
     * @return false when no frame could be had: try again in a later turn
     */
    boolean send(TcpSock sock, int seq, int dataLength, int flags, long nowNs) {
        final OutSegment out = sender.out;
        out.flags = flags;
        out.hasTimestamps = sock.hasTimestamps && (flags & RST) == 0;
        out.isSackPermitted = sock.hasSack;
        out.windowScale = sock.hasWindowScaling ? sock.rcvWscale : Segment.NO_WINDOW_SCALE;
        takeSack(sock, out);
        if (!sender.claim(sock.dst, dataLength, nowNs)) {
            return false;
        }
        out.sock = sock.index;
        out.addressPair = sock.addressPair;
        out.ports = sock.ports;
        out.seq = seq;
        out.ackSeq = (flags & ACK) != 0 ? sock.rcvNxt : 0;
        out.mss = sock.advMss;
        out.tsVal = sock.timestamp(nowNs);
        out.tsEcr = sock.tsRecent; // in a SYN: 0, unless the connection is one that was in TIME_WAIT
        out.tos = sock.options.tos();
        out.ttl = sock.options.ttl();
        out.mayFragment = sock.mayFragment;
        out.departureNs = dataLength > 0 ? pacing.departureNs(sock, nowNs) : 0;
        out.urgentPointer = 0;
        if (sock.isUrgent) {
            Urgent.mark(sock, out);
        }
        if (sock.ecnFlags != 0) {
            EcnOutput.mark(sock, out, dataLength, isEcnFallbackOn);
        }
        out.window = window(sock, flags);
        final long position = dataLength > 0 ? sock.sendPosition(seq) : 0;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_transmit_skb, sock.index, dataLength);
        }
        sender.send(sock.dst, sock.writeQueue, position, dataLength);
        note(sock, dataLength, flags, nowNs);
        return true;
    }

    private static void takeSack(TcpSock sock, OutSegment out) {
        if (sock.outOfOrderQueue == null && !sock.hasDsack() || (out.flags & (SYN | RST)) != 0) {
            out.sackCount = 0;
            return;
        }
        out.sackCount = sock.sackCount();
        out.dsackStart = sock.dsackStart;
        out.dsackEnd = sock.dsackEnd;
        out.sackBlocks = sock.outOfOrderQueue == null ? null : sock.outOfOrderQueue.sackBlocks;
    }

    private int window(TcpSock sock, int flags) {
        if ((flags & RST) != 0) {
            return 0;
        }
        if ((flags & SYN) != 0) {
            return receiveWindow.selectInSyn(sock);
        }
        return receiveWindow.select(sock);
    }

    private void note(TcpSock sock, int dataLength, int flags, long nowNs) {
        sock.segsOut++;
        sock.clearDsack(); // RFC 2883 section 4: told once
        if (sock.ecnFlags != 0) {
            EcnOutput.onSent(sock, sender.out);
        }
        if ((flags & ACK) != 0) {
            AckPolicy.onAckSent(sock, minAtoNs);
        }
        if (sender.out.urgentPointer != 0) {
            counters.increment(Counter.TcpUrgentSent);
        }
        if (dataLength > 0) {
            sock.dataSegsOut++;
            sock.bytesSent += dataLength;
            sock.lastSentNs = nowNs;
            Pacing.onSent(sock, dataLength, nowNs);
            AckPolicy.onDataSent(sock, nowNs);
        }
    }

    /** What spaces the segments sent here. */
    Pacing pacing() {
        return pacing;
    }

    /** An ACK without data. Linux: {@code tcp_send_ack()}. */
    boolean sendAck(TcpSock sock, long nowNs) {
        if (!send(sock, acceptableSeq(sock), 0, ACK, nowNs)) {
            return false;
        }
        counters.increment(Counter.TcpOutSegs);
        return true;
    }

    /**
     * An ACK of less than has come: of what came before the marks of routers changed. Linux: {@code __tcp_send_ack()}.
     */
    void sendAckUpTo(TcpSock sock, int ackSeq, long nowNs) {
        final int rcvNxt = sock.rcvNxt;
        sock.rcvNxt = ackSeq;
        sendAck(sock, nowNs);
        sock.rcvNxt = rcvNxt;
    }

    /** A reset that ends a synchronized connection from this side. Linux: {@code tcp_send_active_reset()}. */
    void sendReset(TcpSock sock, long nowNs) {
        final int seq = acceptableSeq(sock);
        if (send(sock, seq, 0, RST | ACK, nowNs)) {
            counters.increment(Counter.TcpOutSegs);
        } else {
            pendingResets.add(sock, seq);
        }
    }

    /** Those that found no frame. */
    PendingResets pendingResets() {
        return pendingResets;
    }

    /** A probe that the peer must answer, because its sequence number is old. Linux: {@code tcp_xmit_probe_skb()}. */
    boolean sendProbe(TcpSock sock, long nowNs) {
        return sendProbe(sock, sock.sndUna - 1, nowNs);
    }

    /** The same with a number of one's choice. */
    boolean sendProbe(TcpSock sock, int seq, long nowNs) {
        if (!send(sock, seq, 0, ACK, nowNs)) {
            return false;
        }
        counters.increment(Counter.TcpOutSegs);
        return true;
    }

    /** sndNxt, unless the peer has shrunk its window below it. Linux: {@code tcp_acceptable_seq()}. */
    private static int acceptableSeq(TcpSock sock) {
        final int windowEnd = sock.sndWindowEnd();
        if (SeqNum.isAfterOrAt(windowEnd, sock.sndNxt)
                || sock.hasWindowScaling && sock.sndNxt - windowEnd < 1 << sock.rcvWscale) {
            return sock.sndNxt;
        }
        return windowEnd;
    }
}
