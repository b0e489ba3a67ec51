package io.spinwire.queue;

import io.spinwire.wire.SeqNum;

/**
 * The ranges of sequence numbers that arrived beyond rcvNxt, a FIN among them; their bytes already lie in
 * {@link ReceiveQueue}. Linux: out_of_order_queue. Engine thread only. Bounded, and made with all its memory.
 * Invariants: ranges {@code [start, end)} are sorted, not empty, and neither overlap nor touch.
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

    /** What a SACK option tells of it. */
    public final SackBlocks sackBlocks = new SackBlocks();

    private final int[] starts;
    private final int[] ends;
    private int size;
    private boolean hasFin;
    private int finSeq;
    private int knownStart;
    private int knownEnd;

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
        forgetKnown();
        int first = size; // data mostly arrives at the end: from there, the first range that ends at startSeq or later
        while (first > 0 && SeqNum.isAfterOrAt(ends[first - 1], startSeq)) {
            first--;
        }
        if (first == size || SeqNum.isAfter(starts[first], endSeq)) {
            return insert(first, startSeq, endSeq);
        }
        noteKnown(first, startSeq, endSeq);
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
        return ADDED;
    }

    private void remove(int at, int count) {
        if (count > 0) {
            System.arraycopy(starts, at + count, starts, at, size - at - count);
            System.arraycopy(ends, at + count, ends, at, size - at - count);
            size -= count;
        }
    }

    /** Notes the first part of a segment that was here before; where it only touches the first range, of the next. */
    private void noteKnown(int first, int startSeq, int endSeq) {
        final int range = ends[first] == startSeq && first + 1 < size ? first + 1 : first;
        knownStart = SeqNum.max(starts[range], startSeq);
        knownEnd = SeqNum.min(ends[range], endSeq);
        if (SeqNum.isAfterOrAt(knownStart, knownEnd)) {
            forgetKnown();
        }
    }

    private void forgetKnown() {
        knownStart = 0;
        knownEnd = 0;
    }

    /** Whether the last {@link #add} or {@link #advance} met bytes that were here before, in one piece at the least. */
    public boolean hasKnown() {
        return knownStart != knownEnd;
    }

    /** The first such piece: a D-SACK block, RFC 2883 section 4. */
    public int knownStart() {
        return knownStart;
    }

    /** One beyond it. */
    public int knownEnd() {
        return knownEnd;
    }

    /** A FIN with this number came ahead of a hole. */
    public void noteFin(int seq) {
        hasFin = true;
        finSeq = seq;
    }

    /** The FIN has been reached, or data has come in its place. */
    public void forgetFin() {
        hasFin = false;
    }

    public boolean hasFin() {
        return hasFin;
    }

    public int finSeq() {
        return finSeq;
    }

    /** Drops the ranges that {@code rcvNxt} has reached and answers where it gets to through them. */
    public int advance(int rcvNxt) {
        forgetKnown();
        if (size > 0 && SeqNum.isBefore(starts[0], rcvNxt)) {
            knownStart = starts[0];
            knownEnd = SeqNum.min(ends[0], rcvNxt);
        }
        int next = rcvNxt;
        int reached = 0;
        while (reached < size && SeqNum.isBeforeOrAt(starts[reached], next)) {
            next = SeqNum.max(next, ends[reached]);
            reached++;
        }
        remove(0, reached);
        sackBlocks.advance(next);
        return next;
    }

    public int size() {
        return size;
    }

    /** Neither data nor a FIN waits. */
    public boolean isEmpty() {
        return size == 0 && !hasFin;
    }

    /** First sequence number of range {@code index}; ranges count from the lowest. */
    public int start(int index) {
        return starts[index];
    }

    /** One beyond the last sequence number of range {@code index}. */
    public int end(int index) {
        return ends[index];
    }

    /** Bytes from {@code rcvNxt} to the end of the last range. */
    public int span(int rcvNxt) {
        return size == 0 ? 0 : ends[size - 1] - rcvNxt;
    }

    public void clear() {
        size = 0;
        hasFin = false;
        sackBlocks.clear();
    }
}
