package io.spinwire.nic;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A bounded store of frames, each held until it is due: a pool of equal slots, and a binary heap of those queued,
 * ordered by due time and then by order of entry. A slot is free, lent to the caller, or queued. Memory grows to the
 * most slots in use at a time, and then no more; one thread.
 */
final class DelayQueue {
    static final int NONE = -1;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8; // longest Java array
    private static final int FIRST_SLOTS = 32;

    final UnsafeBuffer buffer;
    final int slotLength;
    private final int[] free;
    private int freeCount;
    private int slotCount; // that have memory

    // The heap: parallel arrays, children of i at 2i + 1 and 2i + 2.
    private final long[] dueNs;
    private final long[] order;
    private final int[] slots;
    private final int[] lengths;
    private int size;
    private long nextOrder;

    DelayQueue(int capacity, int slotLength) {
        if ((long) capacity * slotLength > MAX_BYTES) {
            throw new NicException("hold frames " + capacity + " of " + slotLength + " bytes: over 2 GiB");
        }
        this.slotLength = slotLength;
        buffer = new UnsafeBuffer(new byte[0]);
        free = new int[capacity];
        addSlots(Math.min(capacity, FIRST_SLOTS));
        dueNs = new long[capacity];
        order = new long[capacity];
        slots = new int[capacity];
        lengths = new int[capacity];
    }

    /** A free slot, lent to the caller; or {@link #NONE}. */
    int take() {
        if (freeCount == 0) {
            if (slotCount == free.length) {
                return NONE;
            }
            addSlots(Math.min(slotCount, free.length - slotCount));
        }
        return free[--freeCount];
    }

    /** A deep store that is hardly used stays small. What is in it keeps its place. */
    private void addSlots(int count) {
        final byte[] memory = new byte[(slotCount + count) * slotLength];
        buffer.getBytes(0, memory, 0, buffer.capacity());
        buffer.wrap(memory);
        slotCount += count;
        for (int slot = slotCount - 1; slot >= slotCount - count; slot--) {
            free[freeCount++] = slot;
        }
    }

    void giveBack(int slot) {
        assert freeCount < free.length : "more slots given back than taken";
        free[freeCount++] = slot;
    }

    int offset(int slot) {
        return slot * slotLength;
    }

    int freeCount() {
        return freeCount + free.length - slotCount;
    }

    int size() {
        return size;
    }

    /** Queues a lent slot. */
    void add(int slot, int length, long slotDueNs) {
        int i = size++;
        while (i > 0 && slotDueNs < dueNs[i - 1 >> 1]) { // an earlier entry with the same due time stays before
            move(i - 1 >> 1, i);
            i = i - 1 >> 1;
        }
        set(i, slotDueNs, nextOrder++, slot, length);
    }

    /** Due time of the first, or {@link Long#MAX_VALUE}. */
    long firstDueNs() {
        return size == 0 ? Long.MAX_VALUE : dueNs[0];
    }

    int firstSlot() {
        return slots[0];
    }

    int firstLength() {
        return lengths[0];
    }

    /** Place of the first in the order of entry. */
    long firstOrder() {
        return order[0];
    }

    /** Entries so far: the order that the next one gets. */
    long nextOrder() {
        return nextOrder;
    }

    /** Takes the first out of the queue; its slot is lent to the caller. */
    void removeFirst() {
        removeAt(0);
    }

    /**
     * Drops the entry with this order and frees its slot.
     *
     * @return false when it is not queued (any more)
     */
    boolean drop(long entryOrder) {
        for (int i = 0; i < size; i++) {
            if (order[i] == entryOrder) {
                giveBack(slots[i]);
                removeAt(i);
                return true;
            }
        }
        return false;
    }

    private void removeAt(int index) {
        final int last = --size;
        if (index == last) {
            return;
        }
        final long lastDueNs = dueNs[last];
        final long lastOrder = order[last];
        final int lastSlot = slots[last];
        final int lastLength = lengths[last];
        int i = index;
        while (i > 0 && isBefore(lastDueNs, lastOrder, i - 1 >> 1)) {
            move(i - 1 >> 1, i);
            i = i - 1 >> 1;
        }
        int child = firstChild(i);
        while (child != NONE && !isBefore(lastDueNs, lastOrder, child)) {
            move(child, i);
            i = child;
            child = firstChild(i);
        }
        set(i, lastDueNs, lastOrder, lastSlot, lastLength);
    }

    /** The child of {@code i} that is before the other. */
    private int firstChild(int i) {
        final int left = 2 * i + 1;
        if (left >= size) {
            return NONE;
        }
        final int right = left + 1;
        return right < size && isBefore(dueNs[right], order[right], left) ? right : left;
    }

    private boolean isBefore(long due, long entryOrder, int index) {
        return due < dueNs[index] || due == dueNs[index] && entryOrder < order[index];
    }

    private void move(int from, int to) {
        set(to, dueNs[from], order[from], slots[from], lengths[from]);
    }

    private void set(int i, long due, long entryOrder, int slot, int length) {
        dueNs[i] = due;
        order[i] = entryOrder;
        slots[i] = slot;
        lengths[i] = length;
    }
}
