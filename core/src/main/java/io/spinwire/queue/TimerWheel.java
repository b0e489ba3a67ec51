package io.spinwire.queue;

import java.util.Arrays;

/**
 * One deadline per id (a socket's index), in constant time. Engine thread only. A hierarchical wheel: 64 slots a level,
 * level 0 of 4.096 us ticks and each next one 64 times coarser; an entry sits on the level of the highest 6-bit digit
 * in which its tick differs from the wheel's, and moves down as its time comes near. The tick only sorts: each deadline
 * is compared itself, so a timer fires in the first {@link #expire} whose now has reached it and never before. Slots
 * are circular intrusive lists in arrays, 18 bytes an id, first in first out, so the order of firing is repeatable.
 * Moves between levels are bounded per turn.
 */
public final class TimerWheel {
    static final int TICK_SHIFT = 12;
    private static final int DIGIT_BITS = 6;
    private static final int SLOTS = 1 << DIGIT_BITS;
    private static final int DIGIT_MASK = SLOTS - 1;
    private static final int LEVELS = (Long.SIZE - 1 - TICK_SHIFT + DIGIT_BITS - 1) / DIGIT_BITS;

    /** The list of those that are due and wait for their call. */
    private static final int DUE = LEVELS * SLOTS;

    /** Entries moved to a lower level in one turn, about 10 us: a million equal timers must not stop a turn. */
    private static final int MOVES_PER_TURN = 1024;

    private static final int NONE = -1;

    private final long startNs;
    private final int[] heads = new int[DUE + 1];
    private final long[] occupied = new long[LEVELS];

    // By id.
    private long[] deadlines;
    private int[] nexts;
    private int[] prevs;
    private short[] lists;

    private long tick;
    /** No timer on the wheel (all but those on DUE) has a deadline before this. */
    private long earliestNs = Long.MAX_VALUE;

    private int size;

    /**
     * @param capacity ids are 0 to capacity - 1
     * @param nowNs the clock's reading, which may be any number
     */
    public TimerWheel(int capacity, long nowNs) {
        startNs = nowNs;
        deadlines = new long[capacity];
        nexts = new int[capacity];
        prevs = new int[capacity];
        lists = new short[capacity];
        Arrays.fill(lists, (short) NONE);
        Arrays.fill(heads, NONE);
    }

    /** Makes room for ids up to {@code capacity - 1}. Control plane. */
    public void ensureCapacity(int capacity) {
        final int old = deadlines.length;
        if (capacity > old) {
            deadlines = Arrays.copyOf(deadlines, capacity);
            nexts = Arrays.copyOf(nexts, capacity);
            prevs = Arrays.copyOf(prevs, capacity);
            lists = Arrays.copyOf(lists, capacity);
            Arrays.fill(lists, old, capacity, (short) NONE);
        }
    }

    public int capacity() {
        return deadlines.length;
    }

    /** Timers scheduled. */
    public int size() {
        return size;
    }

    /** Sets, or moves, the deadline. One in the past fires at the next {@link #expire}. */
    public void schedule(int id, long deadlineNs) {
        if (lists[id] == NONE) {
            size++;
        } else {
            unlink(id);
        }
        deadlines[id] = deadlineNs;
        place(id);
        earliestNs = Math.min(earliestNs, deadlineNs);
    }

    /** Forgets the deadline, if there is one. */
    public void cancel(int id) {
        if (lists[id] != NONE) {
            unlink(id);
            size--;
            if (size == 0) {
                earliestNs = Long.MAX_VALUE;
            }
        }
    }

    public boolean isScheduled(int id) {
        return lists[id] != NONE;
    }

    /** The deadline last set; meaningful while scheduled. */
    public long deadlineNs(int id) {
        return deadlines[id];
    }

    /** When {@link #expire} should be called next: maybe early, never late; MAX_VALUE when nothing is scheduled. */
    public long nextDeadlineNs() {
        final int due = heads[DUE];
        return due == NONE ? earliestNs : Math.min(earliestNs, deadlines[due]);
    }

    /**
     * Calls the handler for timers whose deadline has come, in order of their ticks. What a handler schedules for now
     * or the past fires in the next call.
     *
     * @param limit of calls; the rest stays due, and {@link #nextDeadlineNs} stays in the past
     * @return calls made
     */
    public int expire(long nowNs, TimerHandler handler, int limit) {
        final long nowTick = Math.max(tick, tickOf(nowNs));
        if (nowNs < nextDeadlineNs()) {
            tick = nowTick;
            return 0;
        }
        earliestNs = collect(nowNs, nowTick);
        int fired = 0;
        while (fired < limit && heads[DUE] != NONE) {
            final int id = heads[DUE];
            unlink(id);
            size--;
            fired++;
            handler.onTimer(id, nowNs);
        }
        return fired;
    }

