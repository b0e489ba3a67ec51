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
        if (length <= ByteCopy.SHORT_BLOCK) {
            return sum + addShortBlock(at, length);
        }
        final int whole = length & -Long.BYTES;
        return sum + addLongBlock(at, whole) + addRest(at + whole, length);
    }

    /** Two loops of one sum each: such loops the JIT makes vector instructions of, others it does not. */
    private static long addLongBlock(long at, int length) {
        return fold32(addLowHalves(at, length)) + fold32(addHighHalves(at, length));
    }

    /** A loop without a counter, as that of {@link ByteCopy}. */
    private static long addShortBlock(long begin, int length) {
        final long end = begin + (length & -ByteCopy.STRIDE);
        long sum = 0;
        long at = begin;
        while (at != end) {
            sum += add16(at) + add16(at + 16);
            at += ByteCopy.STRIDE;
        }
        if ((length & 16) != 0) {
            sum += add16(at);
            at += 16;
        }
        if ((length & 8) != 0) {
            sum += add8(at);
            at += 8;
        }
        return sum + addRest(at, length);
    }

    private static long add16(long at) {
        return add8(at) + add8(at + 8);
    }

    private static long add8(long at) {
        return (UnsafeApi.getInt(at) & 0xFFFF_FFFFL) + (UnsafeApi.getInt(at + 4) & 0xFFFF_FFFFL);
    }

    /** The last 0 to 7 of {@code length} bytes. */
    private static long addRest(long begin, int length) {
        long sum = 0;
        long at = begin;
        if ((length & 4) != 0) {
            sum += UnsafeApi.getInt(at) & 0xFFFF_FFFFL;
            at += 4;
        }
        if ((length & 2) != 0) {
            sum += UnsafeApi.getShort(at) & 0xFFFF;
            at += 2;
        }
        return (length & 1) == 0 ? sum : sum + lastByte(UnsafeApi.getByte(at));
    }

    /** RFC 1071: an odd byte is padded with zero on its right. */
    private static int lastByte(byte last) {
        return LITTLE ? last & 0xFF : (last & 0xFF) << Byte.SIZE;
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
        return fold32(low) + fold32(high) + addRest(buffer, i, end);
    }

    /**
     * Copies bytes and adds them to a sum.
     *
     * @param sum as for {@link #add}
     * @return as {@link #add} of the same bytes
     */
    public static long addCopy(
            long sum, DirectBuffer src, int srcOffset, MutableDirectBuffer dst, int dstOffset, int length) {
        ByteCopy.copy(src, srcOffset, dst, dstOffset, length);
        return add(sum, src, srcOffset, length); // a pass over what is cached now
    }

    /**
     * The sum of a block that begins at an odd place of the whole: RFC 1071 section 2 (B), the sum of the swapped words
     * is the swapped sum.
     */
    public static long swap(long sum) {
        return Short.reverseBytes((short) fold(sum)) & 0xFFFF;
    }

    private static long addRest(DirectBuffer buffer, int offset, int end) {
        long sum = 0;
        int i = offset;
        if (i <= end - 2) {
            sum += buffer.getShort(i, NATIVE) & 0xFFFF;
            i += 2;
        }
        return i < end ? sum + lastByte(buffer.getByte(i)) : sum;
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
        final int half = (int) fold32(sum);
        return half + Integer.rotateRight(half, 16) >>> 16;
    }

    /** Folds and complements: the value for {@link #store}; 0 over data that contains its own valid checksum. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xFFFF;
    }

    /** Reads a checksum field of the header at {@code offset} into this class's byte order. */
    public static int load(DirectBuffer buffer, int offset, int field) {
        if (buffer.byteArray() != null) {
            return buffer.getShort(offset + field, NATIVE) & 0xFFFF;
        }
        return UnsafeApi.getShort(NetworkOrder.address(buffer, offset, field, Short.BYTES)) & 0xFFFF;
    }

    /** Writes a checksum field of the header at {@code offset} from this class's byte order. */
    public static void store(MutableDirectBuffer buffer, int offset, int field, int value) {
        if (buffer.byteArray() != null) {
            buffer.putShort(offset + field, (short) value, NATIVE);
        } else {
            UnsafeApi.putShort(NetworkOrder.address(buffer, offset, field, Short.BYTES), (short) value);
        }
    }

    /** Both halves and their carry: a number and itself rotated have it in their upper half. */
    private static long fold32(long sum) {
        return sum + Long.rotateRight(sum, 32) >>> 32;
    }
}
