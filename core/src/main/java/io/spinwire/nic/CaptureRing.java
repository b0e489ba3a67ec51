package io.spinwire.nic;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Where copies of frames wait for the file: a bounded Agrona ring, filled by the engine thread through a
 * {@link CaptureNic} and emptied by a {@link CaptureWriter} on another. A frame that finds it full is counted and left
 * out; nothing ever blocks.
 *
 * <pre>
 *  0           8             16                24
 * +-----------+-------------+-----------------+-------- - -
 * | time (ns) | overruns    | original length | frame        message type = direction + 1
 * +-----------+-------------+-----------------+-------- - -
 * </pre>
 */
public final class CaptureRing {
    /** Some 2,600 full frames: a few milliseconds of a busy 10 Gbit/s link. */
    public static final int DEFAULT_CAPACITY = 4 << 20;

    /** Frames whole, whatever their MTU. As tcpdump. */
    public static final int DEFAULT_SNAP_LENGTH = 262_144;

    static final int TIME = 0;
    static final int OVERRUNS = 8;
    static final int ORIGINAL_LENGTH = 16;
    static final int FRAME = 24;

    final OneToOneRingBuffer ring;
    final int snapLength;
    private volatile long overruns;

    /**
     * A ring.
     *
     * @param capacity bytes, a power of two
     * @param snapLength longest part of a frame to keep, in bytes; an eighth of the capacity is the limit
     */
    public CaptureRing(int capacity, int snapLength) {
        if (Integer.bitCount(capacity) != 1) {
            throw new NicException("capture ring of " + capacity + " bytes: give a power of two");
        }
        ring = new OneToOneRingBuffer(new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(capacity + RingBufferDescriptor.TRAILER_LENGTH, 128)));
        if (snapLength < 1 || snapLength + FRAME > ring.maxMsgLength()) {
            throw new NicException("snap length " + snapLength + ": give 1 to " + (ring.maxMsgLength() - FRAME)
                    + " with a capture ring of " + capacity + " bytes");
        }
        this.snapLength = snapLength;
    }

    /** Engine thread only: copies a frame, or counts it. */
    void capture(int direction, long timeNs, DirectBuffer buffer, int offset, int length) {
        final int kept = Math.min(length, snapLength);
        final int index = ring.tryClaim(direction + 1, FRAME + kept); // types start at 1
        if (index < 0) {
            overruns = overruns + 1; // one writer
            return;
        }
        final AtomicBuffer memory = ring.buffer();
        memory.putLong(index + TIME, timeNs);
        memory.putLong(index + OVERRUNS, overruns);
        memory.putInt(index + ORIGINAL_LENGTH, length);
        memory.putBytes(index + FRAME, buffer, offset, kept);
        ring.commit(index);
    }

    /** Frames left out because the ring was full; any thread. */
    public long overruns() {
        return overruns;
    }
}
