package io.spinwire.queue;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of an {@link RtxQueue}: a ring of 64-byte records, found by their numbers, which run on for ever. The
 * queue has a few of its own; when more are needed at once they are all moved to memory lent by the {@link SlabPool},
 * and keep their numbers. Reached by address (perf-results, {@code fast-path}); a place is within the ring whatever the
 * number. Engine thread only.
 */
final class RtxRecords {
    // What a record is and was; how things stood when it was sent, for delivery-rate samples; and the numbers of its
    // neighbours in the order by time sent.
    static final int SEQ = 0;
    static final int END_SEQ = 4;
    static final int SENT_NS = 8;
    static final int FLAGS = 16;
    static final int RETRANSMISSIONS = 20;
    static final int DELIVERED_NS = 24;
    static final int FIRST_SENT_NS = 32;
    static final int DELIVERED = 40;
    static final int DELIVERED_CE = 44;
    static final int LOST_SO_FAR = 48;
    static final int IN_FLIGHT = 52;
    static final int SENT_BEFORE_IT = 56;
    static final int SENT_AFTER_IT = 60;
    static final int LENGTH = 64;

    /** Records that need no slab. */
    static final int OWN = 8;

    private static final int SHIFT = 6;

    private final SlabPool slabs;
    private final UnsafeBuffer own =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(OWN * LENGTH, BitUtil.CACHE_LINE_LENGTH));
    private long address = own.addressOffset();
    private int mask = OWN - 1;
    private long slab = SlabPool.EXHAUSTED;

    RtxRecords(SlabPool slabs) {
        this.slabs = slabs;
    }

    /** Where the record with this number is, until the ring grows or is released. */
    long place(int number) {
        return address + ((long) (number & mask) << SHIFT);
    }

    static int readInt(long place, int field) {
        return UnsafeApi.getInt(place + field);
    }

    static void writeInt(long place, int field, int value) {
        UnsafeApi.putInt(place + field, value);
    }

    static long readLong(long place, int field) {
        return UnsafeApi.getLong(place + field);
    }

    static void writeLong(long place, int field, long value) {
        UnsafeApi.putLong(place + field, value);
    }

    int capacity() {
        return mask + 1;
    }

    void copy(int fromNumber, int toNumber) {
        UnsafeApi.copyMemory(place(fromNumber), place(toNumber), LENGTH);
    }

    /** Doubles the room of {@code size} records from number {@code head} on. False when slabs ran out. */
    boolean grow(int head, int size) {
        final long bigger = slabs.allocate(2 * (mask + 1) << SHIFT);
        if (bigger == SlabPool.EXHAUSTED) {
            return false;
        }
        final long newAddress = slabs.arena(bigger).addressOffset() + slabs.offset(bigger);
        final int newMask = (slabs.capacity(bigger) >> SHIFT) - 1;
        for (int number = head; number != head + size; number++) {
            UnsafeApi.copyMemory(place(number), newAddress + ((long) (number & newMask) << SHIFT), LENGTH);
        }
        if (slab != SlabPool.EXHAUSTED) {
            slabs.free(slab);
        }
        slab = bigger;
        address = newAddress;
        mask = newMask;
        return true;
    }

    /** Forgets all records and returns borrowed memory. */
    void release() {
        if (slab != SlabPool.EXHAUSTED) {
            address = own.addressOffset();
            mask = OWN - 1;
            slabs.free(slab);
            slab = SlabPool.EXHAUSTED;
        }
    }
}
