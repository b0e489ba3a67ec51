package io.spinwire.tcp;

import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

/** An ICMP error about a segment that the engine sent to a peer. */
final class IcmpFrame {
    private static final int ICMP = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH;
    private static final int MTU = 6;
    private static final int QUOTED = ICMP + Icmp4.HEADER_LENGTH;
    private static final int LENGTH = Icmp4.HEADER_LENGTH + Ipv4.HEADER_LENGTH + 8;

    private IcmpFrame() {}

    /** @param seq of the segment, relative */
    static byte[] of(Peer peer, int type, int code, int seq) {
        return frame(peer, type << 8 | code, 0, seq);
    }

    /** Fragmentation needed, RFC 1191 section 4; an {@code mtu} of 0 from an older router. */
    static byte[] tooLarge(Peer peer, int mtu, int seq) {
        return frame(peer, Icmp4.DESTINATION_UNREACHABLE << 8 | Icmp4.FRAGMENTATION_NEEDED, mtu, seq);
    }

    private static byte[] frame(Peer peer, int typeAndCode, int mtu, int seq) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ICMP + LENGTH]);
        Ethernet.put(buffer, 0, TcpScript.STACK_MAC, TcpScript.PEER_MAC, Ethernet.TYPE_IPV4);
        final int ip = Ethernet.HEADER_LENGTH;
        Ipv4.put(buffer, ip, 0, Ipv4.HEADER_LENGTH + LENGTH, 1, Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_ICMP));
        Ipv4.seal(buffer, ip, TcpScript.PEER, TcpScript.STACK);
        Icmp4.putTypeAndCode(buffer, ICMP, typeAndCode >> 8, typeAndCode & 0xFF);
        buffer.putShort(ICMP + MTU, Short.reverseBytes((short) mtu));
        Ipv4.put(buffer, QUOTED, 0, 40, 1, Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(buffer, QUOTED, TcpScript.STACK, TcpScript.PEER);
        TcpHeader.putPorts(buffer, QUOTED + Ipv4.HEADER_LENGTH, peer.stackPort, peer.port);
        buffer.putInt(QUOTED + Ipv4.HEADER_LENGTH + 4, Integer.reverseBytes(peer.stackIss + seq));
        Icmp4.seal(buffer, ICMP, LENGTH);
        return buffer.byteArray();
    }
}
