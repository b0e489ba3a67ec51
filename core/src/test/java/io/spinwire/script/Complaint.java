package io.spinwire.script;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spinwire.wire.Icmp4;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** An ICMP message with the IP header and the first eight bytes of the segment that it is about (RFC 792). */
final class Complaint {
    private static final Map<String, Integer> CODES = Map.of(
            "net-unreachable",
            Icmp4.NET_UNREACHABLE,
            "host-unreachable",
            Icmp4.HOST_UNREACHABLE,
            "protocol-unreachable",
            Icmp4.PROTOCOL_UNREACHABLE,
            "port-unreachable",
            Icmp4.PORT_UNREACHABLE,
            "frag-needed",
            Icmp4.FRAGMENTATION_NEEDED,
            "admin-prohibited",
            13);
    private static final int MTU = 6;
    private static final int QUOTED_TCP_LENGTH = 8;
    private static final int QUOTED_TOTAL_LENGTH = 1500;

    private Complaint() {}

    static byte[] datagram(Script.PeerComplains complaint, int stackPort, int peerPort, int seq) {
        SegmentSyntax.check(CODES.containsKey(complaint.kind()), "icmp knows " + CODES.keySet());
        final int icmpLength = Icmp4.HEADER_LENGTH + Ipv4.HEADER_LENGTH + QUOTED_TCP_LENGTH;
        final int total = Ipv4.HEADER_LENGTH + icmpLength;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[total]);
        Ipv4.put(buffer, 0, 0, total, 8, Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_ICMP));
        Ipv4.seal(buffer, 0, Stage.PEER_ADDRESS, Stage.STACK_ADDRESS);
        final int icmp = Ipv4.HEADER_LENGTH;
        Icmp4.putTypeAndCode(buffer, icmp, Icmp4.DESTINATION_UNREACHABLE, CODES.get(complaint.kind()));
        buffer.putShort(icmp + MTU, (short) complaint.mtu(), BIG_ENDIAN);
        final int quoted = icmp + Icmp4.HEADER_LENGTH;
        Ipv4.put(buffer, quoted, 0, QUOTED_TOTAL_LENGTH, 9, Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(buffer, quoted, Stage.STACK_ADDRESS, Stage.PEER_ADDRESS);
        TcpHeader.putPorts(buffer, quoted + Ipv4.HEADER_LENGTH, stackPort, peerPort);
        buffer.putInt(quoted + Ipv4.HEADER_LENGTH + Integer.BYTES, seq, BIG_ENDIAN);
        Icmp4.seal(buffer, icmp, icmpLength);
        return buffer.byteArray();
    }
}
