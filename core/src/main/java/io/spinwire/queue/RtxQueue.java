package io.spinwire.queue;

import io.spinwire.wire.SeqNum;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Segments sent and not yet acknowledged, oldest first: what {@code [sndUna, sndNxt)} was cut into, when each piece was
 * sent and what became of it. Linux: tcp_rtx_queue. Engine thread only. Holds no payload; that stays in
 * {@link WriteQueue}.
 *
 * <p>A ring of 64-byte records ordered by sequence, so that an ACK takes from the front and a search is binary. The
 * first few records lie in the object; more are lent by the {@link SlabPool} until the queue is empty again.
 * Invariants: each record's endSeq is after its seq and is the next record's seq.
 */
public final class RtxQueue {
    /** The record counts one for SYN. */
    public static final int SYN = 1;

    /** The record counts one for FIN, its last. */
    public static final int FIN = 1 << 1;

    /** Selectively acknowledged. Linux: TCPCB_SACKED_ACKED. */
    public static final int SACKED = 1 << 2;

    /** Taken for lost. Linux: TCPCB_LOST. */
    public static final int LOST = 1 << 3;

    /** Its retransmission is in flight. Linux: TCPCB_SACKED_RETRANS. */
    public static final int RETRANSMITTED = 1 << 4;

    /** Retransmitted at least once, so it gives no RTT sample (Karn). Linux: TCPCB_EVER_RETRANS. */
    public static final int EVER_RETRANSMITTED = 1 << 5;

    /** Sent while the application gave less than the path takes. Linux: tx.is_app_limited. */
    public static final int APP_LIMITED = 1 << 8;

    public static final int NOT_FOUND = -1;

    /** Records that need no slab: a request and its answer never borrow one. */
    static final int OWN_RECORDS = 8;

    // A record: what it is and was, then how things stood when it was sent, for delivery-rate samples; 8 bytes free.
    private static final int SEQ = 0;
    private static final int END_SEQ = 4;
    private static final int SENT_NS = 8;
    private static final int FLAGS = 16;
    private static final int RETRANSMISSIONS = 20;
    private static final int DELIVERED_NS = 24;
    private static final int FIRST_SENT_NS = 32;
    private static final int DELIVERED = 40;
    private static final int DELIVERED_CE = 44;
    private static final int LOST_SO_FAR = 48;
    private static final int IN_FLIGHT = 52;
    private static final int RECORD_SHIFT = 6;
    private static final int RECORD_LENGTH = 1 << RECORD_SHIFT;

    private final SlabPool slabs;
    private final int maxRecords;
    private final byte[] ownRecords = new byte[OWN_RECORDS * RECORD_LENGTH];
    private final UnsafeBuffer records = new UnsafeBuffer(ownRecords);
    private int mask = OWN_RECORDS - 1;
    private long slab = SlabPool.EXHAUSTED;
    private int head;
    private int size;

