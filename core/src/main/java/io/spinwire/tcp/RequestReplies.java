package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.ECE;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.SocketOptions;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * What is sent for a connection request, which has no socket yet: its SYN-ACK, and ACKs that say where it stands.
 * Engine thread only. Linux: {@code tcp_make_synack()}, {@code tcp_rtx_synack()}, {@code tcp_v4_reqsk_send_ack()}.
 */
final class RequestReplies {
    private final RequestTable requests;
    private final Listeners listeners;
    private final SegmentSender sender;
    private final Opening opening;
    private final Counters counters;

    RequestReplies(
            RequestTable requests, Listeners listeners, SegmentSender sender, Opening opening, Counters counters) {
        this.requests = requests;
        this.listeners = listeners;
        this.sender = sender;
        this.opening = opening;
        this.counters = counters;
    }

    /** The SYN-ACK. False when there was no frame for it. */
    boolean sendSynAck(int request, long dst, long nowNs) {
        fillInSynAck(request, dst, nowNs);
        return sender.sendBare(dst, nowNs);
    }

    /** The SYN-ACK of a request that will be forgotten: its timestamp says what the SYN offered. */
    void sendCookie(int request, long dst, long nowNs) {
        final OutSegment out = fillInSynAck(request, dst, nowNs);
        final int now = SecretHash.timestamp(nowNs);
        final boolean hasEcn = requests.hasEcn(request);
        final int stamp = SynCookies.timestamp(now, requests.peerWscale(request), requests.hasSack(request), hasEcn);
        out.tsVal = stamp + requests.tsOffset(request);
        sender.sendBare(dst, nowNs);
    }

    /** Sends the SYN-ACK again. False when it could not be sent. */
    boolean repeatSynAck(int request, long nowNs) {
        final long dst = sender.ip().route(AddressPair.remote(requests.addressPair(request)));
        if (dst == IpOutput.UNREACHABLE || !sendSynAck(request, dst, nowNs)) {
            return false;
        }
        counters.increment(Counter.TcpRetransSegs);
        requests.countRetransmission(request);
        return true;
    }

    /** An ACK that says where we are. */
    void sendAck(int request, long nowNs) {
        final long dst = sender.ip().route(AddressPair.remote(requests.addressPair(request)));
        final OutSegment out = fillIn(request, nowNs);
        out.seq++;
        out.flags = ACK;
        out.window = Math.min(out.window >> Math.max(requests.ownWscale(request), 0), ReceiveWindow.MAX_UNSCALED);
        sender.sendBare(dst, nowNs);
    }

    private OutSegment fillInSynAck(int request, long dst, long nowNs) {
        final OutSegment out = fillIn(request, nowNs);
        final SocketOptions options = listeners.get(requests.listener(request)).options;
        out.flags = requests.hasEcn(request) ? SYN | ACK | ECE : SYN | ACK;
        out.tos |= opening.synAckMark(options);
        out.mss = opening.advMss(dst, requests.addressPair(request), options);
        out.windowScale = requests.ownWscale(request);
        out.window = Math.min(out.window, ReceiveWindow.MAX_UNSCALED); // RFC 7323 section 2.2: never scaled in a SYN
        out.isSackPermitted = requests.hasSack(request);
        return out;
    }

    /** What all segments sent for a request have in common, with the number of the SYN. */
    private OutSegment fillIn(int request, long nowNs) {
        final OutSegment out = sender.out;
        out.addressPair = requests.addressPair(request);
        out.ports = requests.ports(request);
        out.seq = requests.iss(request);
        out.ackSeq = requests.irs(request) + 1;
        out.window = requests.window(request);
        out.hasTimestamps = requests.hasTimestamps(request);
        out.tsVal = SecretHash.timestamp(nowNs, requests.isTsInMicros(request)) + requests.tsOffset(request);
        out.tsEcr = requests.tsRecent(request);
        final SocketOptions options = listeners.get(requests.listener(request)).options;
        out.tos = options.tos();
        out.ttl = options.ttl();
        return out;
    }
}
