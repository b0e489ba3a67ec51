package io.spinwire.sim;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/** A TCP segment as it lies on the wire: read here anew, so that a fault in the engine's own reading shows. */
final class WireSegment {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;
    static final int ECE = 64;
    static final int CWR = 128;

    private static final int ETHERNET = 14;
    private static final int TYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_ICMP = 1;
    private static final int PROTOCOL_TCP = 6;
    private static final int FRAGMENTATION_NEEDED = 0x0304; // type and code
    private static final int ICMP_HEADER = 8;
    private static final int QUOTED = 8; // bytes behind the IP header that an error quotes at least

    boolean isTcp;

    /** A router's word on a datagram of ours: addresses and ports are those of the datagram. */
    boolean isTooBig;

    int source;
    int destination;
    int sourcePort;
    int destinationPort;
    int seq;
    int ack;
    int flags;
    int window;
    int payloadOffset;
    int payloadLength;
    int ipLength;
    int mss;
    int scale;
    int ecn; // of the IP header
    boolean isSackPermitted;
    int sackCount;
    final int[] sackStart = new int[4];
    final int[] sackEnd = new int[4];
    boolean hasTimestamps;
    int tsVal;
    int tsEcr;

    /** Null when the frame is sound, TCP or not; else what is wrong with it. */
    String parse(DirectBuffer buffer, int offset, int length) {
        isTcp = false;
        isTooBig = false;
        if (length < ETHERNET) {
            return "frame of " + length + " bytes";
        }
        if (u16(buffer, offset + 12) != TYPE_IPV4) {
            return null;
        }
        final int ip = offset + ETHERNET;
        if (length < ETHERNET + 20 || buffer.getByte(ip) != 0x45) {
            return "IP header with options, or short";
        }
        ipLength = u16(buffer, ip + 2);
        if (ipLength < 20 || ipLength > length - ETHERNET) {
            return "IP length " + ipLength + " in a frame of " + length;
        }
        if (fold(sum(buffer, ip, 20)) != 0xFFFF) {
            return "IP checksum";
        }
        ecn = buffer.getByte(ip + 1) & 3;
        source = buffer.getInt(ip + 12, BIG_ENDIAN);
        destination = buffer.getInt(ip + 16, BIG_ENDIAN);
        if (buffer.getByte(ip + 9) == PROTOCOL_ICMP) {
            parseIcmp(buffer, ip + 20, ipLength - 20);
        }
        if (buffer.getByte(ip + 9) != PROTOCOL_TCP) {
            return null;
        }
        isTcp = true;
        return parseTcp(buffer, ip + 20, ipLength - 20);
    }

    private void parseIcmp(DirectBuffer buffer, int icmp, int length) {
        final int quoted = icmp + ICMP_HEADER;
        isTooBig = length >= ICMP_HEADER + 20 + QUOTED
                && u16(buffer, icmp) == FRAGMENTATION_NEEDED
                && buffer.getByte(quoted) == 0x45
                && buffer.getByte(quoted + 9) == PROTOCOL_TCP;
        if (isTooBig) {
            source = buffer.getInt(quoted + 12, BIG_ENDIAN);
            destination = buffer.getInt(quoted + 16, BIG_ENDIAN);
            sourcePort = u16(buffer, quoted + 20);
            destinationPort = u16(buffer, quoted + 22);
        }
    }

    private String parseTcp(DirectBuffer buffer, int tcp, int length) {
        final int headerLength = length < 20 ? 0 : (buffer.getByte(tcp + 12) >>> 2) & 0x3C;
        if (headerLength < 20 || headerLength > length) {
            return "TCP header of " + headerLength + " in " + length + " bytes";
        }
        if (fold(sum(buffer, tcp - 8, length + 8) + PROTOCOL_TCP + length) != 0xFFFF) {
            return "TCP checksum";
        }
        sourcePort = u16(buffer, tcp);
        destinationPort = u16(buffer, tcp + 2);
        seq = buffer.getInt(tcp + 4, BIG_ENDIAN);
        ack = buffer.getInt(tcp + 8, BIG_ENDIAN);
        flags = buffer.getByte(tcp + 13) & 0xFF;
        window = u16(buffer, tcp + 14);
        payloadOffset = tcp + headerLength;
        payloadLength = length - headerLength;
        return parseOptions(buffer, tcp + 20, payloadOffset);
    }

