package io.spinwire.queue;

import io.spinwire.wire.ByteCopy;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The storage that WriteQueue and ReceiveQueue share: a power of two of bytes in which stream position p lies at
 * {@code p & (capacity - 1)}. It can be changed for another one, live bytes copied, which only the one thread of an
 * inline queue may do. Knows no positions of its own.
 */
final class ByteRing {
    private static final byte[] NOTHING = {};

    final UnsafeBuffer buffer = new UnsafeBuffer(NOTHING);
    int capacity;
    private int mask;
    private SlabPool slabs;
    private long slab = SlabPool.EXHAUSTED;

    /** Moves to other memory, with the bytes at positions [from, to). */
    void attach(AtomicBuffer memory, int offset, int newCapacity, long from, long to) {
        if (newCapacity <= 0 || (newCapacity & (newCapacity - 1)) != 0) {
            throw new IllegalArgumentException("ring capacity " + newCapacity + " is not a power of two");
        }
        if (to - from > newCapacity) {
            throw new IllegalArgumentException(to - from + " bytes held > new ring capacity " + newCapacity);
        }
        if (capacity != 0) {
            moveTo(memory, offset, newCapacity, from, to);
        }
        buffer.wrap(memory, offset, newCapacity);
        capacity = newCapacity;
        mask = newCapacity - 1;
    }

    private void moveTo(AtomicBuffer memory, int offset, int newCapacity, long from, long to) {
        long position = from;
        while (position < to) {
            final int target = (int) position & (newCapacity - 1);
            final int run = (int) Math.min(to - position, Math.min(contiguous(position), newCapacity - target));
            memory.putBytes(offset + target, buffer, index(position), run);
            position += run;
        }
    }

    /**
     * Moves to a slab of at least {@code newCapacity} bytes and returns the one before. Answers false when there is
     * none.
     */
    boolean borrow(SlabPool pool, int newCapacity, long from, long to) {
        final long handle = pool.allocate(newCapacity);
        if (handle == SlabPool.EXHAUSTED) {
            return false;
        }
        attach(pool.arena(handle), pool.offset(handle), pool.capacity(handle), from, to);
        freeSlab();
        slabs = pool;
        slab = handle;
        return true;
    }

    void detach() {
        buffer.wrap(NOTHING);
        capacity = 0;
        mask = 0;
        freeSlab();
    }

    /** The pool that lent the memory, or null. */
    SlabPool slabs() {
        return slabs;
    }

    private void freeSlab() {
        if (slab != SlabPool.EXHAUSTED) {
            slabs.free(slab);
            slab = SlabPool.EXHAUSTED;
            slabs = null;
        }
    }

    int index(long position) {
        return (int) position & mask;
    }

    /** Bytes from {@code position} to the end of the memory. */
    int contiguous(long position) {
        return capacity - index(position);
    }

    void put(long position, DirectBuffer src, int offset, int length) {
        final int first = Math.min(length, contiguous(position));
        ByteCopy.copy(src, offset, buffer, index(position), first);
        if (first < length) {
            ByteCopy.copy(src, offset + first, buffer, 0, length - first);
        }
    }

    void copyOut(long position, MutableDirectBuffer dst, int offset, int length) {
        final int first = Math.min(length, contiguous(position));
        ByteCopy.copy(buffer, index(position), dst, offset, first);
        if (first < length) {
            ByteCopy.copy(buffer, 0, dst, offset + first, length - first);
        }
    }
}
