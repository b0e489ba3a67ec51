package io.spinwire.link;

import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The memory of the neighbour table: a cache line per entry, and a hash from address to entry. No behaviour of its own
 * but finding, adding and evicting. Engine thread only. Linux: {@code struct neighbour}, {@code struct
 * neigh_hash_table}.
 *
 * <pre>
 *  0                      18     19       20        24       32            40        48          56
 * +----------------------+------+--------+---------+--------+-------------+---------+-----------+-----+
 * | ready Ethernet header| state| probes | address | usedNs | confirmedNs | timerNs | updatedNs | MAC |
 * +----------------------+------+--------+---------+--------+-------------+---------+-----------+-----+
 * </pre>
 */
final class NeighbourEntries {
    /** States, as in Linux's {@code NUD_*}. */
    static final int NONE = 0x00;

    static final int INCOMPLETE = 0x01;
    static final int REACHABLE = 0x02;
    static final int STALE = 0x04;
    static final int DELAY = 0x08;
    static final int PROBE = 0x10;
    static final int FAILED = 0x20;
    static final int PERMANENT = 0x40;

    /** States in which the hardware address may be used. Linux: {@code NUD_VALID}. */
    static final int VALID = PERMANENT | REACHABLE | PROBE | STALE | DELAY;

    static final int ABSENT = -1;

    private static final int LENGTH = 64;
    private static final int STATE = 18;
    private static final int PROBES = 19;
    private static final int ADDRESS = 20;
    private static final int USED = 24;
    private static final int CONFIRMED = 32;
    private static final int TIMER = 40;
    private static final int UPDATED = 48;
    private static final int MAC = 56;

    /** Entries looked at in one search for a victim: a bound on what an overflow costs. */
    private static final int EVICTION_SCAN = 1024;

    /** An entry used later than this is worth keeping. Linux: {@code neigh_forced_gc()} spares the last 5 s. */
    private static final long RECENTLY_NS = 5_000_000_000L;

    private static final int HASH_MULTIPLIER = 0x9E37_79B9;
    private static final int MAX_CAPACITY = 1 << 20;

    private final UnsafeBuffer buffer;
    private final int capacity;
    private final long base; // address of the buffer
    private final int[] slots; // index + 1, or 0
    private final int shift;
    private int size; // entries 0 to size - 1 are in use; eviction reuses in place
    private int hand; // where the next search for a victim begins

