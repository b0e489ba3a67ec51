package io.spinwire.tcp;

import io.spinwire.api.PathRecord;
import io.spinwire.ip.AddressPair;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is known of the paths to other hosts, one record of 64 bytes for each address pair. At its limit the path that
 * was longest not looked for makes room. Engine thread only. Linux: {@code struct tcp_metrics_block}.
 *
 * <pre>
 * 0 address pair | 8 rtt | 12 rttvar | 16 ssthresh | 20 cwnd | 24 reordering | 28 mss | 30 cookie length, SYN drops
 * 32 cookie | 48 time updated | 56 used before | 60 used after
 * </pre>
 */
final class PathTable {
    static final int NONE = Records.NONE;

    // What is known of the form of the Fast Open option; on top of the cookie's length.
    private static final int LENGTH_BITS = 5;

    /** The cookie came in the experimental form. */
    static final int EXPERIMENTAL = 1;

    /** Asked in the usual form, the peer gave no cookie: the experimental one is to be tried. Linux: try_exp 1. */
    static final int TO_BE_TRIED = 2;

    /** In neither. Linux: try_exp 2. */
    static final int NOT_UNDERSTOOD = 4;

    /** Bytes of the longest Fast Open cookie, RFC 7413 section 4.1.1. */
    static final int MAX_COOKIE = 16;

    private static final int ADDRESS_PAIR = 0;
    private static final int RTT_US = 8;
    private static final int RTTVAR_US = 12;
    private static final int SSTHRESH = 16;
    private static final int CWND = 20;
    private static final int REORDERING = 24;
    private static final int MSS = 28;
    private static final int COOKIE_LENGTH = 30;
    private static final int SYN_DROPS = 31;
    private static final int COOKIE = 32;
    private static final int UPDATED_NS = 48;
    private static final int OLDER = 56;
    private static final int NEWER = 60;

    private final int limit;
    private final Records records;
    private final Long2LongHashMap byPair = new Long2LongHashMap(NONE);
    private int oldest = NONE;
    private int newest = NONE;

    PathTable(int limit) {
        this.limit = limit;
        records = new Records(limit);
    }

    /** The path's record, or {@link #NONE}; it counts as used now. */
    int find(long addressPair) {
        final int index = (int) byPair.get(addressPair);
        if (index != NONE && index != newest) {
            unlink(index);
            append(index);
        }
        return index;
    }

    /** The path's record, empty if it is new; {@link #NONE} where nothing is kept. */
    int findOrAdd(long addressPair, long nowNs) {
        final int known = find(addressPair);
        if (known != NONE || limit == 0) {
            return known;
        }
        if (records.inUse() == limit) {
            remove(oldest);
        }
        final int index = records.allocate();
        records.buffer(index).setMemory(Records.offset(index), Records.LENGTH, (byte) 0);
        setLong(index, ADDRESS_PAIR, addressPair);
        setLong(index, UPDATED_NS, nowNs);
        append(index);
        byPair.put(addressPair, index);
        return index;
    }

    private void remove(int index) {
        byPair.remove(longAt(index, ADDRESS_PAIR));
        unlink(index);
        records.free(index);
    }

    /** Forgets everything. */
    void clear() {
        while (oldest != NONE) {
            remove(oldest);
        }
    }

    int size() {
        return records.inUse();
    }

    /** Visits all, used longest ago first. */
    void forEach(PathRecord.Visitor visitor, PathRecord path, long nowNs) {
        for (int index = oldest; index != NONE; index = intAt(index, NEWER)) {
            path.local = AddressPair.local(longAt(index, ADDRESS_PAIR));
            path.remote = AddressPair.remote(longAt(index, ADDRESS_PAIR));
            path.ageMs = (nowNs - updatedNs(index)) / 1_000_000;
            path.rttUs = rttUs(index) >> 3;
            path.rttVarUs = rttvarUs(index) >> 2;
            path.ssthresh = ssthresh(index);
            path.cwnd = cwnd(index);
            path.reordering = reordering(index);
            path.fastOpenMss = mss(index);
            path.fastOpenCookieLength = cookieLength(index);
            path.fastOpenSynDrops = synDrops(index);
            visitor.onPath(path);
        }
    }

