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
 */
final class NetworkOrder {
    private static final ByteOrder BIG_ENDIAN = ByteOrder.BIG_ENDIAN;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private NetworkOrder() {}

    static byte readByte(DirectBuffer buffer, int index) {
        return buffer.byteArray() != null ? buffer.getByte(index) : UnsafeApi.getByte(address(buffer, index, 1));
    }

    static short readShort(DirectBuffer buffer, int index) {
        if (buffer.byteArray() != null) {
            return buffer.getShort(index, BIG_ENDIAN);
        }
        final short bits = UnsafeApi.getShort(address(buffer, index, Short.BYTES));
        return LITTLE ? Short.reverseBytes(bits) : bits;
    }

    static int readInt(DirectBuffer buffer, int index) {
        if (buffer.byteArray() != null) {
            return buffer.getInt(index, BIG_ENDIAN);
        }
        final int bits = UnsafeApi.getInt(address(buffer, index, Integer.BYTES));
        return LITTLE ? Integer.reverseBytes(bits) : bits;
    }

    static void writeByte(MutableDirectBuffer buffer, int index, byte value) {
        if (buffer.byteArray() != null) {
            buffer.putByte(index, value);
        } else {
            UnsafeApi.putByte(address(buffer, index, 1), value);
        }
    }

    static void writeShort(MutableDirectBuffer buffer, int index, short value) {
        if (buffer.byteArray() != null) {
            buffer.putShort(index, value, BIG_ENDIAN);
        } else {
            UnsafeApi.putShort(address(buffer, index, Short.BYTES), LITTLE ? Short.reverseBytes(value) : value);
        }
    }

    static void writeInt(MutableDirectBuffer buffer, int index, int value) {
        if (buffer.byteArray() != null) {
            buffer.putInt(index, value, BIG_ENDIAN);
        } else {
            UnsafeApi.putInt(address(buffer, index, Integer.BYTES), LITTLE ? Integer.reverseBytes(value) : value);
        }
    }

    /** Copies eight bytes as they lie. */
    static void copyLong(DirectBuffer src, int from, MutableDirectBuffer dst, int to) {
        if (src.byteArray() != null || dst.byteArray() != null) {
            dst.putLong(to, src.getLong(from));
        } else {
            UnsafeApi.putLong(address(dst, to, Long.BYTES), UnsafeApi.getLong(address(src, from, Long.BYTES)));
        }
    }

    private static long address(DirectBuffer buffer, int index, int length) {
        if (SHOULD_BOUNDS_CHECK) {
            buffer.boundsCheck(index, length);
        }
        return buffer.addressOffset() + index;
    }
}
