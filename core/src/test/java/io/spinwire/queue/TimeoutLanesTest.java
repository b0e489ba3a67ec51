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

class TimeoutLanesTest {
    private final TimeoutLanes lanes = new TimeoutLanes(8, 1000, 300);
    private final List<Integer> fired = new ArrayList<>();

    private int expire(long nowNs) {
        return lanes.expire(nowNs, (id, now) -> fired.add(id), Integer.MAX_VALUE);
    }

    @Test
    void shouldFireInOrderOfDeadlinesWhenLanesDiffer() {
        lanes.add(0, 1, 0);
        lanes.add(1, 4, 50);
        lanes.add(0, 3, 100);
        lanes.add(1, 2, 500);
        assertEquals(350, lanes.nextDeadlineNs());
        assertEquals(0, expire(349));
        assertEquals(1, expire(350));
        assertEquals(3, expire(5000));
        assertEquals(List.of(4, 2, 1, 3), fired);
        assertEquals(Long.MAX_VALUE, lanes.nextDeadlineNs());
    }

    @Test
    void shouldWaitAnewWhenAddedAgain() {
        lanes.add(0, 1, 0);
        lanes.add(0, 2, 0);
        lanes.add(1, 1, 900);
        assertEquals(2, lanes.size());
        assertEquals(1, lanes.lane(1));
        assertEquals(1200, lanes.deadlineNs(1));
        assertEquals(2, lanes.first(0));
        assertEquals(1, expire(1100));
        assertEquals(1, expire(1200));
        assertEquals(List.of(2, 1), fired);
    }

    @Test
    void shouldForgetIdWhenRemoved() {
        lanes.add(0, 1, 0);
        lanes.remove(1);
        lanes.remove(1);
        assertFalse(lanes.contains(1));
        assertEquals(TimeoutLanes.NONE, lanes.first(0));
        assertEquals(0, expire(10_000));
    }

    @Test
    void shouldKeepRestWhenLimitIsReachedOrCapacityGrows() {
        lanes.add(0, 1, 0);
        lanes.add(0, 2, 0);
        lanes.ensureCapacity(100);
        lanes.add(0, 99, 0);
        assertEquals(2, lanes.expire(1000, (id, now) -> fired.add(id), 2));
        assertEquals(1000, lanes.nextDeadlineNs());
        assertEquals(1, expire(1000));
        assertEquals(List.of(1, 2, 99), fired);
    }

    @Test
    void shouldRefuseWhenThereIsNoLane() {
        assertThrows(IllegalArgumentException.class, () -> new TimeoutLanes(8));
    }

    @Test
    void shouldMatchModelWhenUsedAtRandom() {
        Seeds.forEach(TimeoutLanesTest::matchModel);
    }

    private static void matchModel(Random random) {
        final long[] timeouts = {60_000, 1_000, 2_000, 4_000};
        final TimeoutLanes lanes = new TimeoutLanes(50, timeouts);
        final long[] model = new long[50];
        Arrays.fill(model, Long.MAX_VALUE);
        long nowNs = random.nextInt() * 1000L;
        for (int step = 0; step < 3_000; step++) {
            final int id = random.nextInt(50);
            if (random.nextInt(3) == 0) {
                lanes.remove(id);
                model[id] = Long.MAX_VALUE;
            } else {
                final int lane = random.nextInt(timeouts.length);
                lanes.add(lane, id, nowNs);
                model[id] = nowNs + timeouts[lane];
            }
            nowNs += random.nextInt(500);
            final long now = nowNs;
            final long[] last = {Long.MIN_VALUE};
            lanes.expire(
                    now,
                    (due, at) -> {
                        assertTrue(model[due] <= now && model[due] >= last[0]);
                        last[0] = model[due];
                        model[due] = Long.MAX_VALUE;
                    },
                    Integer.MAX_VALUE);
            assertEquals(Arrays.stream(model).min().orElseThrow(), lanes.nextDeadlineNs());
            assertEquals(Arrays.stream(model).filter(at -> at != Long.MAX_VALUE).count(), lanes.size());
        }
    }
}
