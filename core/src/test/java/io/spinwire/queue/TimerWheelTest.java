package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long START_NS = -12_345_678_901L;
    private static final long MS = 1_000_000;

    private final TimerWheel wheel = new TimerWheel(16, START_NS);
    private final List<Integer> fired = new ArrayList<>();

    private int expire(long nowNs) {
        return wheel.expire(nowNs, (id, now) -> fired.add(id), Integer.MAX_VALUE);
    }

    @Test
    void shouldFireAtDeadlineAndNotANanosecondBefore() {
        for (final long delayNs : new long[] {1, 4095, 4096, 40 * MS, 7200_000 * MS, 1L << 61}) {
            wheel.schedule(3, START_NS + delayNs);
            assertTrue(wheel.nextDeadlineNs() <= START_NS + delayNs);
            final TimerWheel same = wheel;
            assertEquals(0, expire(START_NS + delayNs - 1), "delay " + delayNs);
            assertTrue(same.isScheduled(3));
            assertEquals(1, expire(START_NS + delayNs), "delay " + delayNs);
            assertFalse(wheel.isScheduled(3));
            assertEquals(Long.MAX_VALUE, wheel.nextDeadlineNs());
        }
    }

    @Test
    void shouldFireInNextCallWhenDeadlineIsPast() {
        expire(START_NS + 500 * MS);
        wheel.schedule(1, START_NS + MS);
        assertEquals(START_NS + MS, wheel.nextDeadlineNs());
        assertEquals(1, expire(START_NS + 500 * MS));
    }

    @Test
    void shouldForgetTimerWhenCancelled() {
        wheel.schedule(1, START_NS + MS);
        wheel.schedule(2, START_NS + MS);
        wheel.cancel(1);
        wheel.cancel(5);
        assertEquals(1, wheel.size());
        assertEquals(1, expire(START_NS + 10 * MS));
        assertEquals(List.of(2), fired);
    }

    @Test
    void shouldKeepRestDueWhenLimitIsReached() {
        for (int id = 0; id < 10; id++) {
            wheel.schedule(id, START_NS + MS);
        }
        assertEquals(4, wheel.expire(START_NS + 2 * MS, (id, now) -> fired.add(id), 4));
        assertTrue(wheel.nextDeadlineNs() <= START_NS + 2 * MS);
        assertTrue(wheel.isScheduled(9));
        wheel.cancel(9);
        wheel.schedule(8, START_NS + 5 * MS);
        assertEquals(4, expire(START_NS + 2 * MS));
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), fired);
        assertEquals(1, expire(START_NS + 5 * MS));
    }

    @Test
    void shouldFireInNextCallWhenHandlerSchedulesForNow() {
        wheel.schedule(1, START_NS + MS);
        final long nowNs = START_NS + 2 * MS;
        assertEquals(1, wheel.expire(nowNs, (id, now) -> wheel.schedule(id, now), 100));
        assertEquals(nowNs, wheel.nextDeadlineNs());
        assertEquals(1, expire(nowNs));
    }

    @Test
    void shouldStillFireOthersWhenHandlerThrows() {
        wheel.schedule(1, START_NS + MS);
        wheel.schedule(2, START_NS + MS);
        wheel.schedule(3, START_NS + 3 * MS);
        assertThrows(
                IllegalStateException.class,
                () -> wheel.expire(
                        START_NS + 2 * MS,
                        (id, now) -> {
                            throw new IllegalStateException();
                        },
                        100));
        assertEquals(1, expire(START_NS + 2 * MS));
        assertEquals(1, expire(START_NS + 3 * MS));
        assertEquals(List.of(2, 3), fired);
    }

    @Test
    void shouldKeepTimersWhenCapacityGrows() {
        wheel.schedule(15, START_NS + MS);
        wheel.ensureCapacity(100);
        wheel.schedule(99, START_NS + MS);
        assertEquals(100, wheel.capacity());
        assertEquals(2, expire(START_NS + MS));
    }

    @Test
    void shouldBoundWorkOfATurnWhenManyTimersMoveDownTogether() {
        final int count = 100_000;
        final TimerWheel big = new TimerWheel(count, START_NS);
        for (int id = 0; id < count; id++) {
            big.schedule(id, START_NS + 7200_000 * MS + id);
        }
        final long nowNs = START_NS + 7200_000 * MS + count;
        int calls = 0;
        int total = 0;
        while (total < count) {
            total += big.expire(nowNs, (id, now) -> {}, 1000);
            assertTrue(++calls < 2_000, "progress");
            assertTrue(big.size() == 0 || big.nextDeadlineNs() <= nowNs);
        }
        assertTrue(calls > 50, calls + " calls");
        assertEquals(0, big.size());
    }

    @Test
    void shouldMatchModelWhenUsedAtRandom() {
        Seeds.forEach(TimerWheelTest::matchModel);
    }

    private static void matchModel(Random random) {
        final int capacity = 200;
        final long[] model = new long[capacity];
        Arrays.fill(model, Long.MAX_VALUE);
        long nowNs = random.nextLong() >> 2;
        final TimerWheel wheel = new TimerWheel(capacity, nowNs);
        for (int step = 0; step < 4_000; step++) {
            final int id = random.nextInt(capacity);
            if (random.nextInt(4) == 0) {
                wheel.cancel(id);
                model[id] = Long.MAX_VALUE;
            } else {
                model[id] = nowNs + (random.nextLong() >>> (17 + random.nextInt(46))) - random.nextInt(3);
                wheel.schedule(id, model[id]);
            }
            if (random.nextInt(3) == 0) {
                nowNs = advance(nowNs, wheel, random);
                expireAndCompare(wheel, model, nowNs);
            }
        }
        // Virtual time: going from deadline to deadline ends, and fires everything.
        for (int jumps = 0; wheel.size() > 0; jumps++) {
            nowNs = Math.max(nowNs, wheel.nextDeadlineNs());
            expireAndCompare(wheel, model, nowNs);
            assertTrue(jumps < capacity * 20, "progress in virtual time");
        }
    }

    private static long advance(long nowNs, TimerWheel wheel, Random random) {
        if (random.nextInt(4) == 0 && wheel.size() > 0) {
            return Math.max(nowNs, wheel.nextDeadlineNs() - random.nextInt(2));
        }
        return nowNs + (random.nextLong() >>> (20 + random.nextInt(44)));
    }

    private static void expireAndCompare(TimerWheel wheel, long[] model, long nowNs) {
        wheel.expire(
                nowNs,
                (id, now) -> {
                    assertEquals(nowNs, now);
                    assertTrue(model[id] <= nowNs, "fired " + (model[id] - nowNs) + " ns early");
                    model[id] = Long.MAX_VALUE;
                },
                Integer.MAX_VALUE);
        int scheduled = 0;
        for (int id = 0; id < model.length; id++) {
            assertTrue(model[id] > nowNs, "late: " + (nowNs - model[id]) + " ns");
            assertTrue(wheel.nextDeadlineNs() <= model[id], "next deadline is late");
            assertEquals(model[id] != Long.MAX_VALUE, wheel.isScheduled(id));
            scheduled += wheel.isScheduled(id) ? 1 : 0;
        }
        assertEquals(scheduled, wheel.size());
        assertTrue(wheel.nextDeadlineNs() > nowNs, "next deadline is not after now");
    }
}
