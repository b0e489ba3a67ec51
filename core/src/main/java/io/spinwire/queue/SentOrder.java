package io.spinwire.queue;

import static io.spinwire.queue.RtxRecords.RETRANSMISSIONS;
import static io.spinwire.queue.RtxRecords.SENT_AFTER_IT;
import static io.spinwire.queue.RtxRecords.SENT_BEFORE_IT;

/**
 * The records of an {@link RtxQueue} that are neither selectively acknowledged nor lost, in the order in which they
 * were last sent: a list of record numbers through the records themselves, so that loss detection looks only at those
 * that may be late. Linux: tsorted_sent_queue. Engine thread only.
 */
final class SentOrder {
    /** Bit of a record's count of retransmissions that says that it is in the list. */
    static final int LISTED = 1 << 31;

    private final RtxRecords records;
    private int listed;
    private int first;
    private int last;

    SentOrder(RtxRecords records) {
        this.records = records;
    }

    boolean isEmpty() {
        return listed == 0;
    }

    int first() {
        return first;
    }

    boolean isLast(int number) {
        return number == last;
    }

    int after(int number) {
        return RtxRecords.readInt(records.place(number), SENT_AFTER_IT);
    }

    /** The record, not in the list, has just been sent. */
    void append(int number) {
        final long at = records.place(number);
        RtxRecords.writeInt(at, RETRANSMISSIONS, RtxRecords.readInt(at, RETRANSMISSIONS) | LISTED);
        if (listed++ == 0) {
            first = number;
        } else {
            RtxRecords.writeInt(at, SENT_BEFORE_IT, last);
            RtxRecords.writeInt(records.place(last), SENT_AFTER_IT, number);
        }
        last = number;
    }

    /** Takes the record out, if it is in. */
    void remove(int number) {
        final long at = records.place(number);
        final int word = RtxRecords.readInt(at, RETRANSMISSIONS);
        if ((word & LISTED) == 0) {
            return;
        }
        RtxRecords.writeInt(at, RETRANSMISSIONS, word & ~LISTED);
        final int before = RtxRecords.readInt(at, SENT_BEFORE_IT);
        final int after = RtxRecords.readInt(at, SENT_AFTER_IT);
        if (number == first) {
            first = after;
        } else {
            RtxRecords.writeInt(records.place(before), SENT_AFTER_IT, after);
        }
        if (number == last) {
            last = before;
        } else {
            RtxRecords.writeInt(records.place(after), SENT_BEFORE_IT, before);
        }
        listed--;
    }

    /** The next record is a copy of this one, which has been cut in two: it follows it here too. */
    void insertAfter(int number) {
        final long at = records.place(number);
        if ((RtxRecords.readInt(at, RETRANSMISSIONS) & LISTED) == 0) {
            return;
        }
        final int next = number + 1;
        RtxRecords.writeInt(records.place(next), SENT_BEFORE_IT, number);
        if (last == number) {
            last = next;
        } else {
            final int after = RtxRecords.readInt(at, SENT_AFTER_IT);
            RtxRecords.writeInt(records.place(next), SENT_AFTER_IT, after);
            RtxRecords.writeInt(records.place(after), SENT_BEFORE_IT, next);
        }
        RtxRecords.writeInt(at, SENT_AFTER_IT, next);
        listed++;
    }

    /**
     * Records have moved: {@code count} of them, from number {@code from} on, are now found under a number that is
     * {@code shift} more. All records are {@code head} to {@code head + size}.
     */
    void renumber(int head, int size, int from, int count, int shift) {
        for (int number = head; number != head + size; number++) {
            final long at = records.place(number);
            final int before = RtxRecords.readInt(at, SENT_BEFORE_IT);
            final int after = RtxRecords.readInt(at, SENT_AFTER_IT);
            RtxRecords.writeInt(at, SENT_BEFORE_IT, moved(before, from, count, shift));
            RtxRecords.writeInt(at, SENT_AFTER_IT, moved(after, from, count, shift));
        }
        first = moved(first, from, count, shift);
        last = moved(last, from, count, shift);
    }

    private static int moved(int number, int from, int count, int shift) {
        final int distance = number - from;
        return distance >= 0 && distance < count ? number + shift : number;
    }

    void clear() {
        listed = 0;
    }
}
