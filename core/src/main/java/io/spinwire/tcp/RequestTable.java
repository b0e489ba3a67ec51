package io.spinwire.tcp;

import io.spinwire.queue.TimeoutLanes;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Connections of which only a SYN has been seen: what the handshake needs, 64 bytes each, and their SYN-ACK timers.
 * Engine thread only. Linux: {@code struct request_sock}.
 *
 * <pre>
 * 0 address pair | 8 ports | 12 iss | 16 irs | 20 tsRecent | 24 tsOffset | 28 mss | 30 peer wscale, own wscale
 * 32 listener | 36 window | 40 flags | 44 timeouts, repeats, acked | 48 time sent | 56 last answer out of window
 * </pre>
 */
final class RequestTable {
    static final int NONE = Records.NONE;

    /** By then the longest time-out is reached: 1 ms, the shortest first one, doubled so often is more than 120 s. */
    private static final int LAST_DOUBLING = 17;

    /** Both sides sent timestamps. */
    static final int TIMESTAMPS = 1;

    /** Both sides permitted SACK. */
    static final int SACK = 1 << 1;

    /** The SYN asked for ECN, and we agree. */
    static final int ECN = 1 << 2;

    /** Our timestamps tick in microseconds. */
    static final int MICROS = 1 << 3;

    private static final long NEVER = Long.MIN_VALUE;

    private static final int ADDRESS_PAIR = 0;
    private static final int PORTS = 8;
    private static final int ISS = 12;
    private static final int IRS = 16;
    private static final int TS_RECENT = 20;
    private static final int TS_OFFSET = 24;
    private static final int MSS = 28;
    private static final int PEER_WSCALE = 30;
    private static final int OWN_WSCALE = 31;
    private static final int LISTENER = 32;
    private static final int WINDOW = 36;
    private static final int FLAGS = 40;
    private static final int TIMEOUTS = 44;
    private static final int RETRANSMISSIONS = 45;
    private static final int IS_ACKED = 46;
    private static final int SENT_NS = 48;
    private static final int ANSWERED_NS = 56;

    private final Records records;
    private final TimeoutLanes lanes;
    private final int lastLane;
    private final int limit;

    /** @param initialRtoNs time to the first repetition of a SYN-ACK, doubled with each, at most {@code maxRtoNs} */
    RequestTable(int limit, long initialRtoNs, long maxRtoNs) {
        this.limit = limit;
        records = new Records(limit + 1); // and a spare one
        int doublings = 0;
        while (doublings < LAST_DOUBLING && initialRtoNs << doublings < maxRtoNs) {
            doublings++;
        }
        lastLane = doublings;
        final long[] timeouts = new long[lastLane + 1];
        Arrays.setAll(timeouts, i -> Math.min(initialRtoNs << i, maxRtoNs));
        lanes = new TimeoutLanes(0, timeouts);
    }

    /** A new request with what its SYN said, or {@link #NONE} at the limit. Its timer runs. */
    int add(Segment syn, int iss, int listener) {
        if (isFull()) {
            return NONE;
        }
        final int index = addSpare(syn, iss, listener);
        records.buffer(index).putLong(Records.offset(index) + SENT_NS, syn.receivedNs);
        lanes.add(0, index, syn.receivedNs);
        return index;
    }

    /** Whether {@link #add} would refuse. */
    boolean isFull() {
        return records.inUse() >= limit;
    }

    /** Like {@link #add}, for a request that is removed before the next one is added: there is always room for it. */
    int addSpare(Segment segment, int iss, int listener) {
        final int index = records.allocate();
        lanes.ensureCapacity(records.capacity());
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        buffer.putLong(offset + ADDRESS_PAIR, segment.addressPair);
        buffer.putInt(offset + PORTS, segment.ports);
        buffer.putInt(offset + ISS, iss);
        buffer.putInt(offset + IRS, segment.seq);
        buffer.putInt(offset + TS_RECENT, segment.tsVal);
        buffer.putInt(offset + LISTENER, listener);
        buffer.putInt(offset + TIMEOUTS, 0); // and what shares its word
        buffer.putLong(offset + SENT_NS, NEVER);
        buffer.putLong(offset + ANSWERED_NS, NEVER);
        return index;
    }

    /** For a request that is not made of its SYN. */
    void setIrs(int index, int irs) {
        records.buffer(index).putInt(Records.offset(index) + IRS, irs);
    }

    /** What was agreed on: options of both sides. */
    void setOptions(int index, int mss, int peerWscale, int ownWscale, int flags) {
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        buffer.putShort(offset + MSS, (short) mss);
        buffer.putByte(offset + PEER_WSCALE, (byte) peerWscale);
        buffer.putByte(offset + OWN_WSCALE, (byte) ownWscale);
        buffer.putInt(offset + FLAGS, flags);
    }

