package io.spinwire.queue;

import io.spinwire.wire.SeqNum;

/**
 * The ranges of sequence numbers that arrived beyond rcvNxt; their bytes already lie in {@link ReceiveQueue}. Linux:
 * out_of_order_queue. Engine thread only. Bounded, and made with all its memory. Invariants: ranges {@code [start,
 * end)} are sorted, not empty, and neither overlap nor touch.
 */
public final class OutOfOrderQueue {
    /** A new range. */
    public static final int ADDED = 0;

    /** At least one byte was new, and the range joined others. */
    public static final int MERGED = 1;

    /** No byte was new. */
    public static final int DUPLICATE = 2;

    /** Nothing changed: one more range would be one too many. */
    public static final int FULL = 3;

    public static final int NONE = -1;

    private final int[] starts;
    private final int[] ends;
    private int size;
    private int latest = NONE;

    /** @param limit of ranges, that is of holes */
    public OutOfOrderQueue(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of out-of-order ranges " + limit + " < 1");
        }
        starts = new int[limit];
        ends = new int[limit];
    }

    /**
     * Notes that {@code [startSeq, endSeq)} arrived; not empty, and all numbers in the queue less than 2^31 apart.
     *
     * @return {@link #ADDED}, {@link #MERGED}, {@link #DUPLICATE} or {@link #FULL}
     */
    public int add(int startSeq, int endSeq) {
        assert SeqNum.isBefore(startSeq, endSeq) : "empty range at " + startSeq;
        int first =
                size; // data mostly arrives at the end: look from there for the first range that ends at startSeq or
        // later
        while (first > 0 && SeqNum.isAfterOrAt(ends[first - 1], startSeq)) {
            first--;
        }
        if (first == size || SeqNum.isAfter(starts[first], endSeq)) {
            return insert(first, startSeq, endSeq);
        }
        latest = first;
        if (SeqNum.isAfterOrAt(startSeq, starts[first]) && SeqNum.isBeforeOrAt(endSeq, ends[first])) {
            return DUPLICATE;
        }
        int last = first;
        while (last + 1 < size && SeqNum.isBeforeOrAt(starts[last + 1], endSeq)) {
            last++;
        }
        starts[first] = SeqNum.min(starts[first], startSeq);
        ends[first] = SeqNum.max(ends[last], endSeq);
        remove(first + 1, last - first);
        return MERGED;
    }

    private int insert(int at, int startSeq, int endSeq) {
        if (size == starts.length) {
            return FULL;
        }
        System.arraycopy(starts, at, starts, at + 1, size - at);
        System.arraycopy(ends, at, ends, at + 1, size - at);
        starts[at] = startSeq;
        ends[at] = endSeq;
        size++;
        latest = at;
        return ADDED;
    }

    private void remove(int at, int count) {
        if (count > 0) {
            System.arraycopy(starts, at + count, starts, at, size - at - count);
            System.arraycopy(ends, at + count, ends, at, size - at - count);
            size -= count;
        }
    }

    /** Drops the ranges that {@code rcvNxt} has reached and answers where it gets to through them. */
    public int advance(int rcvNxt) {
        int next = rcvNxt;
        int reached = 0;
        while (reached < size && SeqNum.isBeforeOrAt(starts[reached], next)) {
            next = SeqNum.max(next, ends[reached]);
            reached++;
        }
        if (reached > 0) {
            remove(0, reached);
            latest = latest < reached ? NONE : latest - reached;
        }
        return next;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** First sequence number of range {@code index}; ranges count from the lowest. */
    public int start(int index) {
        return starts[index];
    }

    /** One beyond the last sequence number of range {@code index}. */
    public int end(int index) {
        return ends[index];
    }

    /**
     * The range that changed or was hit last: the first SACK block (RFC 2018 section 4). {@link #NONE} once delivered.
     */
    public int latest() {
        return latest;
    }

    public void clear() {
        size = 0;
        latest = NONE;
    }
}
