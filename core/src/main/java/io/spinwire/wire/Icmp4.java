package io.spinwire.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * ICMP header, RFC 792. An error message carries the IP header of the datagram it answers, and at least 8 bytes more.
 *
 * <pre>
 *  0        1        2                 4                 6        8
 * +--------+--------+-----------------+-----------------+--------+- - -
 * | type   | code   | checksum        | rest of header: identifier,   |  original datagram, or echo data
 * |        |        |                 | sequence; or unused, MTU      |
 * +--------+--------+-----------------+-----------------+--------+- - -
 * </pre>
 */
public final class Icmp4 {
    public static final int HEADER_LENGTH = 8;
    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /** Codes of {@link #DESTINATION_UNREACHABLE}. */
    public static final int NET_UNREACHABLE = 0;

    public static final int HOST_UNREACHABLE = 1;
    public static final int PROTOCOL_UNREACHABLE = 2;
    public static final int PORT_UNREACHABLE = 3;
    public static final int FRAGMENTATION_NEEDED = 4;

    private static final int TYPE = 0;
    private static final int CODE = 1;
    private static final int CHECKSUM = 2;
    private static final int NEXT_HOP_MTU = 6;

    private Icmp4() {}

    public static int type(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, TYPE) & 0xFF;
    }

    public static int code(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, CODE) & 0xFF;
    }

    /** RFC 1191: the MTU of the next hop, in a fragmentation-needed message. */
    public static int nextHopMtu(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, NEXT_HOP_MTU) & 0xFFFF;
    }

    public static boolean isChecksumValid(DirectBuffer buffer, int offset, int length) {
        return Checksum.finish(Checksum.add(0, buffer, offset, length)) == 0;
    }

    public static void putTypeAndCode(MutableDirectBuffer buffer, int offset, int type, int code) {
        NetworkOrder.writeByte(buffer, offset, TYPE, (byte) type);
        NetworkOrder.writeByte(buffer, offset, CODE, (byte) code);
    }

    /** Computes and writes the checksum over {@code length} bytes from the ICMP header on: the last step. */
    public static void seal(MutableDirectBuffer buffer, int offset, int length) {
        Checksum.store(buffer, offset, CHECKSUM, 0);
        Checksum.store(buffer, offset, CHECKSUM, Checksum.finish(Checksum.add(0, buffer, offset, length)));
    }
}
