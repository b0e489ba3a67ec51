package io.spinwire.wire;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * TCP options: kind, length, value (RFC 9293 section 3.2), and the writers of those that Spinwire sends, in Linux's
 * order and padding.
 *
 * <pre>
 * SYN:          MSS(4) | SACK permitted(2) timestamps(10) | NOP window scale(3)     (absent ones padded with NOP)
 *               Fast Open, cookie, NOPs
 * established:  NOP NOP timestamps(10)                                              | NOP NOP SACK(2 + 8 a block)
 * </pre>
 */
public final class TcpOptions {
    public static final int END = 0;
    public static final int NOP = 1;
    public static final int MSS = 2;
    public static final int WINDOW_SCALE = 3;
    public static final int SACK_PERMITTED = 4;
    public static final int SACK = 5;
    public static final int TIMESTAMPS = 8;
    public static final int FAST_OPEN = 34;

    /** Shared by experiments, which a number behind the length tells apart: RFC 6994. */
    public static final int EXPERIMENTAL = 254;

    /** Fast Open's, from before it had a kind of its own: RFC 7413 section 7. Linux: TCPOPT_FASTOPEN_MAGIC. */
    public static final int FAST_OPEN_EXPERIMENT = 0xF989;

    /** Kind, length and number of an experiment. */
    public static final int EXPERIMENTAL_LENGTH = 4;

    public static final int MSS_LENGTH = 4;
    public static final int WINDOW_SCALE_LENGTH = 3;
    public static final int SACK_PERMITTED_LENGTH = 2;
    public static final int TIMESTAMPS_LENGTH = 10;

    /** NOP NOP SACK permitted. */
    public static final int SACK_PERMITTED_ALIGNED_LENGTH = 4;

    /** RFC 2018 section 3: more do not fit beside two bytes of kind and length. */
    public static final int MAX_SACK_BLOCKS = 4;

    /** Two sequence numbers. */
    public static final int SACK_BLOCK_LENGTH = 8;

    /** NOP NOP timestamps: the only option of most segments. RFC 7323 appendix A. */
    public static final int TIMESTAMPS_ALIGNED_LENGTH = 12;

    /** NOP NOP SACK, before its blocks; RFC 2018 section 3. */
    public static final int SACK_ALIGNED_LENGTH = 4;

    /** RFC 2018 section 3: as many fit beside timestamps. */
    public static final int MAX_SACK_BLOCKS_WITH_TIMESTAMPS = 3;

    /** Bytes of a Fast Open cookie: RFC 7413 section 4.1.1. */
    public static final int MIN_COOKIE = 4;

    public static final int MAX_COOKIE = 16;

    /** RFC 7323 section 2.3: larger shifts are taken as 14. */
    public static final int MAX_WINDOW_SCALE = 14;

    private static final int NOP_NOP_TIMESTAMPS = 0x0101_080A;
    private static final int SACK_PERMITTED_TIMESTAMPS = 0x0402_080A;
    private static final int NOP_NOP_SACK_PERMITTED = 0x0101_0402;
    private static final int NOP_NOP_SACK = 0x0101_0502;
    private static final int NOP_WINDOW_SCALE = 0x0103_0300;
    private static final int MSS_PREFIX = 0x0204_0000;

    private TcpOptions() {}

