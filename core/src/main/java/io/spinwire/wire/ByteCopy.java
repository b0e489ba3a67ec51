package io.spinwire.wire;

import static org.agrona.DirectBuffer.SHOULD_BOUNDS_CHECK;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/**
 * Copies bytes between buffers. The machine's own copy is a call, before which the JIT saves what it has in registers
 * and after which it reads all fields again: for a small message that is most of the work (perf-results,
 * {@code fast-path}).
 */
public final class ByteCopy {
    /** Blocks up to here are copied, and summed, in straight lines. */
    static final int SHORT_BLOCK = 256;

    static final int STRIDE = 32;

    private ByteCopy() {}

    /** As {@link MutableDirectBuffer#putBytes(int, DirectBuffer, int, int)}, for blocks that do not overlap. */
    public static void copy(DirectBuffer src, int srcOffset, MutableDirectBuffer dst, int dstOffset, int length) {
        if (length > SHORT_BLOCK || length < 0 || src.byteArray() != null || dst.byteArray() != null) {
            dst.putBytes(dstOffset, src, srcOffset, length);
            return;
        }
        if (SHOULD_BOUNDS_CHECK) {
            src.boundsCheck(srcOffset, length);
            dst.boundsCheck(dstOffset, length);
        }
        copyShortBlock(src.addressOffset() + srcOffset, dst.addressOffset() + dstOffset, length);
    }

    /** The loop has no counter: one with a counter gets a loop before and one after it, which cost more than it. */
    private static void copyShortBlock(long from, long to, int length) {
        final long whole = length & -STRIDE;
        long at = 0;
        while (at != whole) {
            copy16(from + at, to + at);
            copy16(from + at + 16, to + at + 16);
            at += STRIDE;
        }
        if ((length & 16) != 0) {
            copy16(from + at, to + at);
            at += 16;
        }
        if ((length & 8) != 0) {
            UnsafeApi.putLong(to + at, UnsafeApi.getLong(from + at));
            at += 8;
        }
        if ((length & 4) != 0) {
            UnsafeApi.putInt(to + at, UnsafeApi.getInt(from + at));
            at += 4;
        }
        if ((length & 2) != 0) {
            UnsafeApi.putShort(to + at, UnsafeApi.getShort(from + at));
            at += 2;
        }
        if ((length & 1) != 0) {
            UnsafeApi.putByte(to + at, UnsafeApi.getByte(from + at));
        }
    }

    private static void copy16(long from, long to) {
        UnsafeApi.putLong(to, UnsafeApi.getLong(from));
        UnsafeApi.putLong(to + 8, UnsafeApi.getLong(from + 8));
    }
}
