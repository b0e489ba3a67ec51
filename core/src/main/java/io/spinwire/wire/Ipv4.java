package io.spinwire.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * IPv4 header, RFC 791 section 3.1.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+-------------------------------+
 * |Version|  IHL  |      TOS      |         Total Length          |
 * +-------+-------+---------------+-----+-------------------------+
 * |        Identification         |Flags|     Fragment Offset     |
 * +---------------+---------------+-----+-------------------------+
 * |      TTL      |   Protocol    |        Header Checksum        |
 * +---------------+---------------+-------------------------------+
 * |                        Source Address                         |
 * |                      Destination Address                      |
 * </pre>
 */
public final class Ipv4 {
    public static final int HEADER_LENGTH = 20;
    public static final int MAX_HEADER_LENGTH = 60;
    public static final int PROTOCOL_ICMP = 1;
    public static final int PROTOCOL_TCP = 6;

    /** Don't fragment. */
    public static final int FLAG_DF = 0x4000;

    /** The bits of TOS that are ECN's. RFC 3168 section 5. */
    public static final int ECN_MASK = 3;

    public static final int ECT_1 = 1;
    public static final int ECT_0 = 2;

    /** Congestion experienced: a router has marked it. */
    public static final int CE = 3;

    private static final int VERSION_IHL = 0;
    private static final int TOS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int PROTOCOL = 9;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int FRAGMENT_MASK = 0x3FFF; // more fragments, or an offset
    private static final int VERSION_4_IHL_5 = 0x45;

    private Ipv4() {}

    public static int version(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, VERSION_IHL) >>> 4 & 0xF;
    }

    /** Header length in bytes, options included; 0 to 60. */
    public static int headerLength(DirectBuffer buffer, int offset) {
        return (NetworkOrder.readByte(buffer, offset, VERSION_IHL) & 0xF) << 2;
    }

    public static int tos(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, TOS) & 0xFF;
    }

    /** Header and payload, in bytes. */
    public static int totalLength(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, TOTAL_LENGTH) & 0xFFFF;
    }

    public static int identification(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, IDENTIFICATION) & 0xFFFF;
    }

    /** More fragments follow, or this is not the first. */
    public static boolean isFragment(DirectBuffer buffer, int offset) {
        return (NetworkOrder.readShort(buffer, offset, FRAGMENT) & FRAGMENT_MASK) != 0;
    }

    public static boolean isDontFragment(DirectBuffer buffer, int offset) {
        return (NetworkOrder.readShort(buffer, offset, FRAGMENT) & FLAG_DF) != 0;
    }

    public static int ttl(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, TTL) & 0xFF;
    }

    public static int protocol(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, PROTOCOL) & 0xFF;
    }

    public static int source(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, SOURCE);
    }

    public static int destination(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, DESTINATION);
    }

    public static boolean isChecksumValid(DirectBuffer buffer, int offset, int headerLength) {
        return Checksum.finish(Checksum.add(0, buffer, offset, headerLength)) == 0;
    }

    /** Writes a header without options, don't-fragment set, all but addresses and checksum. */
    public static void put(
            MutableDirectBuffer buffer, int offset, int tos, int totalLength, int identification, int ttlProtocol) {
        NetworkOrder.writeInt(buffer, offset, VERSION_IHL, VERSION_4_IHL_5 << 24 | tos << 16 | totalLength);
        NetworkOrder.writeInt(buffer, offset, IDENTIFICATION, identification << 16 | FLAG_DF);
        NetworkOrder.writeInt(buffer, offset, TTL, ttlProtocol << 16);
    }

    /** Takes don't-fragment away from what {@link #put} wrote, and tells datagrams apart: before {@link #seal}. */
    public static void allowFragments(MutableDirectBuffer buffer, int offset, int identification) {
        NetworkOrder.writeInt(buffer, offset, IDENTIFICATION, identification << 16);
    }

    /** Writes the addresses and then the checksum: the last step of a header without options. */
    public static void seal(MutableDirectBuffer buffer, int offset, int source, int destination) {
        NetworkOrder.writeInt(buffer, offset, SOURCE, source);
        NetworkOrder.writeInt(buffer, offset, DESTINATION, destination);
        long sum = Checksum.addInt(Checksum.addInt(0, source), destination);
        sum = Checksum.addInt(sum, NetworkOrder.readInt(buffer, offset, VERSION_IHL));
        sum = Checksum.addInt(sum, NetworkOrder.readInt(buffer, offset, IDENTIFICATION));
        sum = Checksum.addShort(sum, NetworkOrder.readShort(buffer, offset, TTL));
        Checksum.store(buffer, offset, CHECKSUM, Checksum.finish(sum));
    }

    /** TTL and protocol as the one field that {@link #put} writes. */
    public static int ttlProtocol(int ttl, int protocol) {
        return ttl << 8 | protocol;
    }

    /** Unfolded sum of the pseudo-header of RFC 9293 section 3.1. */
    public static long pseudoHeaderSum(int source, int destination, int protocol, int transportLength) {
        return Checksum.addShort(
                Checksum.addShort(Checksum.addInt(Checksum.addInt(0, source), destination), protocol), transportLength);
    }
}