    /** @param maxRecords that the queue may ever hold */
    public RtxQueue(SlabPool slabs, int maxRecords) {
        final int possible = SlabPool.LARGEST_CLASS / RECORD_LENGTH;
        if (maxRecords < 1 || maxRecords > possible) {
            throw new IllegalArgumentException("segments in flight " + maxRecords + " not in 1.." + possible);
        }
        this.slabs = slabs;
        this.maxRecords = maxRecords;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Makes sure that the next {@link #add} or {@link #split} succeeds: asked before a frame is claimed. */
    public boolean ensureRoom() {
        if (size >= maxRecords) {
            return false;
        }
        return size <= mask || grow();
    }

    /** Appends the segment just sent. False when the queue is at its limit or slabs ran out. */
    public boolean add(int seq, int endSeq, long sentNs, int flags) {
        assert SeqNum.isAfter(endSeq, seq) : "empty segment " + seq;
        assert size == 0 || endSeq(size - 1) == seq : "gap before " + seq + ": last ends at " + endSeq(size - 1);
        if (!ensureRoom()) {
            return false;
        }
        final int at = at(size);
        records.putInt(at + SEQ, seq);
        records.putInt(at + END_SEQ, endSeq);
        records.putLong(at + SENT_NS, sentNs);
        records.putInt(at + FLAGS, flags);
        records.putInt(at + RETRANSMISSIONS, 0);
        records.putLong(at + DELIVERED_NS, 0);
        size++;
        return true;
    }

    public int seq(int index) {
        return records.getInt(at(index) + SEQ);
    }

    public int endSeq(int index) {
        return records.getInt(at(index) + END_SEQ);
    }

    /** When it was last sent. */
    public long sentNs(int index) {
        return records.getLong(at(index) + SENT_NS);
    }

    public int flags(int index) {
        return records.getInt(at(index) + FLAGS);
    }

    public void setFlags(int index, int flags) {
        records.putInt(at(index) + FLAGS, flags);
    }

    /** Times it was sent again. */
    public int retransmissions(int index) {
        return records.getInt(at(index) + RETRANSMISSIONS);
    }

    /** Notes that it was sent again, now. */
    public void markRetransmitted(int index, long nowNs) {
        final int at = at(index);
        records.putLong(at + SENT_NS, nowNs);
        records.putInt(at + FLAGS, records.getInt(at + FLAGS) | RETRANSMITTED | EVER_RETRANSMITTED);
        records.putInt(at + RETRANSMISSIONS, records.getInt(at + RETRANSMISSIONS) + 1);
    }

    // ---- How things stood when it was last sent ----

    /**
     * Notes what had been delivered by then.
     *
     * @param deliveredNs when the last of it was, not 0
     */
    public void putDelivered(int index, int delivered, int deliveredCe, long deliveredNs) {
        final int at = at(index);
        records.putInt(at + DELIVERED, delivered);
        records.putInt(at + DELIVERED_CE, deliveredCe);
        records.putLong(at + DELIVERED_NS, deliveredNs);
    }

    /** Notes what was in flight then, itself included, and lost until then; and when that flight had begun. */
    public void putInFlight(int index, int inFlight, int lost, long firstSentNs) {
        final int at = at(index);
        records.putInt(at + IN_FLIGHT, inFlight);
        records.putInt(at + LOST_SO_FAR, lost);
        records.putLong(at + FIRST_SENT_NS, firstSentNs);
    }

    /** Its delivery has been counted: it gives no second sample. */
    public void forgetDelivered(int index) {
        records.putLong(at(index) + DELIVERED_NS, 0);
    }

    /** Segments delivered. Linux: tx.delivered. */
    public int delivered(int index) {
        return records.getInt(at(index) + DELIVERED);
    }

    /** Segments delivered with an ECN mark. Linux: tx.delivered_ce. */
    public int deliveredCe(int index) {
        return records.getInt(at(index) + DELIVERED_CE);
    }

    /** When the last of them was; 0 when unknown, or when this record's delivery has been counted. */
    public long deliveredNs(int index) {
        return records.getLong(at(index) + DELIVERED_NS);
    }

    /** When the newest segment acknowledged by then had been sent. Linux: tx.first_tx_mstamp. */
    public long firstSentNs(int index) {
        return records.getLong(at(index) + FIRST_SENT_NS);
    }

    /** Segments lost. */
    public int lost(int index) {
        return records.getInt(at(index) + LOST_SO_FAR);
    }

    /** Segments in flight. */
    public int inFlight(int index) {
        return records.getInt(at(index) + IN_FLIGHT);
    }

    // ---- Finding, and taking off ----

    /** The index of the record with {@code seq(i) <= seq < endSeq(i)}, or {@link #NOT_FOUND}. */
    public int find(int seq) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            final int middle = (low + high) >>> 1;
            if (SeqNum.isBefore(seq, seq(middle))) {
                high = middle - 1;
            } else if (SeqNum.isAfterOrAt(seq, endSeq(middle))) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return NOT_FOUND;
    }

    /** Drops the oldest record, now acknowledged. Returns borrowed memory with the last one. */
    public void removeFirst() {
        assert size > 0 : "removeFirst of an empty queue";
        head = (head + 1) & mask;
        size--;
        if (size == 0) {
            clear();
        }
    }

    /** Moves the front of the oldest record to {@code newSeq}: an ACK in the middle of a segment. */
    public void trimFirst(int newSeq) {
        assert SeqNum.isAfterOrAt(newSeq, seq(0)) && SeqNum.isBefore(newSeq, endSeq(0)) : "trim to " + newSeq;
        if (newSeq != seq(0)) {
            final int at = at(0);
            records.putInt(at + SEQ, newSeq);
            records.putInt(at + FLAGS, records.getInt(at + FLAGS) & ~SYN); // SYN comes first, so it is acknowledged
        }
    }

    /**
     * Cuts record {@code index} in two at {@code atSeq}, both with its history; SYN stays with the first, FIN goes with
     * the second. False when there is no room for one more. Linux: tcp_fragment().
     */
    public boolean split(int index, int atSeq) {
        assert SeqNum.isAfter(atSeq, seq(index)) && SeqNum.isBefore(atSeq, endSeq(index)) : "split at " + atSeq;
        if (!ensureRoom()) {
            return false;
        }
        openGapAfter(index);
        final int first = at(index);
        final int second = at(index + 1);
        records.putBytes(second, records, first, RECORD_LENGTH);
        records.putInt(first + END_SEQ, atSeq);
        records.putInt(first + FLAGS, records.getInt(first + FLAGS) & ~FIN);
        records.putInt(second + SEQ, atSeq);
        records.putInt(second + FLAGS, records.getInt(second + FLAGS) & ~SYN);
        return true;
    }

    /** Moves the shorter side by one; afterwards {@code index + 1} is to be written. */
    private void openGapAfter(int index) {
        size++;
        if (index < size >> 1) {
            head = (head - 1) & mask;
            for (int i = 0; i <= index; i++) {
                records.putBytes(at(i), records, at(i + 1), RECORD_LENGTH);
            }
        } else {
            for (int i = size - 1; i > index + 1; i--) {
                records.putBytes(at(i), records, at(i - 1), RECORD_LENGTH);
            }
        }
    }

    /** Forgets all records and returns borrowed memory. */
    public void clear() {
        head = 0;
        size = 0;
        if (slab != SlabPool.EXHAUSTED) {
            records.wrap(ownRecords);
            mask = OWN_RECORDS - 1;
            slabs.free(slab);
            slab = SlabPool.EXHAUSTED;
        }
    }

    private boolean grow() {
        final long bigger = slabs.allocate(2 * (mask + 1) << RECORD_SHIFT);
        if (bigger == SlabPool.EXHAUSTED) {
            return false;
        }
        final UnsafeBuffer arena = slabs.arena(bigger);
        final int offset = slabs.offset(bigger);
        final int untilEnd = Math.min(size, mask + 1 - head) << RECORD_SHIFT;
        arena.putBytes(offset, records, head << RECORD_SHIFT, untilEnd);
        arena.putBytes(offset + untilEnd, records, 0, (size << RECORD_SHIFT) - untilEnd);
        if (slab != SlabPool.EXHAUSTED) {
            slabs.free(slab);
        }
        slab = bigger;
        slabs.wrap(bigger, records);
        mask = (records.capacity() >> RECORD_SHIFT) - 1;
        head = 0;
        return true;
    }

    private int at(int index) {
        return ((head + index) & mask) << RECORD_SHIFT;
    }
}
