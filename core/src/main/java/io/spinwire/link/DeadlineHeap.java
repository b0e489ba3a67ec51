package io.spinwire.link;

import java.util.Arrays;

/**
 * Deadlines of a fixed set of things, each known by its index and having at most one: a binary heap that knows where
 * each index lies, so that setting and clearing cost O(log n) and the earliest is at hand. Engine thread only.
 */
final class DeadlineHeap {
    private static final int ABSENT = -1;

    private final long[] deadlineNs; // by index
    private final int[] heap; // indexes, earliest first
    private final int[] position; // by index, of it in the heap
    private int size;

    /** A heap for the indexes 0 to {@code capacity - 1}. */
    DeadlineHeap(int capacity) {
        deadlineNs = new long[capacity];
        heap = new int[capacity];
        position = new int[capacity];
        Arrays.fill(position, ABSENT);
    }

    /** The earliest deadline, or {@link Long#MAX_VALUE} when there is none. */
    long earliestNs() {
        return size == 0 ? Long.MAX_VALUE : deadlineNs[heap[0]];
    }

    /** The index whose deadline is earliest; only when there is one. */
    int earliest() {
        assert size > 0 : "no deadline is set";
        return heap[0];
    }

    /** Sets or moves the deadline of an index. */
    void set(int index, long newDeadlineNs) {
        if (position[index] == ABSENT) {
            deadlineNs[index] = newDeadlineNs;
            rise(size++, index);
            return;
        }
        final boolean isEarlier = newDeadlineNs < deadlineNs[index];
        deadlineNs[index] = newDeadlineNs;
        if (isEarlier) {
            rise(position[index], index);
        } else {
            sink(position[index], index);
        }
    }

    /** Clears the deadline of an index, if it has one. */
    void clear(int index) {
        final int hole = position[index];
        if (hole == ABSENT) {
            return;
        }
        position[index] = ABSENT;
        final int last = heap[--size];
        if (last != index) {
            rise(hole, last);
            sink(position[last], last);
        }
    }

    private void rise(int from, int index) {
        int at = from;
        while (at > 0) {
            final int parent = at - 1 >>> 1;
            if (deadlineNs[heap[parent]] <= deadlineNs[index]) {
                break;
            }
            place(at, heap[parent]);
            at = parent;
        }
        place(at, index);
    }

    private void sink(int from, int index) {
        int at = from;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && deadlineNs[heap[child + 1]] < deadlineNs[heap[child]]) {
                child++;
            }
            if (deadlineNs[index] <= deadlineNs[heap[child]]) {
                break;
            }
            place(at, heap[child]);
            at = child;
        }
        place(at, index);
    }

    private void place(int at, int index) {
        heap[at] = index;
        position[index] = at;
    }
}
