package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TimeWaitReuse;
import io.spinwire.queue.TimeoutLanes;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Connections in TIME_WAIT: 64 bytes each instead of a socket, in the order of their deadlines. Answers what still
 * arrives for them, and says when a newer SYN may reuse one (RFC 9293 section 3.10.7.4, RFC 6191). Engine thread only.
 * Linux: {@code tcp_timewait_sock}.
 *
 * <pre>
 * 0 address pair | 8 ports | 12 sndNxt | 16 rcvNxt | 20 window field | 24 tsRecent | 28 tsOffset | 32 route
 * 40 has timestamps | 44 window in bytes | 48 last answer out of window | 56 time entered
 * </pre>
 */
final class TimeWaitTable {
    /** The segment has been dealt with. */
    static final int DONE = 0;

    /** The segment is a SYN that may open the connection anew; the entry is gone. */
    static final int REUSE = 1;

    private static final int ADDRESS_PAIR = 0;
    private static final int PORTS = 8;
    private static final int SND_NXT = 12;
    private static final int RCV_NXT = 16;
    private static final int WINDOW = 20;
    private static final int TS_RECENT = 24;
    private static final int TS_OFFSET = 28;
    private static final int DST = 32;
    private static final int HAS_TIMESTAMPS = 40;
    private static final int RCV_WND = 44;
    private static final int LAST_ACK_NS = 48;
    private static final int ENTERED_NS = 56;

    /** Clocks of our timestamps; 0 for no timestamps. */
    private static final int IN_MILLIS = 1;

    private static final int IN_MICROS = 2;

    private static final int SEQUENCE_GAP = 65_537; // Linux: a reused connection begins beyond the old window

    private final Records records;
    private final TimeoutLanes lane;
    private final TcpTable table;
    private final SegmentSender sender;
    private final SegmentDrops drops;
    private final Counters counters;
    private final long rateLimitNs;
    private final boolean isResetIgnored;
    private final boolean isTimestampsOn;
    private final int clock;
    private final TimeWaitReuse reuse;
    private final long reuseDelayNs;

    TimeWaitTable(TcpTable table, SegmentSender sender, SegmentDrops drops, Counters counters, TcpConfig config) {
        this.drops = drops;
        records = new Records(config.maxTimeWait());
        lane = new TimeoutLanes(0, config.timeWaitNs());
        this.table = table;
        this.sender = sender;
        this.counters = counters;
        rateLimitNs = config.invalidRateLimitNs();
        isResetIgnored = config.rfc1337();
        isTimestampsOn = config.timestamps();
        clock = clock(config.timestampsInMicros());
        reuse = config.timeWaitReuse();
        reuseDelayNs = config.timeWaitReuseDelayNs();
    }

    private static int clock(boolean isInMicros) {
        return isInMicros ? IN_MICROS : IN_MILLIS;
    }

    /** Takes over a connection: its table entry now leads here. False at the limit; the connection ends without. */
    boolean add(TcpSock sock, long nowNs) {
        final int index = records.allocate();
        if (index == Records.NONE) {
            counters.increment(Counter.TcpTimeWaitOverflow);
            return false;
        }
        lane.ensureCapacity(records.capacity());
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        buffer.putLong(offset + ADDRESS_PAIR, sock.addressPair);
        buffer.putInt(offset + PORTS, sock.ports);
        buffer.putInt(offset + SND_NXT, sock.sndNxt);
        buffer.putInt(offset + RCV_NXT, sock.rcvNxt);
        buffer.putInt(offset + WINDOW, sock.receiveWindow() >> sock.rcvWscale);
        buffer.putInt(offset + TS_RECENT, sock.tsRecent);
        buffer.putInt(offset + TS_OFFSET, sock.tsOffset);
        buffer.putLong(offset + DST, sock.dst);
        buffer.putInt(offset + HAS_TIMESTAMPS, sock.hasTimestamps ? clock(sock.isTsInMicros) : 0);
        buffer.putInt(offset + RCV_WND, sock.receiveWindow());
        buffer.putLong(offset + LAST_ACK_NS, nowNs - rateLimitNs);
        buffer.putLong(offset + ENTERED_NS, nowNs);
        lane.add(0, index, nowNs);
        table.put(sock.addressPair, sock.ports, TcpTable.handle(TcpTable.KIND_TIME_WAIT, index));
        return true;
    }

