package io.spinwire.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldGiveBurstThenRateWhenAskedWithoutPause() {
        final TokenBucket bucket = new TokenBucket(10, 3);
        int taken = 0;
        for (long now = -SECOND; now < 9 * SECOND; now += SECOND / 100) {
            taken += bucket.take(now) ? 1 : 0;
        }
        assertEquals(3 + 99, taken);
    }

    @Test
    void shouldFillUpToBurstOnlyWhenIdle() {
        final TokenBucket bucket = new TokenBucket(10, 3);
        bucket.take(0);
        int taken = 0;
        for (int i = 0; i < 10; i++) {
            taken += bucket.take(1000 * SECOND) ? 1 : 0;
        }
        assertEquals(3, taken);
    }

    @Test
    void shouldGiveNothingWhenRateIsZero() {
        assertFalse(new TokenBucket(0, 3).take(0));
    }

    @Test
    void shouldGiveOneAtATimeWhenBurstIsOne() {
        final TokenBucket bucket = new TokenBucket(1, 1);
        assertTrue(bucket.take(5));
        assertFalse(bucket.take(4 + SECOND));
        assertTrue(bucket.take(5 + SECOND));
    }

    @Test
    void shouldRefuseToBeMadeWhenOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(1_000_000_001, 1));
    }
}
