package io.spinwire.wire;

import static org.agrona.DirectBuffer.SHOULD_BOUNDS_CHECK;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/**
 * The Internet checksum, RFC 1071: the one's complement of the one's complement sum of 16-bit words. Sums are kept in
 * the machine's byte order until {@link #finish}, because the sum is independent of byte order (RFC 1071 section 2
 * (B)); stored and loaded values pass through {@link #store} and {@link #load}, which use the same order, so no byte is
 * ever swapped. What lies outside the heap is read by its address, as by {@link NetworkOrder}.
 */
public final class Checksum {
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final boolean LITTLE = NATIVE == ByteOrder.LITTLE_ENDIAN;

    /** Up to here one pass that copies and sums is quicker than two (perf-results, {@code fast-path}). */
    private static final int ONE_PASS = 256;

    private Checksum() {}

    /**
     * Adds bytes to a sum.
     *
     * @param sum so far, as returned by this class; 0 to begin. Each block but the last has an even length
     * @return unfolded sum, to be passed on or to {@link #finish}
     */
    public static long add(long sum, DirectBuffer buffer, int offset, int length) {
        if (buffer.byteArray() != null) {
            return addArray(sum, buffer, offset, length);
        }
        if (SHOULD_BOUNDS_CHECK) {
            buffer.boundsCheck(offset, length);
        }
        final long at = buffer.addressOffset() + offset;
        final int whole = length & -Long.BYTES;
        return sum + addWords(at, whole) + tail(buffer, offset + whole, offset + length);
    }

    /**
     * Long blocks in two loops of one sum each: such loops the JIT makes vector instructions of, others it does not.
     */
    private static long addWords(long at, int length) {
        if (length > ONE_PASS) {
            return fold32(addLowHalves(at, length)) + fold32(addHighHalves(at, length));
        }
        long low = 0;
        long high = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            final long word = UnsafeApi.getLong(at + i);
            low += word & 0xFFFF_FFFFL;
            high += word >>> 32;
        }
        return fold32(low) + fold32(high);
    }

    private static long addLowHalves(long at, int length) {
        long sum = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            sum += UnsafeApi.getLong(at + i) & 0xFFFF_FFFFL;
        }
        return sum;
    }

    private static long addHighHalves(long at, int length) {
        long sum = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            sum += UnsafeApi.getLong(at + i) >>> 32;
        }
        return sum;
    }

    private static long addArray(long sum, DirectBuffer buffer, int offset, int length) {
        long low = sum;
        long high = 0;
        int i = offset;
        final int end = offset + length;
        for (; i <= end - 16; i += 16) {
            final long a = buffer.getLong(i, NATIVE);
            final long b = buffer.getLong(i + 8, NATIVE);
            low += (a & 0xFFFF_FFFFL) + (b & 0xFFFF_FFFFL);
            high += (a >>> 32) + (b >>> 32);
        }
        for (; i <= end - 4; i += 4) {
            low += buffer.getInt(i, NATIVE) & 0xFFFF_FFFFL;
        }
        return fold32(low) + fold32(high) + tail(buffer, i, end);
    }

    /**
     * Copies bytes and adds them to a sum.
     *
     * @param sum as for {@link #add}
     * @return as {@link #add} of the same bytes
     */
    public static long addCopy(
            long sum, DirectBuffer src, int srcOffset, MutableDirectBuffer dst, int dstOffset, int length) {
        if (length <= ONE_PASS && src.byteArray() == null && dst.byteArray() == null) {
            if (SHOULD_BOUNDS_CHECK) {
                src.boundsCheck(srcOffset, length);
                dst.boundsCheck(dstOffset, length);
            }
            return addCopy(sum, src.addressOffset() + srcOffset, dst.addressOffset() + dstOffset, length);
        }
        dst.putBytes(dstOffset, src, srcOffset, length); // the machine's own copy, then a pass over what is cached now
        return add(sum, src, srcOffset, length);
    }

    private static long addCopy(long sum, long from, long to, int length) {
        final int whole = length & -Long.BYTES;
        long low = sum;
        long high = 0;
        for (int i = 0; i < whole; i += Long.BYTES) {
            final long word = UnsafeApi.getLong(from + i);
            UnsafeApi.putLong(to + i, word);
            low += word & 0xFFFF_FFFFL;
            high += word >>> 32;
        }
        long rest = 0;
        for (int i = whole; i < length; i++) {
            final byte b = UnsafeApi.getByte(from + i);
            UnsafeApi.putByte(to + i, b);
            final int shift = LITTLE ? i & 1 : ~i & 1; // RFC 1071: an odd byte is padded with zero on its right
            rest += (long) (b & 0xFF) << shift * Byte.SIZE;
        }
        return fold32(low) + fold32(high) + rest;
    }

    /**
     * The sum of a block that begins at an odd place of the whole: RFC 1071 section 2 (B), the sum of the swapped words
     * is the swapped sum.
     */
    public static long swap(long sum) {
        return Short.reverseBytes((short) fold(sum)) & 0xFFFF;
    }

    private static long tail(DirectBuffer buffer, int offset, int end) {
        long sum = 0;
        int i = offset;
        if (i <= end - 4) {
            sum += buffer.getInt(i, NATIVE) & 0xFFFF_FFFFL;
            i += 4;
        }
        if (i <= end - 2) {
            sum += buffer.getShort(i, NATIVE) & 0xFFFF;
            i += 2;
        }
        if (i < end) {
            final int last = buffer.getByte(i) & 0xFF;
            sum += LITTLE ? last : last << 8; // RFC 1071: an odd byte is padded with zero on its right
        }
        return sum;
    }

    /** Adds one 16-bit value, as the number it is (host meaning, e.g. a length or a protocol). */
    public static long addShort(long sum, int value) {
        return sum + (LITTLE ? Short.reverseBytes((short) value) & 0xFFFF : value & 0xFFFF);
    }

    /** Adds one 32-bit value, as the number it is (e.g. an IPv4 address). */
    public static long addInt(long sum, int value) {
        return sum + ((LITTLE ? Integer.reverseBytes(value) : value) & 0xFFFF_FFFFL);
    }

    /** Folds to 16 bits with end-around carry, without complement: what a partial checksum field holds. */
    public static int fold(long sum) {
        long folded = fold32(sum);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        return (int) folded;
    }

    /** Folds and complements: the value for {@link #store}; 0 over data that contains its own valid checksum. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xFFFF;
    }

    /** Reads a checksum field into this class's byte order. */
    public static int load(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset, NATIVE) & 0xFFFF;
    }

    /** Writes a checksum field from this class's byte order. */
    public static void store(MutableDirectBuffer buffer, int offset, int value) {
        buffer.putShort(offset, (short) value, NATIVE);
    }

    private static long fold32(long sum) {
        final long once = (sum & 0xFFFF_FFFFL) + (sum >>> 32);
        return (once & 0xFFFF_FFFFL) + (once >>> 32);
    }
}