    void setWindowAndTsOffset(int index, int window, int tsOffset) {
        records.buffer(index).putInt(Records.offset(index) + WINDOW, window);
        records.buffer(index).putInt(Records.offset(index) + TS_OFFSET, tsOffset);
    }

    void remove(int index) {
        lanes.remove(index);
        records.free(index);
    }

    /** Counts one more expiry of the timer, and starts it again with twice the time. */
    void countTimeout(int index, long nowNs) {
        increment(index, TIMEOUTS);
        lanes.add(lane(timeouts(index)), index, nowNs);
    }

    /** The timer begins anew. */
    void restartTimer(int index, long nowNs) {
        lanes.add(lane(timeouts(index)), index, nowNs);
    }

    /** Counts a SYN-ACK sent again, which spoils the measurement of the round trip (Karn). */
    void countRetransmission(int index) {
        increment(index, RETRANSMISSIONS);
    }

    private void increment(int index, int field) {
        final int old = octet(index, field);
        records.buffer(index).putByte(Records.offset(index) + field, (byte) Math.min(old + 1, Byte.MAX_VALUE));
    }

    /** The handshake's ACK has come, and was not taken. */
    void setAcked(int index) {
        records.buffer(index).putByte(Records.offset(index) + IS_ACKED, (byte) 1);
    }

    boolean isAcked(int index) {
        return octet(index, IS_ACKED) != 0;
    }

    private int lane(int timeouts) {
        return Math.min(timeouts, lastLane);
    }

    /**
     * Whether the last answer to a repeated or ill-fitting segment is less than {@code limitNs} ago; if not, notes one.
     */
    boolean isAnswerLimited(int index, long nowNs, long limitNs) {
        final int field = Records.offset(index) + ANSWERED_NS;
        final long lastNs = records.buffer(index).getLong(field);
        if (lastNs != NEVER && nowNs - lastNs < limitNs) {
            return true;
        }
        records.buffer(index).putLong(field, nowNs);
        return false;
    }

    /** A request whose timer is due, taken out of its lane; or {@link #NONE}. */
    int pollDue(long nowNs) {
        if (lanes.size() == 0) {
            return NONE;
        }
        for (int lane = 0; lane <= lastLane; lane++) {
            final int first = lanes.first(lane);
            if (first != TimeoutLanes.NONE && lanes.deadlineNs(first) <= nowNs) {
                lanes.remove(first);
                return first;
            }
        }
        return NONE;
    }

    long nextDeadlineNs() {
        return lanes.nextDeadlineNs();
    }

    int size() {
        return records.inUse();
    }

    long addressPair(int index) {
        return records.buffer(index).getLong(Records.offset(index) + ADDRESS_PAIR);
    }

    int ports(int index) {
        return word(index, PORTS);
    }

    int iss(int index) {
        return word(index, ISS);
    }

    int irs(int index) {
        return word(index, IRS);
    }

    int tsRecent(int index) {
        return word(index, TS_RECENT);
    }

    int tsOffset(int index) {
        return word(index, TS_OFFSET);
    }

    int listener(int index) {
        return word(index, LISTENER);
    }

    int window(int index) {
        return word(index, WINDOW);
    }

    boolean hasTimestamps(int index) {
        return (word(index, FLAGS) & TIMESTAMPS) != 0;
    }

    boolean hasSack(int index) {
        return (word(index, FLAGS) & SACK) != 0;
    }

    /** Expiries of the SYN-ACK's timer. Linux: num_timeout. */
    int timeouts(int index) {
        return octet(index, TIMEOUTS);
    }

    /** Linux: req_usec_ts. */
    boolean isTsInMicros(int index) {
        return (word(index, FLAGS) & MICROS) != 0;
    }

    boolean hasEcn(int index) {
        return (word(index, FLAGS) & ECN) != 0;
    }

    /** SYN-ACKs sent again. Linux: num_retrans. */
    int retransmissions(int index) {
        return octet(index, RETRANSMISSIONS);
    }

    int mss(int index) {
        return records.buffer(index).getShort(Records.offset(index) + MSS) & 0xFFFF;
    }

    int peerWscale(int index) {
        return octet(index, PEER_WSCALE);
    }

    int ownWscale(int index) {
        return octet(index, OWN_WSCALE);
    }

    /** Whether the round trip can be measured from {@link #sentNs}: one SYN-ACK was sent. */
    boolean isSentOnce(int index) {
        return retransmissions(index) == 0 && sentNs(index) != NEVER;
    }

    long sentNs(int index) {
        return records.buffer(index).getLong(Records.offset(index) + SENT_NS);
    }

    private int word(int index, int field) {
        return records.buffer(index).getInt(Records.offset(index) + field);
    }

    private int octet(int index, int field) {
        return records.buffer(index).getByte(Records.offset(index) + field);
    }
}
