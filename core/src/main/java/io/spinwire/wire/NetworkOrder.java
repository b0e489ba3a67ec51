package io.spinwire.wire;

import static org.agrona.DirectBuffer.SHOULD_BOUNDS_CHECK;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/**
 * Numbers in network byte order in a buffer. What lies outside the heap, as all packets do, is reached by its address:
 * an access that might be to the heap as well makes the JIT forget all fields that it has in registers (perf-results,
 * {@code fast-path}). Checked as Agrona checks.
 *
 * <p>A field is named by the offset of its header and its own within that, and they are added as longs: all fields of a
 * header then share one address, where a sum of ints would be widened for each of them anew.
 */
final class NetworkOrder {
    private static final ByteOrder BIG_ENDIAN = ByteOrder.BIG_ENDIAN;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private NetworkOrder() {}

    static byte readByte(DirectBuffer buffer, int offset, int field) {
        if (buffer.byteArray() != null) {
            return buffer.getByte(offset + field);
        }
        return UnsafeApi.getByte(address(buffer, offset, field, 1));
    }

    static short readShort(DirectBuffer buffer, int offset, int field) {
        if (buffer.byteArray() != null) {
            return buffer.getShort(offset + field, BIG_ENDIAN);
        }
        final short bits = UnsafeApi.getShort(address(buffer, offset, field, Short.BYTES));
        return LITTLE ? Short.reverseBytes(bits) : bits;
    }

    static int readInt(DirectBuffer buffer, int offset, int field) {
        if (buffer.byteArray() != null) {
            return buffer.getInt(offset + field, BIG_ENDIAN);
        }
        final int bits = UnsafeApi.getInt(address(buffer, offset, field, Integer.BYTES));
        return LITTLE ? Integer.reverseBytes(bits) : bits;
    }

    static void writeByte(MutableDirectBuffer buffer, int offset, int field, byte value) {
        if (buffer.byteArray() != null) {
            buffer.putByte(offset + field, value);
        } else {
            UnsafeApi.putByte(address(buffer, offset, field, 1), value);
        }
    }

    static void writeShort(MutableDirectBuffer buffer, int offset, int field, short value) {
        if (buffer.byteArray() != null) {
            buffer.putShort(offset + field, value, BIG_ENDIAN);
        } else {
            final short bits = LITTLE ? Short.reverseBytes(value) : value;
            UnsafeApi.putShort(address(buffer, offset, field, Short.BYTES), bits);
        }
    }

    static void writeInt(MutableDirectBuffer buffer, int offset, int field, int value) {
        if (buffer.byteArray() != null) {
            buffer.putInt(offset + field, value, BIG_ENDIAN);
        } else {
            final int bits = LITTLE ? Integer.reverseBytes(value) : value;
            UnsafeApi.putInt(address(buffer, offset, field, Integer.BYTES), bits);
        }
    }

    /** Copies eight bytes as they lie, {@code field} bytes after each of the offsets. */
    static void copyLong(DirectBuffer src, int from, MutableDirectBuffer dst, int to, int field) {
        if (src.byteArray() != null || dst.byteArray() != null) {
            dst.putLong(to + field, src.getLong(from + field));
        } else {
            UnsafeApi.putLong(
                    address(dst, to, field, Long.BYTES), UnsafeApi.getLong(address(src, from, field, Long.BYTES)));
        }
    }

    /** Where a field outside the heap is, checked as Agrona checks. */
    static long address(DirectBuffer buffer, int offset, int field, int length) {
        if (SHOULD_BOUNDS_CHECK) {
            buffer.boundsCheck(offset + field, length);
        }
        return buffer.addressOffset() + offset + field;
    }
}
