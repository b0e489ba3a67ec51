package io.spinwire.nic;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.spinwire.wire.Ethernet;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;

/**
 * Writes the blocks of a pcapng capture file (draft-ietf-opsawg-pcapng), little-endian, with nanosecond timestamps, as
 * static writers over (buffer, offset) that return the offset behind the block. Every block has the same frame:
 *
 * <pre>
 *  0        4              8                              length - 4
 * +--------+--------------+------------ - - -+------- - - -+--------------+
 * | type   | total length | body             | options     | total length |    all parts padded to 4 bytes
 * +--------+--------------+------------ - - -+------- - - -+--------------+
 * </pre>
 */
public final class PcapNg {
    public static final int INBOUND = 1;
    public static final int OUTBOUND = 2;

    /** Bytes that {@link #beginPacket} and {@link #endPacket} need beside the padded frame. */
    public static final int PACKET_OVERHEAD = 28 + 8 + 12 + 4 + 4;

    private static final int SECTION_HEADER = 0x0A0D_0D0A;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;

    private static final int BYTE_ORDER_MAGIC = 0x1A2B_3C4D;
    private static final int VERSION_1_0 = 1; // major 1, minor 0
    private static final long UNKNOWN_SECTION_LENGTH = -1;
    private static final int LINKTYPE_ETHERNET = 1;

    private static final int BODY = 8;
    private static final int PACKET_DATA = 28;
    private static final int ALIGNMENT = 4;

    private static final int OPTION_END = 0;
    private static final int SHB_USERAPPL = 4;
    private static final int IF_NAME = 2;
    private static final int IF_MACADDR = 6;
    private static final int IF_TSRESOL = 9;
    private static final int EPB_FLAGS = 2;
    private static final int EPB_DROPCOUNT = 4;
    private static final int ISB_IFRECV = 4;
    private static final int ISB_IFDROP = 5;
    private static final byte NANOSECONDS = 9; // 10^-9
    private static final int MAC_LENGTH = 6;

    private PcapNg() {}

    /** Begins a file. */
    public static int putSectionHeader(MutableDirectBuffer buffer, int offset, String application) {
        int at = offset + BODY;
        buffer.putInt(at, BYTE_ORDER_MAGIC, LITTLE_ENDIAN);
        buffer.putInt(at + 4, VERSION_1_0, LITTLE_ENDIAN);
        buffer.putLong(at + 8, UNKNOWN_SECTION_LENGTH, LITTLE_ENDIAN);
        at = putText(buffer, at + 16, SHB_USERAPPL, application);
        return putFrame(buffer, offset, SECTION_HEADER, at);
    }

    /**
     * Describes the next interface; they are numbered from 0 in the order of their descriptions.
     *
     * @param snapLength longest part of a frame that is kept, in bytes
     */
    public static int putInterface(
            MutableDirectBuffer buffer, int offset, String name, long macAddress, int snapLength) {
        int at = offset + BODY;
        buffer.putInt(at, LINKTYPE_ETHERNET, LITTLE_ENDIAN);
        buffer.putInt(at + 4, snapLength, LITTLE_ENDIAN);
        at = putText(buffer, at + 8, IF_NAME, name);
        at = putOption(buffer, at, IF_MACADDR, MAC_LENGTH);
        Ethernet.putMac(buffer, at - BitUtil.align(MAC_LENGTH, ALIGNMENT), macAddress);
        at = putOption(buffer, at, IF_TSRESOL, 1);
        buffer.putByte(at - ALIGNMENT, NANOSECONDS);
        return putFrame(buffer, offset, INTERFACE_DESCRIPTION, at);
    }

    /**
     * Begins a packet of interface 0.
     *
     * @param timestampNs since 1970
     * @return offset where the captured bytes go
     */
    public static int beginPacket(
            MutableDirectBuffer buffer, int offset, long timestampNs, int capturedLength, int originalLength) {
        final int at = offset + BODY;
        buffer.putInt(at, 0, LITTLE_ENDIAN);
        buffer.putInt(at + 4, (int) (timestampNs >>> 32), LITTLE_ENDIAN); // upper half first, whatever the byte order
        buffer.putInt(at + 8, (int) timestampNs, LITTLE_ENDIAN);
        buffer.putInt(at + 12, capturedLength, LITTLE_ENDIAN);
        buffer.putInt(at + 16, originalLength, LITTLE_ENDIAN);
        return offset + PACKET_DATA;
    }

    /**
     * Ends the packet begun at {@code offset}, its bytes being in place.
     *
     * @param direction {@link #INBOUND} or {@link #OUTBOUND}
     * @param dropped frames missing between the packet before and this one
     */
    public static int endPacket(
            MutableDirectBuffer buffer, int offset, int capturedLength, int direction, long dropped) {
        int at = offset + PACKET_DATA + capturedLength;
        final int padding = -capturedLength & ALIGNMENT - 1;
        buffer.setMemory(at, padding, (byte) 0);
        at = putOption(buffer, at + padding, EPB_FLAGS, Integer.BYTES);
        buffer.putInt(at - Integer.BYTES, direction, LITTLE_ENDIAN);
        if (dropped != 0) {
            at = putLongOption(buffer, at, EPB_DROPCOUNT, dropped);
        }
        return putFrame(buffer, offset, ENHANCED_PACKET, at);
    }

    /**
     * What interface 0 saw in all; goes at the end of the file.
     *
     * @param received frames that passed
     * @param dropped frames of these that are not in the file
     */
    public static int putStatistics(
            MutableDirectBuffer buffer, int offset, long timestampNs, long received, long dropped) {
        int at = offset + BODY;
        buffer.putInt(at, 0, LITTLE_ENDIAN);
        buffer.putInt(at + 4, (int) (timestampNs >>> 32), LITTLE_ENDIAN);
        buffer.putInt(at + 8, (int) timestampNs, LITTLE_ENDIAN);
        at = putLongOption(buffer, at + 12, ISB_IFRECV, received);
        at = putLongOption(buffer, at, ISB_IFDROP, dropped);
        return putFrame(buffer, offset, INTERFACE_STATISTICS, at);
    }

    private static int putText(MutableDirectBuffer buffer, int offset, int code, String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final int end = putOption(buffer, offset, code, bytes.length);
        buffer.putBytes(offset + 4, bytes);
        return end;
    }

    private static int putLongOption(MutableDirectBuffer buffer, int offset, int code, long value) {
        final int end = putOption(buffer, offset, code, Long.BYTES);
        buffer.putLong(end - Long.BYTES, value, LITTLE_ENDIAN);
        return end;
    }

    /** Writes an option's header and zeroes its value; returns the offset behind it. */
    private static int putOption(MutableDirectBuffer buffer, int offset, int code, int length) {
        buffer.putInt(offset, length << 16 | code, LITTLE_ENDIAN); // code, then length, 16 bits each
        final int padded = BitUtil.align(length, ALIGNMENT);
        buffer.setMemory(offset + 4, padded, (byte) 0);
        return offset + 4 + padded;
    }

    /** Ends the options and writes type and both lengths around them. */
    private static int putFrame(MutableDirectBuffer buffer, int offset, int type, int optionsEnd) {
        buffer.putInt(optionsEnd, OPTION_END, LITTLE_ENDIAN);
        final int end = optionsEnd + 8;
        buffer.putInt(offset, type, LITTLE_ENDIAN);
        buffer.putInt(offset + 4, end - offset, LITTLE_ENDIAN);
        buffer.putInt(end - 4, end - offset, LITTLE_ENDIAN);
        return end;
    }
}