    private String parseOptions(DirectBuffer buffer, int from, int end) {
        mss = 0;
        scale = -1;
        isSackPermitted = false;
        sackCount = 0;
        hasTimestamps = false;
        for (int at = from; at < end; ) {
            final int kind = buffer.getByte(at);
            if (kind == 0) {
                return null;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            final int length = at + 1 < end ? buffer.getByte(at + 1) : 0;
            if (length < 2 || at + length > end) {
                return "option " + kind + " of length " + length;
            }
            take(buffer, kind, at + 2, length - 2);
            at += length;
        }
        return null;
    }

    private void take(DirectBuffer buffer, int kind, int value, int length) {
        switch (kind) {
            case 2 -> mss = u16(buffer, value);
            case 3 -> scale = buffer.getByte(value);
            case 4 -> isSackPermitted = true;
            case 5 -> {
                sackCount = Math.min(length >> 3, sackStart.length);
                for (int i = 0; i < sackCount; i++) {
                    sackStart[i] = buffer.getInt(value + 8 * i, BIG_ENDIAN);
                    sackEnd[i] = buffer.getInt(value + 8 * i + 4, BIG_ENDIAN);
                }
            }
            case 8 -> {
                hasTimestamps = true;
                tsVal = buffer.getInt(value, BIG_ENDIAN);
                tsEcr = buffer.getInt(value + 4, BIG_ENDIAN);
            }
            default -> {}
        }
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** Sequence numbers that it takes up. */
    int seqLength() {
        return payloadLength + (is(SYN) ? 1 : 0) + (is(FIN) ? 1 : 0);
    }

    WireSegment copy() {
        final WireSegment copy = new WireSegment();
        copy.isTcp = isTcp;
        copy.seq = seq;
        copy.ack = ack;
        copy.flags = flags;
        copy.window = window;
        copy.payloadLength = payloadLength;
        copy.mss = mss;
        copy.scale = scale;
        copy.isSackPermitted = isSackPermitted;
        copy.hasTimestamps = hasTimestamps;
        copy.tsVal = tsVal;
        copy.tsEcr = tsEcr;
        return copy;
    }

    private static int u16(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, BIG_ENDIAN) & 0xFFFF;
    }

    /** RFC 1071 section 2: in any byte order, and in pieces of any even size; swapped in the end. */
    private static long sum(DirectBuffer buffer, int offset, int length) {
        long sum = 0;
        int i = 0;
        for (; i + Integer.BYTES <= length; i += Integer.BYTES) {
            sum += buffer.getInt(offset + i, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        }
        for (; i < length; i++) {
            sum += (buffer.getByte(offset + i) & 0xFFL) << ((i & 1) << 3);
        }
        return Short.toUnsignedInt(Short.reverseBytes((short) fold(sum)));
    }

    private static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) folded;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        text.append(dots(source)).append(':').append(sourcePort).append(" > ");
        text.append(dots(destination)).append(':').append(destinationPort).append(" [");
        text.append(is(SYN) ? "S" : "").append(is(FIN) ? "F" : "").append(is(RST) ? "R" : "");
        text.append(is(PSH) ? "P" : "").append(is(ACK) ? "." : "").append("] seq ");
        text.append(Integer.toUnsignedString(seq)).append("+").append(payloadLength);
        text.append(" ack ")
                .append(Integer.toUnsignedString(ack))
                .append(" win ")
                .append(window);
        text.append(scale >= 0 ? " wscale " + scale : "").append(mss > 0 ? " mss " + mss : "");
        text.append(is(ECE) ? " ECE" : "").append(is(CWR) ? " CWR" : "").append(ecn == 0 ? "" : " ecn " + ecn);
        text.append(isSackPermitted ? " sackOK" : "");
        for (int i = 0; i < sackCount; i++) {
            text.append(" sack ").append(Integer.toUnsignedString(sackStart[i]));
            text.append("..").append(Integer.toUnsignedString(sackEnd[i]));
        }
        return text.append(
                        hasTimestamps
                                ? " ts " + Integer.toUnsignedString(tsVal) + "/" + Integer.toUnsignedString(tsEcr)
                                : "")
                .toString();
    }

    private static String dots(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }
}