    /** Moves what is due to the DUE list and answers a time before which nothing else is. */
    private long collect(long nowNs, long nowTick) {
        int moves = MOVES_PER_TURN;
        while (true) {
            for (int level = LEVELS - 1; level > 0; level--) {
                moves = moveDown(level, moves);
            }
            if (moves == 0) {
                return nowNs; // go on in the next turn
            }
            final long restNs = takeDue(nowNs);
            final long next = nextOccupiedTick();
            if (next > nowTick) {
                final long nextNs = next == Long.MAX_VALUE ? next : startNs + (next << TICK_SHIFT);
                tick = nowTick;
                return Math.min(restNs, nextNs);
            }
            tick = next;
        }
    }

    /** Re-places the entries of the slot whose time has begun on {@code level}. Answers the moves left, 0 to stop. */
    private int moveDown(int level, int moves) {
        final int list = level << DIGIT_BITS | digit(tick, level);
        int left = moves;
        while (left > 0 && heads[list] != NONE) {
            final int id = heads[list];
            unlink(id);
            place(id);
            left--;
        }
        return left;
    }

    /** Takes those due out of the current slot; answers the earliest deadline of the rest. */
    private long takeDue(long nowNs) {
        final int list = digit(tick, 0);
        final int head = heads[list];
        if (head == NONE) {
            return Long.MAX_VALUE;
        }
        long restNs = Long.MAX_VALUE;
        final int last = prevs[head];
        int id = head;
        while (true) {
            final int next = nexts[id];
            if (deadlines[id] <= nowNs) {
                unlink(id);
                link(id, DUE);
            } else {
                restNs = Math.min(restNs, deadlines[id]);
            }
            if (id == last) {
                return restNs;
            }
            id = next;
        }
    }

    /** The first tick of the nearest occupied slot after the current ones; MAX_VALUE if there is none. */
    private long nextOccupiedTick() {
        for (int level = 0; level < LEVELS; level++) {
            final int shift = level * DIGIT_BITS;
            final int current = digit(tick, level);
            final long later = current == DIGIT_MASK ? 0 : occupied[level] & (-1L << (current + 1));
            if (later != 0) {
                final long above = tick >>> shift >>> DIGIT_BITS << DIGIT_BITS;
                return (above | Long.numberOfTrailingZeros(later)) << shift;
            }
        }
        return Long.MAX_VALUE;
    }

    private void place(int id) {
        final long target = Math.max(tick, tickOf(deadlines[id]));
        final long difference = target ^ tick;
        final int level = difference == 0 ? 0 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(difference)) / DIGIT_BITS;
        link(id, level << DIGIT_BITS | digit(target, level));
    }

    private void link(int id, int list) {
        final int head = heads[list];
        lists[id] = (short) list;
        if (head == NONE) {
            heads[list] = id;
            nexts[id] = id;
            prevs[id] = id;
            if (list != DUE) {
                occupied[list >> DIGIT_BITS] |= 1L << list;
            }
            return;
        }
        final int tail = prevs[head];
        nexts[tail] = id;
        prevs[id] = tail;
        nexts[id] = head;
        prevs[head] = id;
    }

    private void unlink(int id) {
        final int list = lists[id];
        final int next = nexts[id];
        lists[id] = NONE;
        if (next == id) {
            heads[list] = NONE;
            if (list != DUE) {
                occupied[list >> DIGIT_BITS] &= ~(1L << list);
            }
            return;
        }
        final int prev = prevs[id];
        nexts[prev] = next;
        prevs[next] = prev;
        if (heads[list] == id) {
            heads[list] = next;
        }
    }

    private long tickOf(long timeNs) {
        final long elapsed = timeNs - startNs;
        if (timeNs >= startNs && elapsed < 0) {
            return Long.MAX_VALUE >>> TICK_SHIFT; // further than a long can tell
        }
        return Math.max(0, elapsed) >>> TICK_SHIFT;
    }

    private static int digit(long tick, int level) {
        return (int) (tick >>> level * DIGIT_BITS) & DIGIT_MASK;
    }
}