    /**
     * Whether the twelve bytes at {@code offset} are NOP NOP timestamps; Linux: {@code tcp_parse_aligned_timestamp()}.
     */
    public static boolean isAlignedTimestamps(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, 0) == NOP_NOP_TIMESTAMPS;
    }

    public static int shortValue(DirectBuffer buffer, int offset) {
        return NetworkOrder.readShort(buffer, offset, 0) & 0xFFFF;
    }

    public static int intValue(DirectBuffer buffer, int offset) {
        return NetworkOrder.readInt(buffer, offset, 0);
    }

    public static int putMss(MutableDirectBuffer buffer, int offset, int mss) {
        NetworkOrder.writeInt(buffer, offset, 0, MSS_PREFIX | mss);
        return offset + MSS_LENGTH;
    }

    /** NOP NOP timestamps. */
    public static int putTimestamps(MutableDirectBuffer buffer, int offset, int value, int echoReply) {
        NetworkOrder.writeInt(buffer, offset, 0, NOP_NOP_TIMESTAMPS);
        NetworkOrder.writeInt(buffer, offset, 4, value);
        NetworkOrder.writeInt(buffer, offset, 8, echoReply);
        return offset + TIMESTAMPS_ALIGNED_LENGTH;
    }

    /** SACK permitted in the place of the two NOPs, timestamps. */
    public static int putSackPermittedAndTimestamps(MutableDirectBuffer buffer, int offset, int value, int echoReply) {
        putTimestamps(buffer, offset, value, echoReply);
        NetworkOrder.writeInt(buffer, offset, 0, SACK_PERMITTED_TIMESTAMPS);
        return offset + TIMESTAMPS_ALIGNED_LENGTH;
    }

    /** NOP NOP SACK permitted. */
    public static int putSackPermitted(MutableDirectBuffer buffer, int offset) {
        NetworkOrder.writeInt(buffer, offset, 0, NOP_NOP_SACK_PERMITTED);
        return offset + SACK_PERMITTED_ALIGNED_LENGTH;
    }

    /** Adds to a checksum what {@link #putTimestamps} writes. */
    public static long addTimestamps(long sum, int value, int echoReply) {
        return Checksum.addInt(Checksum.addInt(Checksum.addInt(sum, NOP_NOP_TIMESTAMPS), value), echoReply);
    }

    /** NOP, window scale. */
    public static int putWindowScale(MutableDirectBuffer buffer, int offset, int shift) {
        NetworkOrder.writeInt(buffer, offset, 0, NOP_WINDOW_SCALE | shift);
        return offset + 4;
    }

    /** Bytes that a SACK option with so many blocks takes, its NOPs included; 0 for none. */
    public static int sackLength(int blocks) {
        return blocks == 0 ? 0 : SACK_ALIGNED_LENGTH + SACK_BLOCK_LENGTH * blocks;
    }

    /** NOP NOP SACK, length; the blocks follow. Answers the sum with what was written. */
    public static long putSack(MutableDirectBuffer buffer, int offset, int blocks, long sum) {
        final int word = NOP_NOP_SACK + SACK_BLOCK_LENGTH * blocks;
        NetworkOrder.writeInt(buffer, offset, 0, word);
        return Checksum.addInt(sum, word);
    }

    /** One block of it. */
    public static long putSackBlock(MutableDirectBuffer buffer, int offset, int start, int end, long sum) {
        NetworkOrder.writeInt(buffer, offset, 0, start);
        NetworkOrder.writeInt(buffer, offset, 4, end);
        return Checksum.addInt(Checksum.addInt(sum, start), end);
    }

    /** Bytes of a Fast Open option with a cookie of so many bytes, filled up with NOPs, in one form or the other. */
    public static int fastOpenLength(int cookieLength, boolean isExperimental) {
        return (isExperimental ? EXPERIMENTAL_LENGTH : 2) + cookieLength + 3 & ~3;
    }

    /** Fast Open without its cookie; answers where that is to be put. */
    public static int putFastOpen(MutableDirectBuffer buffer, int offset, int cookieLength) {
        NetworkOrder.writeByte(buffer, offset, 0, (byte) FAST_OPEN);
        NetworkOrder.writeByte(buffer, offset, 1, (byte) (2 + cookieLength));
        return offset + 2;
    }

    /** The same as an experiment. */
    public static int putFastOpenExperiment(MutableDirectBuffer buffer, int offset, int cookieLength) {
        NetworkOrder.writeByte(buffer, offset, 0, (byte) EXPERIMENTAL);
        NetworkOrder.writeByte(buffer, offset, 1, (byte) (EXPERIMENTAL_LENGTH + cookieLength));
        NetworkOrder.writeShort(buffer, offset, 2, (short) FAST_OPEN_EXPERIMENT);
        return offset + EXPERIMENTAL_LENGTH;
    }

    /** A cookie, its bytes in network order, the first on top. */
    public static void putCookie(MutableDirectBuffer buffer, int offset, int length, long high, long low) {
        for (int i = 0; i < length; i++) {
            final long word = i < Long.BYTES ? high : low;
            NetworkOrder.writeByte(buffer, offset, i, (byte) (word >>> Long.SIZE - Byte.SIZE - Byte.SIZE * (i & 7)));
        }
    }

    /** Fills up with NOPs. */
    public static void pad(MutableDirectBuffer buffer, int offset, int end) {
        for (int i = offset; i < end; i++) {
            NetworkOrder.writeByte(buffer, i, 0, (byte) NOP);
        }
    }

    /** Up to eight bytes of a cookie as one word, the first on top; 0 when {@code length} is not positive. */
    public static long cookieWord(DirectBuffer buffer, int offset, int length) {
        long word = 0;
        for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
            word |= (NetworkOrder.readByte(buffer, offset, i) & 0xFFL) << Long.SIZE - Byte.SIZE - Byte.SIZE * i;
        }
        return word;
    }
}
