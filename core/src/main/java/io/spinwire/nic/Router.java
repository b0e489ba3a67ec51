package io.spinwire.nic;

import io.spinwire.wire.Checksum;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What a router does to IPv4 datagrams besides passing them on: says that one is too long, or marks congestion. */
final class Router {
    /** Ethernet, IPv4 and ICMP header, then the start of the datagram: its header and 8 bytes (RFC 792). */
    static final int MAX_ANSWER_LENGTH = Ethernet.HEADER_LENGTH
            + Ipv4.HEADER_LENGTH
            + Icmp4.HEADER_LENGTH
            + Ipv4.MAX_HEADER_LENGTH
            + Router.QUOTED_TRANSPORT;

    private static final int QUOTED_TRANSPORT = 8;
    private static final int ADDRESS = 0xC633_6401; // 198.51.100.1, for documentation only (RFC 5737)
    private static final int TTL = 64;
    private static final int TOS = 1; // offset of the type-of-service byte, whose low two bits are ECN's (RFC 3168)
    private static final int HEADER_CHECKSUM = 10;
    private static final int CONGESTION_EXPERIENCED = 3;
    private static final int NEXT_HOP_MTU = 6; // RFC 1191 section 4, in the ICMP header

    private Router() {}

    /** Whether the frame holds an IPv4 datagram longer than {@code mtu}. */
    static boolean isTooBig(DirectBuffer buffer, int offset, int length, int mtu) {
        return length > Ethernet.HEADER_LENGTH + mtu
                && Ethernet.type(buffer, offset) == Ethernet.TYPE_IPV4
                && Ipv4.totalLength(buffer, offset + Ethernet.HEADER_LENGTH) > mtu;
    }

    /**
     * Writes the answer to a datagram that is too long: fragmentation needed, RFC 1191.
     *
     * @param to room for {@link #MAX_ANSWER_LENGTH} bytes
     * @return bytes written, a whole frame back to the sender
     */
    static int answer(DirectBuffer from, int offset, int mtu, MutableDirectBuffer to, int at) {
        Ethernet.put(to, at, Ethernet.source(from, offset), Ethernet.destination(from, offset), Ethernet.TYPE_IPV4);
        final int datagram = offset + Ethernet.HEADER_LENGTH;
        final int quoted = Ipv4.headerLength(from, datagram) + QUOTED_TRANSPORT;
        final int ip = at + Ethernet.HEADER_LENGTH;
        final int icmp = ip + Ipv4.HEADER_LENGTH;
        final int icmpLength = Icmp4.HEADER_LENGTH + quoted;
        Ipv4.put(to, ip, 0, Ipv4.HEADER_LENGTH + icmpLength, 0, Ipv4.ttlProtocol(TTL, Ipv4.PROTOCOL_ICMP));
        Ipv4.seal(to, ip, ADDRESS, Ipv4.source(from, datagram));
        to.setMemory(icmp, Icmp4.HEADER_LENGTH, (byte) 0);
        Icmp4.putTypeAndCode(to, icmp, Icmp4.DESTINATION_UNREACHABLE, Icmp4.FRAGMENTATION_NEEDED);
        to.putByte(icmp + NEXT_HOP_MTU, (byte) (mtu >>> 8));
        to.putByte(icmp + NEXT_HOP_MTU + 1, (byte) mtu);
        to.putBytes(icmp + Icmp4.HEADER_LENGTH, from, datagram, quoted);
        Icmp4.seal(to, icmp, icmpLength);
        return icmp + icmpLength - at;
    }

    /** Marks a datagram whose ends speak ECN; false for any other frame. */
    static boolean mark(MutableDirectBuffer buffer, int offset) {
        final int ip = offset + Ethernet.HEADER_LENGTH;
        if (Ethernet.type(buffer, offset) != Ethernet.TYPE_IPV4
                || (Ipv4.tos(buffer, ip) & CONGESTION_EXPERIENCED) == 0
                || Ipv4.headerLength(buffer, ip) != Ipv4.HEADER_LENGTH
                || !Ipv4.isChecksumValid(buffer, ip, Ipv4.HEADER_LENGTH)) {
            return false; // a header that is broken already must stay so
        }
        buffer.putByte(ip + TOS, (byte) (buffer.getByte(ip + TOS) | CONGESTION_EXPERIENCED));
        buffer.putShort(ip + HEADER_CHECKSUM, (short) 0);
        Checksum.store(buffer, ip, HEADER_CHECKSUM, Checksum.finish(Checksum.add(0, buffer, ip, Ipv4.HEADER_LENGTH)));
        return true;
    }
}
