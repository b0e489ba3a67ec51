package io.spinwire.nic;

import static org.agrona.BitUtil.CACHE_LINE_LENGTH;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of one direction of a {@link Pipe}: a bounded ring of equal frame slots, written by one thread and read by
 * one. The two positions count frames and never wrap; each is release-stored by its own side only and acquire-loaded by
 * the other.
 *
 * <pre>
 *  0         128               256                       384
 * +---------+--------+--------+--------+--------+-------+--------+--------+- - -
 * | (pad)   | tail   | (pad)  | head   | closed | (pad) | slot 0 | slot 1 |        slot = length(4) spare(14) frame
 * +---------+--------+--------+--------+--------+-------+--------+--------+- - -
 * </pre>
 */
final class FrameRing {
    private static final int PAIR_OF_LINES = 2 * CACHE_LINE_LENGTH; // as Agrona's rings: the prefetcher loads two lines
    private static final int TAIL = PAIR_OF_LINES;
    private static final int HEAD = TAIL + PAIR_OF_LINES;
    private static final int CLOSED = HEAD + Long.BYTES;
    private static final int SLOTS = HEAD + PAIR_OF_LINES;

    /** Length and spare bytes before a frame, so that its IP header is aligned to 16. Linux: {@code NET_IP_ALIGN}. */
    private static final int HEADROOM = 18;

    final UnsafeBuffer buffer;
    final int capacity;
    private final int slotLength;
    private final long base; // address of the buffer

    /**
     * A ring of zeroed memory.
     *
     * @param capacity frames, a power of two
     * @param frameLength bytes of the longest frame
     */
    FrameRing(int capacity, int frameLength) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new NicException("ring of " + capacity + " frames: give a power of two");
        }
        final int aligned = BitUtil.align(HEADROOM + frameLength, CACHE_LINE_LENGTH);
        final long length = SLOTS + (long) capacity * aligned;
        if (length > Integer.MAX_VALUE) {
            throw new NicException("ring of " + capacity + " frames of " + frameLength + " bytes: over 2 GiB");
        }
        this.capacity = capacity;
        slotLength = aligned;
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned((int) length, PAIR_OF_LINES));
        base = buffer.addressOffset();
    }

    /** Offset of the frame at a position. */
    int frameOffset(long position) {
        return SLOTS + ((int) position & capacity - 1) * slotLength + HEADROOM;
    }

    int frameLength(int frameOffset) {
        return UnsafeApi.getInt(base + frameOffset - HEADROOM);
    }

    void frameLength(int frameOffset, int length) {
        UnsafeApi.putInt(base + frameOffset - HEADROOM, length);
    }

    long tailAcquire() {
        return buffer.getLongAcquire(TAIL);
    }

    /** Writer only: all frames before {@code position} may be read. */
    void tailRelease(long position) {
        buffer.putLongRelease(TAIL, position);
    }

    long headAcquire() {
        return buffer.getLongAcquire(HEAD);
    }

    /** Reader only: all frames before {@code position} may be written again. */
    void headRelease(long position) {
        buffer.putLongRelease(HEAD, position);
    }

    boolean isReaderClosed() {
        return buffer.getLongAcquire(CLOSED) != 0;
    }

    /** Reader only, for good: it will not touch the ring again. */
    void closeReader() {
        buffer.putLongRelease(CLOSED, 1);
    }
}
