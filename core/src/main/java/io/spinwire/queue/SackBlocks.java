package io.spinwire.queue;

import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpOptions;

/**
 * What a receiver tells of its out-of-order data: at most four blocks of sequence numbers, the one that the latest
 * segment fell into first, RFC 2018 section 4. What is pushed out at the end is forgotten, even if it grows together
 * with a newer block later, as in Linux. Engine thread only. Linux: selective_acks, {@code tcp_sack_new_ofo_skb()}.
 */
public final class SackBlocks {
    private static final int MAX = TcpOptions.MAX_SACK_BLOCKS; // Linux: TCP_NUM_SACKS

    private final int[] starts = new int[MAX];
    private final int[] ends = new int[MAX];
    private int size;

    SackBlocks() {}

    public int size() {
        return size;
    }

    /** First sequence number of block {@code index}; 0 is the most recent. */
    public int start(int index) {
        return starts[index];
    }

    /** One beyond the last sequence number of block {@code index}. */
    public int end(int index) {
        return ends[index];
    }

    /** A segment {@code [startSeq, endSeq)} is kept out of order, or was again: its block comes first. */
    public void add(int startSeq, int endSeq) {
        for (int i = 0; i < size; i++) {
            if (isTouching(i, startSeq, endSeq)) {
                final int start = SeqNum.min(starts[i], startSeq);
                final int end = SeqNum.max(ends[i], endSeq);
                moveBack(i);
                starts[0] = start;
                ends[0] = end;
                joinFirst();
                return;
            }
        }
        size = Math.min(size + 1, MAX);
        moveBack(size - 1);
        starts[0] = startSeq;
        ends[0] = endSeq;
    }

    private boolean isTouching(int index, int startSeq, int endSeq) {
        return SeqNum.isBeforeOrAt(startSeq, ends[index]) && SeqNum.isBeforeOrAt(starts[index], endSeq);
    }

    /** Makes the first place free: those before {@code last} move one place back, over it. */
    private void moveBack(int last) {
        for (int i = last; i > 0; i--) {
            starts[i] = starts[i - 1];
            ends[i] = ends[i - 1];
        }
    }

    /** The first block has grown: it may have reached others. Linux: {@code tcp_sack_maybe_coalesce()}. */
    private void joinFirst() {
        int i = 1;
        while (i < size) {
            if (isTouching(0, starts[i], ends[i])) {
                starts[0] = SeqNum.min(starts[0], starts[i]);
                ends[0] = SeqNum.max(ends[0], ends[i]);
                remove(i);
            } else {
                i++;
            }
        }
    }

    /** All before {@code rcvNxt} is in order now. Linux: {@code tcp_sack_remove()}. */
    void advance(int rcvNxt) {
        int i = 0;
        while (i < size) {
            if (SeqNum.isBeforeOrAt(starts[i], rcvNxt)) {
                remove(i);
            } else {
                i++;
            }
        }
    }

    private void remove(int index) {
        size--;
        for (int i = index; i < size; i++) {
            starts[i] = starts[i + 1];
            ends[i] = ends[i + 1];
        }
    }

    void clear() {
        size = 0;
    }
}
