package io.spinwire.queue;

import static io.spinwire.queue.RtxRecords.DELIVERED;
import static io.spinwire.queue.RtxRecords.DELIVERED_CE;
import static io.spinwire.queue.RtxRecords.DELIVERED_NS;
import static io.spinwire.queue.RtxRecords.END_SEQ;
import static io.spinwire.queue.RtxRecords.FIRST_SENT_NS;
import static io.spinwire.queue.RtxRecords.FLAGS;
import static io.spinwire.queue.RtxRecords.IN_FLIGHT;
import static io.spinwire.queue.RtxRecords.LOST_SO_FAR;
import static io.spinwire.queue.RtxRecords.RETRANSMISSIONS;
import static io.spinwire.queue.RtxRecords.SENT_NS;
import static io.spinwire.queue.RtxRecords.SEQ;

import io.spinwire.wire.SeqNum;

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

    /** The rest of a segment that had become too long: it is not joined with those behind it. */
    public static final int REST = 1 << 9;

    public static final int NOT_FOUND = -1;

    /** Records that need no slab: a request and its answer never borrow one. */
    static final int OWN_RECORDS = RtxRecords.OWN;

    private final RtxRecords records;
    private final SentOrder order;
    private final SackMemory sacks = new SackMemory();
    private final int maxRecords;

    /** Number of the oldest record; numbers run on, and their low bits are the place in the ring. */
    private int head;

    private int size;
    private int retransmitHint;
    private boolean hasRetransmitHint;

    /** @param maxRecords that the queue may ever hold */
    public RtxQueue(SlabPool slabs, int maxRecords) {
        final int possible = SlabPool.LARGEST_CLASS / RtxRecords.LENGTH;
        if (maxRecords < 1 || maxRecords > possible) {
            throw new IllegalArgumentException("segments in flight " + maxRecords + " not in 1.." + possible);
        }
        records = new RtxRecords(slabs);
        order = new SentOrder(records);
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
        return size < records.capacity() || records.grow(head, size);
    }

    /** Appends the segment just sent. False when the queue is at its limit or slabs ran out. */
    public boolean add(int seq, int endSeq, long sentNs, int flags) {
        assert SeqNum.isAfter(endSeq, seq) : "empty segment " + seq;
        assert size == 0 || endSeq(size - 1) == seq : "gap before " + seq + ": last ends at " + endSeq(size - 1);
        if (!ensureRoom()) {
            return false;
        }
        final long at = at(size);
        RtxRecords.writeInt(at, SEQ, seq);
        RtxRecords.writeInt(at, END_SEQ, endSeq);
        RtxRecords.writeLong(at, SENT_NS, sentNs);
        RtxRecords.writeInt(at, FLAGS, flags);
        RtxRecords.writeInt(at, RETRANSMISSIONS, 0);
        RtxRecords.writeLong(at, DELIVERED_NS, 0);
        size++;
        order.append(head + size - 1);
        return true;
    }

    public int seq(int index) {
        return RtxRecords.readInt(at(index), SEQ);
    }

    public int endSeq(int index) {
        return RtxRecords.readInt(at(index), END_SEQ);
    }

    /** When it was last sent. */
    public long sentNs(int index) {
        return RtxRecords.readLong(at(index), SENT_NS);
    }

    public int flags(int index) {
        return RtxRecords.readInt(at(index), FLAGS);
    }

    public void setFlags(int index, int flags) {
        RtxRecords.writeInt(at(index), FLAGS, flags);
    }

    /** Times it was sent again. */
    public int retransmissions(int index) {
        return RtxRecords.readInt(at(index), RETRANSMISSIONS) & ~SentOrder.LISTED;
    }

    /** Notes that it was sent again, now. */
    public void markRetransmitted(int index, long nowNs) {
        markProbed(index, nowNs);
        setFlags(index, flags(index) | RETRANSMITTED);
    }

    /** Notes that it was sent again, now, though not taken for lost. */
    public void markProbed(int index, long nowNs) {
        final long at = at(index);
        RtxRecords.writeLong(at, SENT_NS, nowNs);
        setFlags(index, flags(index) | EVER_RETRANSMITTED);
        RtxRecords.writeInt(at, RETRANSMISSIONS, RtxRecords.readInt(at, RETRANSMISSIONS) + 1);
        order.remove(head + index);
        order.append(head + index);
    }

    // ---- The order in which they were sent ----

    /** The record sent first of those that are neither selectively acknowledged nor lost, or {@link #NOT_FOUND}. */
    public int firstSent() {
        return order.isEmpty() ? NOT_FOUND : order.first() - head;
    }

    /** The one sent next after {@code index}, which is in the list; or {@link #NOT_FOUND}. */
    public int sentAfter(int index) {
        final int number = head + index;
        return order.isLast(number) ? NOT_FOUND : order.after(number) - head;
    }

    /** Takes a record out of the list: it is selectively acknowledged, or lost; sent again it comes back. */
    public void unlist(int index) {
        order.remove(head + index);
    }

    // ---- What selective acknowledgments have said ----

    /** What is remembered of them while something is in flight. */
    public SackMemory sacks() {
        return sacks;
    }

    /** No record before this index waits to be retransmitted. Linux: retransmit_skb_hint. */
    public int retransmitHint() {
        final int index = hasRetransmitHint ? find(retransmitHint) : 0;
        return index == NOT_FOUND ? 0 : index;
    }

    public boolean hasRetransmitHint() {
        return hasRetransmitHint;
    }

    public void setRetransmitHint(int index) {
        retransmitHint = seq(index);
        hasRetransmitHint = true;
    }

    public void clearRetransmitHint() {
        hasRetransmitHint = false;
    }

    // ---- How things stood when it was last sent ----

    /**
     * Notes what had been delivered by then.
     *
     * @param deliveredNs when the last of it was, not 0
     */
    public void putDelivered(int index, int delivered, int deliveredCe, long deliveredNs) {
        final long at = at(index);
        RtxRecords.writeInt(at, DELIVERED, delivered);
        RtxRecords.writeInt(at, DELIVERED_CE, deliveredCe);
        RtxRecords.writeLong(at, DELIVERED_NS, deliveredNs);
    }

    /** Notes what was in flight then, itself included, and lost until then; and when that flight had begun. */
    public void putInFlight(int index, int inFlight, int lost, long firstSentNs) {
        final long at = at(index);
        RtxRecords.writeInt(at, IN_FLIGHT, inFlight);
        RtxRecords.writeInt(at, LOST_SO_FAR, lost);
        RtxRecords.writeLong(at, FIRST_SENT_NS, firstSentNs);
    }

    /** Its delivery has been counted: it gives no second sample. */
    public void forgetDelivered(int index) {
        RtxRecords.writeLong(at(index), DELIVERED_NS, 0);
    }

    /** Segments delivered. Linux: tx.delivered. */
    public int delivered(int index) {
        return RtxRecords.readInt(at(index), DELIVERED);
    }

    /** Segments delivered with an ECN mark. Linux: tx.delivered_ce. */
    public int deliveredCe(int index) {
        return RtxRecords.readInt(at(index), DELIVERED_CE);
    }

    /** When the last of them was; 0 when unknown, or when this record's delivery has been counted. */
    public long deliveredNs(int index) {
        return RtxRecords.readLong(at(index), DELIVERED_NS);
    }

    /** When the newest segment acknowledged by then had been sent. Linux: tx.first_tx_mstamp. */
    public long firstSentNs(int index) {
        return RtxRecords.readLong(at(index), FIRST_SENT_NS);
    }

    /** Segments lost. */
    public int lost(int index) {
        return RtxRecords.readInt(at(index), LOST_SO_FAR);
    }

    /** Segments in flight. */
    public int inFlight(int index) {
        return RtxRecords.readInt(at(index), IN_FLIGHT);
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
        order.remove(head);
        head++;
        size--;
        if (size == 0) {
            clear();
        }
    }

    /** Moves the front of the oldest record to {@code newSeq}: an ACK in the middle of a segment. */
    public void trimFirst(int newSeq) {
        assert SeqNum.isAfterOrAt(newSeq, seq(0)) && SeqNum.isBefore(newSeq, endSeq(0)) : "trim to " + newSeq;
        if (newSeq != seq(0)) {
            RtxRecords.writeInt(at(0), SEQ, newSeq);
            setFlags(0, flags(0) & ~SYN); // SYN comes first, so it is acknowledged
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
        records.copy(head + index, head + index + 1);
        setFlags(index, flags(index) & ~FIN);
        setFlags(index + 1, flags(index + 1) & ~SYN);
        RtxRecords.writeInt(at(index), END_SEQ, atSeq);
        RtxRecords.writeInt(at(index + 1), SEQ, atSeq);
        order.insertAfter(head + index);
        return true;
    }

    /**
     * Makes one of record {@code index} and the next; what happened to the next is forgotten, but that it was
     * retransmitted. Linux: tcp_collapse_retrans().
     */
    public void merge(int index) {
        order.remove(head + index + 1);
        RtxRecords.writeInt(at(index), END_SEQ, endSeq(index + 1));
        setFlags(index, flags(index) | flags(index + 1) & (FIN | EVER_RETRANSMITTED));
        if (index + 1 < size >> 1) {
            for (int i = index + 1; i > 0; i--) {
                records.copy(head + i - 1, head + i);
            }
            head++;
            size--;
            order.renumber(head, size, head - 1, index + 1, 1);
        } else {
            for (int i = index + 1; i < size - 1; i++) {
                records.copy(head + i + 1, head + i);
            }
            size--;
            order.renumber(head, size, head + index + 2, size - index - 1, -1);
        }
    }

    /** Moves the shorter side by one; afterwards {@code index + 1} is to be written. */
    private void openGapAfter(int index) {
        size++;
        if (index < size >> 1) {
            head--;
            for (int i = 0; i <= index; i++) {
                records.copy(head + i + 1, head + i);
            }
            order.renumber(head, size, head + 1, index + 1, -1);
        } else {
            for (int i = size - 1; i > index + 1; i--) {
                records.copy(head + i - 1, head + i);
            }
            order.renumber(head, size, head + index + 1, size - index - 2, 1);
        }
    }

    /** Forgets all records and returns borrowed memory. */
    public void clear() {
        head = 0;
        size = 0;
        hasRetransmitHint = false;
        order.clear();
        sacks.clear();
        records.release();
    }

    private long at(int index) {
        return records.place(head + index);
    }
}