    NeighbourEntries(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("neighbour table of " + capacity + ": give 1 to " + MAX_CAPACITY);
        }
        this.capacity = capacity;
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(capacity * LENGTH, BitUtil.CACHE_LINE_LENGTH));
        base = buffer.addressOffset();
        slots = new int[BitUtil.findNextPositivePowerOfTwo(2 * capacity)];
        shift = Integer.numberOfLeadingZeros(slots.length - 1);
        Arrays.fill(slots, 0);
    }

    int size() {
        return size;
    }

    /** Index of an address's entry, or {@link #ABSENT}. */
    int find(int address) {
        int slot = slot(address);
        while (slots[slot] != 0) {
            final int index = slots[slot] - 1;
            if (address(index) == address) {
                return index;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return ABSENT;
    }

    /**
     * Adds an entry in state NONE for an address that has none. The table is not full, or {@code victim} was evicted.
     */
    int add(int address, int victim, long nowNs) {
        assert find(address) == ABSENT : "neighbour is in the table already";
        final int index = victim == ABSENT ? size++ : victim;
        buffer.setMemory(index * LENGTH, LENGTH, (byte) 0);
        UnsafeApi.putInt(at(index, ADDRESS), address);
        used(index, nowNs);
        timerNs(index, Long.MAX_VALUE);
        int slot = slot(address);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = index + 1;
        return index;
    }

    boolean isFull() {
        return size == capacity;
    }

    /**
     * The entry that is missed least: a failed or never used one, else the stale one unused for longest, else a
     * reachable one unused for 5 s.
     *
     * @return its index, removed from the hash; or {@link #ABSENT} when all entries looked at are in use
     */
    int evict(long nowNs) {
        int best = ABSENT;
        int bestRank = Integer.MAX_VALUE;
        for (int i = Math.min(size, EVICTION_SCAN); i > 0; i--) {
            hand = hand + 1 < size ? hand + 1 : 0;
            final int rank = rank(hand, nowNs);
            if (rank < bestRank || rank == bestRank && best != ABSENT && usedNs(hand) < usedNs(best)) {
                best = hand;
                bestRank = rank;
            }
        }
        if (best != ABSENT) {
            unhash(address(best));
        }
        return best;
    }

    private int rank(int index, long nowNs) {
        return switch (state(index)) {
            case FAILED, NONE -> 0;
            case STALE -> 1;
            case REACHABLE -> usedNs(index) + RECENTLY_NS < nowNs ? 2 : Integer.MAX_VALUE;
            default -> Integer.MAX_VALUE; // being resolved, or PERMANENT
        };
    }

    /** Removes an address from the hash and closes the gap behind it. Knuth 6.4, algorithm R. */
    private void unhash(int address) {
        final int mask = slots.length - 1;
        int gap = slot(address);
        while (address(slots[gap] - 1) != address) {
            gap = gap + 1 & mask;
        }
        int at = gap;
        while (true) {
            at = at + 1 & mask;
            if (slots[at] == 0) {
                break;
            }
            final int home = slot(address(slots[at] - 1));
            if ((at - home & mask) >= (at - gap & mask)) {
                slots[gap] = slots[at];
                gap = at;
            }
        }
        slots[gap] = 0;
    }

    private int slot(int address) {
        return address * HASH_MULTIPLIER >>> shift;
    }

    private long at(int index, int field) {
        assert index >= 0 && index < capacity : "neighbour " + index;
        return base + (long) index * LENGTH + field;
    }

    int address(int index) {
        return UnsafeApi.getInt(at(index, ADDRESS));
    }

    int state(int index) {
        return UnsafeApi.getByte(at(index, STATE));
    }

    void state(int index, int state) {
        UnsafeApi.putByte(at(index, STATE), (byte) state);
    }

    boolean isIn(int index, int states) {
        return (state(index) & states) != 0;
    }

    int probes(int index) {
        return UnsafeApi.getByte(at(index, PROBES));
    }

    void probes(int index, int probes) {
        UnsafeApi.putByte(at(index, PROBES), (byte) probes);
    }

    long usedNs(int index) {
        return UnsafeApi.getLong(at(index, USED));
    }

    void used(int index, long nowNs) {
        UnsafeApi.putLong(at(index, USED), nowNs);
    }

    long confirmedNs(int index) {
        return UnsafeApi.getLong(at(index, CONFIRMED));
    }

    void confirmed(int index, long nowNs) {
        UnsafeApi.putLong(at(index, CONFIRMED), nowNs);
    }

    long timerNs(int index) {
        return UnsafeApi.getLong(at(index, TIMER));
    }

    void timerNs(int index, long deadlineNs) {
        UnsafeApi.putLong(at(index, TIMER), deadlineNs);
    }

    long updatedNs(int index) {
        return UnsafeApi.getLong(at(index, UPDATED));
    }

    void updated(int index, long nowNs) {
        UnsafeApi.putLong(at(index, UPDATED), nowNs);
    }

    long mac(int index) {
        return UnsafeApi.getLong(at(index, MAC));
    }

    void mac(int index, long mac) {
        UnsafeApi.putLong(at(index, MAC), mac);
    }

    /** The memory of the ready headers. */
    UnsafeBuffer headers() {
        return buffer;
    }

    /** Where an entry's ready Ethernet header begins in {@link #headers()}; up to 18 bytes. */
    int headerOffset(int index) {
        return index * LENGTH;
    }
}
