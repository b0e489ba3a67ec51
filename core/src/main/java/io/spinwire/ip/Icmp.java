package io.spinwire.ip;

import io.spinwire.hook.Drops;
import io.spinwire.link.LocalAddresses;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;

/**
 * ICMP for IPv4: answers echo requests, rate-limited, and hands errors about segments of ours to the connection that
 * they name. {@link IpInput} gives it only what a single host sent to an own address. Engine thread only. RFC 792, RFC
 * 1122 3.2.2. Linux: {@code icmp_rcv()}.
 */
public final class Icmp {
    /** Linux: icmp_msgs_burst. */
    private static final int BURST = 50;

    /** RFC 792: an error carries the header it answers, and 64 bits more: ports and sequence number. */
    private static final int QUOTED_TRANSPORT = 8;

    private final LocalAddresses local;
    private final IpOutput output;
    private final TransportErrors errors;
    private final Drops drops;
    private final Counters counters;
    private final TokenBucket replies;
    private final Frame reply = new Frame();

    /** Makes it; {@code icmpPerSecond} is the most echo replies in a second, 0 for none. */
    public Icmp(
            LocalAddresses local,
            IpOutput output,
            TransportErrors errors,
            int icmpPerSecond,
            Drops drops,
            Counters counters) {
        this.local = local;
        this.output = output;
        this.errors = errors;
        this.drops = drops;
        this.counters = counters;
        replies = new TokenBucket(icmpPerSecond, BURST);
    }

    void onMessage(Frame frame, long addressPair) {
        final int length = frame.transportLength();
        if (length < Icmp4.HEADER_LENGTH || !Icmp4.isChecksumValid(frame.buffer, frame.transportOffset, length)) {
            drop(frame, DropReason.ICMP_INVALID);
            return;
        }
        counters.increment(Counter.IcmpInMsgs);
        switch (Icmp4.type(frame.buffer, frame.transportOffset)) {
            case Icmp4.ECHO_REQUEST -> onEchoRequest(frame, addressPair);
            case Icmp4.DESTINATION_UNREACHABLE -> {
                counters.increment(Counter.IcmpInDestUnreachs);
                onError(frame);
            }
            case Icmp4.TIME_EXCEEDED, Icmp4.PARAMETER_PROBLEM -> onError(frame);
            default -> drop(frame, DropReason.ICMP_IGNORED);
        }
    }

    /** Linux: {@code icmp_echo()}, {@code icmp_reply()}. */
    private void onEchoRequest(Frame frame, long addressPair) {
        counters.increment(Counter.IcmpInEchos);
        final int length = frame.transportLength();
        if (!replies.take(frame.receivedNs)) {
            counters.increment(Counter.IcmpRateLimited);
            drop(frame, DropReason.ICMP_RATE_LIMITED);
            return;
        }
        final long dst = output.route(AddressPair.remote(addressPair));
        if (dst == IpOutput.UNREACHABLE
                || Ipv4.HEADER_LENGTH + length > output.mtu(dst)
                || !output.claim(reply, dst, length, false, frame.receivedNs)) {
            drop(frame, DropReason.ICMP_TX_REFUSED);
            return;
        }
        reply.buffer.putBytes(reply.transportOffset, frame.buffer, frame.transportOffset, length);
        Icmp4.putTypeAndCode(reply.buffer, reply.transportOffset, Icmp4.ECHO_REPLY, 0);
        Icmp4.seal(reply.buffer, reply.transportOffset, length);
        final int tos = Ipv4.tos(frame.buffer, frame.networkOffset); // RFC 1122 3.2.2.6 leaves it open; as Linux
        output.sendIcmp(reply, dst, addressPair, tos);
        counters.increment(Counter.IcmpOutEchoReps);
    }

    /** Linux: {@code icmp_unreach()}, {@code icmp_socket_deliver()}. */
    private void onError(Frame frame) {
        final int quoted = frame.transportOffset + Icmp4.HEADER_LENGTH;
        if (frame.limit - quoted < Ipv4.HEADER_LENGTH
                || Ipv4.version(frame.buffer, quoted) != 4
                || Ipv4.headerLength(frame.buffer, quoted) < Ipv4.HEADER_LENGTH
                || frame.limit - quoted < Ipv4.headerLength(frame.buffer, quoted) + QUOTED_TRANSPORT) {
            drop(frame, DropReason.ICMP_INVALID);
            return;
        }
        final int source = Ipv4.source(frame.buffer, quoted);
        if (Ipv4.protocol(frame.buffer, quoted) != Ipv4.PROTOCOL_TCP
                || Ipv4.isFragment(frame.buffer, quoted)
                || !local.contains(source)) {
            counters.increment(Counter.IcmpErrorsIgnored);
            drop(frame, DropReason.ICMP_IGNORED);
            return;
        }
        final int segment = quoted + Ipv4.headerLength(frame.buffer, quoted);
        errors.onIcmpError(
                AddressPair.of(source, Ipv4.destination(frame.buffer, quoted)),
                TcpHeader.sourcePort(frame.buffer, segment),
                TcpHeader.destinationPort(frame.buffer, segment),
                TcpHeader.seq(frame.buffer, segment),
                typeAndCode(frame),
                nextHopMtu(frame));
    }

    private static int typeAndCode(Frame frame) {
        return Icmp4.type(frame.buffer, frame.transportOffset) << 8 | Icmp4.code(frame.buffer, frame.transportOffset);
    }

    private static int nextHopMtu(Frame frame) {
        final boolean isFragmentationNeeded =
                typeAndCode(frame) == (Icmp4.DESTINATION_UNREACHABLE << 8 | Icmp4.FRAGMENTATION_NEEDED);
        return isFragmentationNeeded ? Icmp4.nextHopMtu(frame.buffer, frame.transportOffset) : 0;
    }

    private void drop(Frame frame, DropReason reason) {
        drops.drop(reason, -1, frame.buffer, frame.transportOffset, frame.transportLength());
    }
}
