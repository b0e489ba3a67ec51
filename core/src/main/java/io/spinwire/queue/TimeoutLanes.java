package io.spinwire.queue;

import java.util.Arrays;

/**
 * Ids that wait in lanes; in one lane all wait equally long, so a lane is a queue in order of deadlines, and adding,
 * removing and expiring take constant time. For TIME_WAIT (one lane) and SYN-ACK retries (a lane per level). Engine
 * thread only. An id waits in one lane at most. Intrusive circular lists in arrays, 17 bytes an id.
 */
public final class TimeoutLanes {
    public static final int NONE = -1;

    private final long[] timeoutsNs;
    private final int[] heads;

    // By id.
    private long[] deadlines;
    private int[] nexts;
    private int[] prevs;
    private byte[] lanes;

    private int size;

    /**
     * @param capacity ids are 0 to capacity - 1
     * @param timeoutsNs how long an id waits, one per lane, at most 127
     */
    public TimeoutLanes(int capacity, long... timeoutsNs) {
        if (timeoutsNs.length == 0 || timeoutsNs.length > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("timeout lanes " + timeoutsNs.length + " not in 1.." + Byte.MAX_VALUE);
        }
        this.timeoutsNs = timeoutsNs.clone();
        heads = new int[timeoutsNs.length];
        Arrays.fill(heads, NONE);
        deadlines = new long[capacity];
        nexts = new int[capacity];
        prevs = new int[capacity];
        lanes = new byte[capacity];
        Arrays.fill(lanes, (byte) NONE);
    }

    /** Makes room for ids up to {@code capacity - 1}. Control plane. */
    public void ensureCapacity(int capacity) {
        final int old = deadlines.length;
        if (capacity > old) {
            deadlines = Arrays.copyOf(deadlines, capacity);
            nexts = Arrays.copyOf(nexts, capacity);
            prevs = Arrays.copyOf(prevs, capacity);
            lanes = Arrays.copyOf(lanes, capacity);
            Arrays.fill(lanes, old, capacity, (byte) NONE);
        }
    }

    public int capacity() {
        return deadlines.length;
    }

    /** Puts the id at the end of a lane, also when it waits already: then its time begins anew. */
    public void add(int lane, int id, long nowNs) {
        remove(id);
        final int head = heads[lane];
        final int tail = head == NONE ? id : prevs[head];
        final long deadlineNs = nowNs + timeoutsNs[lane];
        // A clock that went back must not break the order; then this one waits a little longer.
        deadlines[id] = head == NONE ? deadlineNs : Math.max(deadlineNs, deadlines[tail]);
        lanes[id] = (byte) lane;
        nexts[id] = head == NONE ? id : head;
        prevs[id] = tail;
        if (head == NONE) {
            heads[lane] = id;
        } else {
            nexts[tail] = id;
            prevs[head] = id;
        }
        size++;
    }

    /** Takes the id out, if it waits. */
    public void remove(int id) {
        final int lane = lanes[id];
        if (lane == NONE) {
            return;
        }
        final int next = nexts[id];
        final int prev = prevs[id];
        nexts[prev] = next;
        prevs[next] = prev;
        if (heads[lane] == id) {
            heads[lane] = next == id ? NONE : next;
        }
        lanes[id] = NONE;
        size--;
    }

    public boolean contains(int id) {
        return lanes[id] != NONE;
    }

    /** The lane that the id waits in, or {@link #NONE}. */
    public int lane(int id) {
        return lanes[id];
    }

    /** Meaningful while the id waits. */
    public long deadlineNs(int id) {
        return deadlines[id];
    }

    /** The id that has waited longest in the lane, or {@link #NONE}. */
    public int first(int lane) {
        return heads[lane];
    }

    public int size() {
        return size;
    }

    /** The earliest deadline, exactly; MAX_VALUE when nothing waits. */
    public long nextDeadlineNs() {
        final int lane = earliestLane();
        return lane == NONE ? Long.MAX_VALUE : deadlines[heads[lane]];
    }

    /**
     * Calls the handler for ids whose deadline has come, in order of deadlines. It may add and remove any id.
     *
     * @param limit of calls; the rest stays due
     * @return calls made
     */
    public int expire(long nowNs, TimerHandler handler, int limit) {
        int fired = 0;
        while (fired < limit) {
            final int lane = earliestLane();
            if (lane == NONE || deadlines[heads[lane]] > nowNs) {
                break;
            }
            final int id = heads[lane];
            remove(id);
            fired++;
            handler.onTimer(id, nowNs);
        }
        return fired;
    }

    private int earliestLane() {
        int earliest = NONE;
        for (int lane = 0; lane < heads.length; lane++) {
            final int head = heads[lane];
            if (head != NONE && (earliest == NONE || deadlines[head] < deadlines[heads[earliest]])) {
                earliest = lane;
            }
        }
        return earliest;
    }
}
