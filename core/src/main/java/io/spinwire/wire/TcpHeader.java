package io.spinwire.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * TCP header, RFC 9293 section 3.1.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------------------------------+-------------------------------+
 * |          Source Port          |       Destination Port        |
 * +-------------------------------+-------------------------------+
 * |                        Sequence Number                        |
 * |                    Acknowledgment Number                      |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
 * +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
 * |           Checksum            |         Urgent Pointer        |
 * +-------------------------------+-------------------------------+
 * |                           [Options]                           |
 * </pre>
 */
public final class TcpHeader {
    public static final int LENGTH = 20;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;
    public static final int URG = 0x20;
    public static final int ECE = 0x40;
    public static final int CWR = 0x80;

    private static final int RESERVED_BITS = 0x0F << 24;
    private static final int PREDICTED_BITS = ~(RESERVED_BITS | PSH << 16);
    private static final int SOURCE_PORT = 0;
    private static final int DESTINATION_PORT = 2;
    private static final int SEQ = 4;
    private static final int ACK_SEQ = 8;
    private static final int OFFSET_FLAGS = 12;
    private static final int WINDOW = 14;
    private static final int CHECKSUM = 16;
    private static final int URGENT = 18;

    private TcpHeader() {}

    public static int sourcePort(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, SOURCE_PORT) & 0xFFFF;
    }

    public static int destinationPort(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, DESTINATION_PORT) & 0xFFFF;
    }

    public static int seq(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, SEQ);
    }

    public static int ackSeq(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, ACK_SEQ);
    }

    /** Header length in bytes, options included; 0 to 60. */
    public static int headerLength(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, OFFSET_FLAGS) >>> 2 & 0x3C;
    }

    /** The eight flag bits, CWR to FIN. */
    public static int flags(DirectBuffer buffer, int offset) {
        return NetworkOrder.readByte(buffer, offset, OFFSET_FLAGS + 1) & 0xFF;
    }

    /** Data offset, reserved bits, flags and window as one word: what header prediction compares. */
    public static int control(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, OFFSET_FLAGS);
    }

    /** The {@link #control} word of a segment with ACK alone. */
    public static int predictedControl(int headerLength, int window) {
        return controlWord(headerLength, ACK, window);
    }

    /** Data offset, flags and window as they lie in the header. */
    public static int controlWord(int headerLength, int flags, int window) {
        return headerLength << 26 | flags << 16 | window;
    }

    /** Whether a control word is the predicted one, whatever PSH and the reserved bits are. */
    public static boolean isPredicted(int control, int predicted) {
        return ((control ^ predicted) & PREDICTED_BITS) == 0;
    }

    /** Whether one of the four bits after the data offset is set in a control word. */
    public static boolean hasReservedBits(int control) {
        return (control & RESERVED_BITS) != 0;
    }

    /** Window field, unscaled. */
    public static int window(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, WINDOW) & 0xFFFF;
    }

    /** In the byte order of {@link Checksum}. */
    public static int checksum(DirectBuffer buffer, int offset) {
        return Checksum.load(buffer, offset, CHECKSUM);
    }

    public static int urgentPointer(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, URGENT) & 0xFFFF;
    }

    public static void putPorts(MutableDirectBuffer buffer, int offset, int sourcePort, int destinationPort) {
        NetworkOrder.writeInt(buffer, offset, SOURCE_PORT, sourcePort << 16 | destinationPort);
    }

    public static void putSeqAndAck(MutableDirectBuffer buffer, int offset, int seq, int ackSeq) {
        NetworkOrder.writeInt(buffer, offset, SEQ, seq);
        NetworkOrder.writeInt(buffer, offset, ACK_SEQ, ackSeq);
    }

    /**
     * Writes data offset, flags, window and urgent pointer, and zeroes the checksum.
     *
     * @param headerLength bytes, a multiple of 4 from 20 to 60
     * @param window field value, already scaled, 0 to 65535
     */
    public static void putControl(
            MutableDirectBuffer buffer, int offset, int headerLength, int flags, int window, int urgentPointer) {
        NetworkOrder.writeInt(buffer, offset, OFFSET_FLAGS, controlWord(headerLength, flags, window));
        NetworkOrder.writeInt(buffer, offset, CHECKSUM, urgentPointer);
    }

    /**
     * Computes and writes the checksum over header and payload: the last step.
     *
     * @param pseudoHeaderSum from the IP layer
     * @param length header and payload, in bytes
     */
    public static void seal(MutableDirectBuffer buffer, int offset, long pseudoHeaderSum, int length) {
        Checksum.store(
                buffer, offset, CHECKSUM, Checksum.finish(Checksum.add(pseudoHeaderSum, buffer, offset, length)));
    }

    /** Writes a checksum in the byte order of {@link Checksum}. */
    public static void putChecksum(MutableDirectBuffer buffer, int offset, int checksum) {
        Checksum.store(buffer, offset, CHECKSUM, checksum);
    }
}
