package io.spinwire.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What routers have said of paths: lower only, for ten minutes, within bounds. */
class PathMtuCacheTest {
    private static final int A = 0x0A00_0001;
    private static final int B = 0x0A00_0002;
    private static final long NOW = 5_000_000_000L;

    private final PathMtuCache cache = new PathMtuCache();

    @Test
    void shouldKnowNothingWhenNothingWasSaid() {
        assertEquals(PathMtuCache.UNKNOWN, cache.mtu(A));
        assertEquals(PathMtuCache.UNKNOWN, cache.mtu(0));
        assertFalse(cache.isLocked(A));
    }

    @Test
    void shouldKeepItByDestinationWhenARouterTells() {
        final int generation = cache.generation();
        cache.learn(A, 1400, 1500, NOW);
        assertEquals(1400, cache.mtu(A));
        assertEquals(PathMtuCache.UNKNOWN, cache.mtu(B));
        assertNotEquals(generation, cache.generation());
    }

    @Test
    void shouldNotGrowWhenARouterTellsOfMore() {
        cache.learn(A, 1400, 1500, NOW);
        final int generation = cache.generation();
        cache.learn(A, 1450, 1400, NOW);
        cache.learn(B, 1501, 1500, NOW);
        assertEquals(1400, cache.mtu(A));
        assertEquals(PathMtuCache.UNKNOWN, cache.mtu(B));
        assertEquals(generation, cache.generation());
    }

    @Test
    void shouldStopAtTheLeastWhenARouterTellsOfLessOrNothing() {
        cache.learn(A, 300, 1500, NOW);
        cache.learn(B, 0, 1500, NOW);
        assertEquals(552, cache.mtu(A));
        assertTrue(cache.isLocked(A));
        assertEquals(552, cache.mtu(B));
        assertTrue(cache.isLocked(B));
    }

    @Test
    void shouldForgetWhenTenMinutesHavePassed() {
        cache.learn(A, 1400, 1500, NOW);
        cache.learn(B, 1300, 1500, NOW + 1_000);
        final int generation = cache.generation();
        cache.expire(NOW + PathMtuCache.EXPIRES_NS - 1);
        assertEquals(generation, cache.generation());
        cache.expire(NOW + PathMtuCache.EXPIRES_NS);
        assertEquals(PathMtuCache.UNKNOWN, cache.mtu(A));
        assertEquals(1300, cache.mtu(B));
        cache.expire(NOW + PathMtuCache.EXPIRES_NS + 1_000);
        assertEquals(PathMtuCache.UNKNOWN, cache.mtu(B));
    }

    @Test
    void shouldHoldTenMinutesMoreWhenToldAgain() {
        cache.learn(A, 1400, 1500, NOW);
        cache.learn(A, 1400, 1400, NOW + 1_000);
        cache.expire(NOW + PathMtuCache.EXPIRES_NS);
        assertEquals(1400, cache.mtu(A));
    }

    @Test
    void shouldStayBoundedWhenManyPathsAreTold() {
        for (int i = 0; i < 100_000; i++) {
            cache.learn(i, 1000, 1500, NOW + i);
        }
        int known = 0;
        for (int i = 0; i < 100_000; i++) {
            known += cache.mtu(i) == 1000 ? 1 : 0;
        }
        assertTrue(known <= 2048 && known > 1500, known + " entries");
        assertEquals(1000, cache.mtu(99_999)); // the oldest went
    }
}