    /**
     * A segment for a connection in TIME_WAIT. Linux: {@code tcp_timewait_state_process()}.
     *
     * @param isListening whether somebody would take a new connection
     */
    int onSegment(int index, Segment segment, boolean isListening) {
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        final int rcvNxt = buffer.getInt(offset + RCV_NXT);
        final boolean hasTimestamps = buffer.getInt(offset + HAS_TIMESTAMPS) != 0 && segment.hasTimestamps;
        final int tsRecent = buffer.getInt(offset + TS_RECENT);
        final boolean isOldTimestamp = hasTimestamps && segment.tsVal - tsRecent < 0;
        if (!isOldTimestamp && segment.seq == rcvNxt && (segment.seq == segment.endSeq || segment.isRst())) {
            if (segment.isRst()) {
                endByReset(index, segment);
            } else {
                buffer.putInt(offset + TS_RECENT, hasTimestamps ? segment.tsVal : tsRecent);
                lane.add(0, index, segment.receivedNs);
            }
            return DONE;
        }
        final boolean isNewerSyn = isListening
                && segment.isSyn()
                && !segment.isRst()
                && !segment.isFin()
                && !segment.isAck()
                && !isOldTimestamp
                && (SeqNum.isAfter(segment.seq, rcvNxt) || hasTimestamps && tsRecent - segment.tsVal < 0);
        if (isNewerSyn) {
            counters.increment(Counter.TcpTimeWaitRecycled);
            remove(index);
            return REUSE;
        }
        drops.drop(isOldTimestamp ? DropReason.TCP_RFC7323_PAWS : DropReason.TCP_TIME_WAIT, segment);
        if (!segment.isRst()) {
            if (segment.isAck() && !isOldTimestamp && segment.isFin()) {
                // RFC 9293 section 3.10.7.4: for FIN. Linux does so for every ACK, so a peer's keepalive has no end.
                lane.add(0, index, segment.receivedNs);
            }
            answer(buffer, offset, segment);
        }
        return DONE;
    }

    /** RFC 9293 section 3.10.7.4, second check; against the advice of RFC 1337, unless that is wanted. */
    private void endByReset(int index, Segment segment) {
        if (isResetIgnored) {
            drops.drop(DropReason.TCP_TIME_WAIT, segment);
        } else {
            remove(index);
        }
    }

    private void answer(UnsafeBuffer buffer, int offset, Segment segment) {
        final long nowNs = segment.receivedNs;
        if (segment.dataLength == 0 && !segment.isFin()) {
            if (nowNs - buffer.getLong(offset + LAST_ACK_NS) < rateLimitNs) {
                counters.increment(Counter.TcpSkippedAcks);
                return;
            }
            buffer.putLong(offset + LAST_ACK_NS, nowNs);
        }
        final OutSegment out = sender.out;
        out.addressPair = segment.addressPair;
        out.ports = segment.ports;
        out.seq = buffer.getInt(offset + SND_NXT);
        out.ackSeq = buffer.getInt(offset + RCV_NXT);
        out.flags = TcpHeader.ACK;
        out.window = buffer.getInt(offset + WINDOW);
        out.hasTimestamps = buffer.getInt(offset + HAS_TIMESTAMPS) != 0;
        final boolean isInMicros = buffer.getInt(offset + HAS_TIMESTAMPS) == IN_MICROS;
        out.tsVal = SecretHash.timestamp(nowNs, isInMicros) + buffer.getInt(offset + TS_OFFSET);
        out.tsEcr = buffer.getInt(offset + TS_RECENT);
        out.tos = 0;
        out.ttl = 0;
        sender.sendBare(buffer.getLong(offset + DST), nowNs);
    }

    /**
     * Whether a connect may take the connection's port over: its timestamps will be newer, so nothing old can be taken
     * for new (RFC 6191 from the other side). Linux: {@code tcp_twsk_unique()}.
     *
     * @param isWanted the application asks for this port
     * @param isLocal the peer is this engine
     */
    boolean isReusable(int index, boolean isWanted, boolean isLocal, long nowNs) {
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        if (buffer.getInt(offset + HAS_TIMESTAMPS) != clock || !isTimestampsOn) {
            return false; // one that a cookie opened may have another clock
        }
        final boolean isAllowed = reuse == TimeWaitReuse.ON || reuse == TimeWaitReuse.LOCAL && isLocal;
        return isWanted || isAllowed && nowNs - buffer.getLong(offset + ENTERED_NS) > reuseDelayNs;
    }

    /** The connection begins anew, beyond the old numbers. */
    void takeOver(int index, TcpSock sock) {
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        sock.iss = buffer.getInt(offset + SND_NXT) + SEQUENCE_GAP;
        sock.tsRecent = buffer.getInt(offset + TS_RECENT);
        counters.increment(Counter.TcpTimeWaitReused);
        remove(index);
    }

    /** Sequence number from which a connection that reuses this one should begin. Linux: tw_snd_nxt + 65535 + 2. */
    int nextIss(int index) {
        return records.buffer(index).getInt(Records.offset(index) + SND_NXT) + SEQUENCE_GAP;
    }

    /** Lets those go whose time is over, at most {@code limit}; answers how many. */
    int expire(long nowNs, int limit) {
        int count = 0;
        while (count < limit) {
            final int first = lane.first(0);
            if (first == TimeoutLanes.NONE || lane.deadlineNs(first) > nowNs) {
                break;
            }
            counters.increment(Counter.TcpTimeWaited);
            remove(first);
            count++;
        }
        return count;
    }

    private void remove(int index) {
        final UnsafeBuffer buffer = records.buffer(index);
        final int offset = Records.offset(index);
        table.remove(
                buffer.getLong(offset + ADDRESS_PAIR),
                buffer.getInt(offset + PORTS),
                TcpTable.handle(TcpTable.KIND_TIME_WAIT, index));
        lane.remove(index);
        records.free(index);
    }

    long nextDeadlineNs() {
        return lane.nextDeadlineNs();
    }

    int size() {
        return records.inUse();
    }
}
