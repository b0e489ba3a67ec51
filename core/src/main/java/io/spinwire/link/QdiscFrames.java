package io.spinwire.link;

import io.spinwire.nic.Frame;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of a qdisc: a fixed pool of slots of one frame each, and what is known of the frame in each. A slot is
 * free, claimed, or in a {@link FrameQueue}, which links slots by {@link #next}. Engine thread only.
 */
final class QdiscFrames {
    static final int NONE = -1;

    /** Slots beyond the limit, for ACK, RST and ARP. */
    static final int RESERVED = 8;

    private static final int HEADROOM = 2; // so that IP headers are aligned

    final UnsafeBuffer buffer;
    final int[] next;
    final int[] length;
    final int[] sock;
    final long[] departureNs;
    final long[] queuedNs; // when it was put in

    /** Frames without payload, which may use the reserved slots and do not count against their socket. */
    final boolean[] isPriority;

    private final int limit;
    private final int slotLength;
    private int free;
    private int used;

    /**
     * A pool.
     *
     * @param limit frames that may wait
     * @param frameLength bytes of the longest, Ethernet header included
     */
    QdiscFrames(int limit, int frameLength) {
        this.limit = limit;
        final int slots = limit + RESERVED;
        slotLength = BitUtil.align(HEADROOM + frameLength, BitUtil.CACHE_LINE_LENGTH);
        final long bytes = (long) slots * slotLength;
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("qdisc of " + limit + " frames of " + frameLength + " bytes is "
                    + (bytes >> 20) + " MiB, over 2047: lower its limit or the mtu");
        }
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned((int) bytes, BitUtil.CACHE_LINE_LENGTH));
        next = new int[slots];
        length = new int[slots];
        sock = new int[slots];
        departureNs = new long[slots];
        queuedNs = new long[slots];
        isPriority = new boolean[slots];
        for (int i = 0; i < slots; i++) {
            next[i] = i + 1 < slots ? i + 1 : NONE;
        }
    }

    /** Whether {@link #claim} would answer a slot. */
    boolean hasRoom(boolean isUrgent) {
        return used < (isUrgent ? limit + RESERVED : limit);
    }

    /** A slot for a frame of {@code frameLength} bytes, or NONE when all that it may use are taken. */
    int claim(Frame frame, int frameLength, boolean isUrgent) {
        assert frameLength <= slotLength - HEADROOM : frameLength + " bytes in a slot of " + slotLength;
        if (!hasRoom(isUrgent)) {
            return NONE;
        }
        final int slot = free;
        free = next[slot];
        used++;
        isPriority[slot] = isUrgent;
        frame.buffer = buffer;
        frame.macOffset = offset(slot);
        frame.limit = frame.macOffset + frameLength;
        frame.sock = -1;
        frame.departureNs = 0;
        return slot;
    }

    void release(int slot) {
        next[slot] = free;
        free = slot;
        used--;
    }

    /** Slots that are claimed or hold a frame. */
    int used() {
        return used;
    }

    int offset(int slot) {
        return slot * slotLength + HEADROOM;
    }
}