    private void append(int index) {
        setInt(index, OLDER, newest);
        setInt(index, NEWER, NONE);
        if (newest == NONE) {
            oldest = index;
        } else {
            setInt(newest, NEWER, index);
        }
        newest = index;
    }

    private void unlink(int index) {
        final int older = intAt(index, OLDER);
        final int newer = intAt(index, NEWER);
        if (older == NONE) {
            oldest = newer;
        } else {
            setInt(older, NEWER, newer);
        }
        if (newer == NONE) {
            newest = older;
        } else {
            setInt(newer, OLDER, older);
        }
    }

    // ---- Values: 0 where nothing is known ----

    /** Smoothed round-trip time in us, times 8. */
    int rttUs(int index) {
        return intAt(index, RTT_US);
    }

    /** Its deviation in us, times 4. */
    int rttvarUs(int index) {
        return intAt(index, RTTVAR_US);
    }

    void setRtt(int index, int rttUs, int rttvarUs) {
        setInt(index, RTT_US, rttUs);
        setInt(index, RTTVAR_US, rttvarUs);
    }

    int ssthresh(int index) {
        return intAt(index, SSTHRESH);
    }

    void setSsthresh(int index, int segments) {
        setInt(index, SSTHRESH, segments);
    }

    int cwnd(int index) {
        return intAt(index, CWND);
    }

    void setCwnd(int index, int segments) {
        setInt(index, CWND, segments);
    }

    int reordering(int index) {
        return intAt(index, REORDERING);
    }

    void setReordering(int index, int segments) {
        setInt(index, REORDERING, segments);
    }

    long updatedNs(int index) {
        return longAt(index, UPDATED_NS);
    }

    void setUpdatedNs(int index, long nowNs) {
        setLong(index, UPDATED_NS, nowNs);
    }

    /** Segment size that the host announced last in answer to a Fast Open SYN. */
    int mss(int index) {
        return records.buffer(index).getShort(Records.offset(index) + MSS) & 0xFFFF;
    }

    void setMss(int index, int mss) {
        records.buffer(index).putShort(Records.offset(index) + MSS, (short) mss);
    }

    /** Bytes of the Fast Open cookie. */
    int cookieLength(int index) {
        return records.buffer(index).getByte(Records.offset(index) + COOKIE_LENGTH) & (1 << LENGTH_BITS) - 1;
    }

    /** {@link #EXPERIMENTAL}, {@link #TO_BE_TRIED}, {@link #NOT_UNDERSTOOD}, or 0. */
    int cookieForm(int index) {
        return (records.buffer(index).getByte(Records.offset(index) + COOKIE_LENGTH) & 0xFF) >> LENGTH_BITS;
    }

    void setCookieForm(int index, int form) {
        setCookieLength(index, cookieLength(index), form);
    }

    private void setCookieLength(int index, int length, int form) {
        final byte both = (byte) (form << LENGTH_BITS | length);
        records.buffer(index).putByte(Records.offset(index) + COOKIE_LENGTH, both);
    }

    long cookieHigh(int index) {
        return longAt(index, COOKIE);
    }

    long cookieLow(int index) {
        return longAt(index, COOKIE + Long.BYTES);
    }

    /** In network order, filled up with zeros. */
    void setCookie(int index, int length, long high, long low) {
        setCookieLength(index, length, 0);
        setLong(index, COOKIE, high);
        setLong(index, COOKIE + Long.BYTES, low);
    }

    /** SYNs with data that were lost, in a row. */
    int synDrops(int index) {
        return records.buffer(index).getByte(Records.offset(index) + SYN_DROPS);
    }

    void setSynDrops(int index, int count) {
        records.buffer(index).putByte(Records.offset(index) + SYN_DROPS, (byte) Math.min(count, Byte.MAX_VALUE));
    }

    private int intAt(int index, int field) {
        return records.buffer(index).getInt(Records.offset(index) + field);
    }

    private void setInt(int index, int field, int value) {
        records.buffer(index).putInt(Records.offset(index) + field, value);
    }

    private long longAt(int index, int field) {
        return records.buffer(index).getLong(Records.offset(index) + field);
    }

    private void setLong(int index, int field, long value) {
        final UnsafeBuffer buffer = records.buffer(index);
        buffer.putLong(Records.offset(index) + field, value);
    }
}
