package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class RequestClockTest {
    private static RequestClock clock(long warm, long durationNs) {
        return new RequestClock(new RequestPlan(new InetSocketAddress("127.0.0.1", 7), 10, 64, warm, durationNs));
    }

    @Test
    void shouldRecordOnlyWhatIsAnsweredAfterWarmingUp() {
        final RequestClock clock = clock(2, 1_000);
        final long nowNs = System.nanoTime();
        assertTrue(clock.onAnswer(nowNs, nowNs + 100));
        assertTrue(clock.onAnswer(nowNs, nowNs + 200));
        assertTrue(clock.onAnswer(nowNs + 200, nowNs + 700));
        assertFalse(clock.onAnswer(nowNs + 200, nowNs + 1_200));
        final RequestPlan.Result result = clock.result();
        assertEquals(2, result.answered());
        assertEquals(1_000, result.durationNs());
        assertEquals(1_000, result.histogram().getMaxValue());
    }

    @Test
    void shouldSendNothingMoreWhenTheTimeIsOver() {
        final RequestClock clock = clock(0, 100);
        final long nowNs = System.nanoTime();
        assertTrue(clock.onAnswer(nowNs, nowNs));
        assertFalse(clock.onAnswer(nowNs, nowNs + 100));
        assertTrue(clock.isDone());
        assertFalse(clock.onAnswer(nowNs, nowNs + 200));
        assertEquals(1, clock.result().answered());
    }
}
