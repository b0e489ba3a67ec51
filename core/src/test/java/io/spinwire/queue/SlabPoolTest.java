package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
    private static final int MIB = 1 << 20;

    @Test
    void shouldLendClassOfAtLeastRequestWhenRequestIsBetweenClasses() {
        final SlabPool pool = new SlabPool(8 * MIB);
        assertEquals(4096, pool.capacity(pool.allocate(1)));
        assertEquals(4096, pool.capacity(pool.allocate(4096)));
        assertEquals(8192, pool.capacity(pool.allocate(4097)));
        assertEquals(MIB, pool.capacity(pool.allocate(MIB)));
        assertEquals(4096 + 4096 + 8192 + MIB, pool.bytesInUse());
        assertEquals(pool.bytesInUse(), pool.checkInvariants());
    }

    @Test
    void shouldRefuseWhenLimitIsReachedAndLendAgainWhenBlocksReturn() {
        final SlabPool pool = new SlabPool(64 * 1024);
        final long[] handles = new long[16];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = pool.allocate(4096);
            assertNotEquals(SlabPool.EXHAUSTED, handles[i]);
        }
        assertEquals(SlabPool.EXHAUSTED, pool.allocate(1));
        for (final long handle : handles) {
            pool.free(handle);
        }
        assertEquals(0, pool.bytesInUse());
        assertNotEquals(SlabPool.EXHAUSTED, pool.allocate(64 * 1024), "free blocks merge when they have to");
    }

    @Test
    void shouldRefuseWhenRequestIsOverLargestClass() {
        assertEquals(SlabPool.EXHAUSTED, new SlabPool(1L << 40).allocate(SlabPool.LARGEST_CLASS + 1));
    }

    @Test
    void shouldLendLargestClassWhenLimitAllows() {
        final SlabPool pool = new SlabPool(SlabPool.LARGEST_CLASS);
        final long handle = pool.allocate(SlabPool.LARGEST_CLASS);
        assertEquals(SlabPool.LARGEST_CLASS, pool.capacity(handle));
        pool.free(handle);
        assertEquals(0, pool.checkInvariants());
    }

    @Test
    void shouldSayWhatToRaiseWhenReserveIsOverLimit() {
        final IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> new SlabPool(5 * MIB).reserve(6 * MIB));
        assertTrue(refusal.getMessage().contains("of " + 6 * MIB), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new SlabPool(4095));
    }

    @Test
    void shouldNotMakeArenasWhenReservedBefore() {
        final SlabPool pool = new SlabPool(8 * MIB);
        pool.reserve(8 * MIB);
        assertEquals(8 * MIB, pool.reservedBytes());
        assertNotEquals(SlabPool.EXHAUSTED, pool.allocate(4 * MIB));
        assertNotEquals(SlabPool.EXHAUSTED, pool.allocate(4 * MIB));
        assertEquals(SlabPool.EXHAUSTED, pool.allocate(4096));
    }

    @Test
    void shouldKeepBlocksApartWhenLentAndReturnedAtRandom() {
        Seeds.forEach(random -> {
            final SlabPool pool = new SlabPool(6 * MIB + random.nextInt(4 * MIB));
            final List<long[]> lent = new ArrayList<>();
            final UnsafeBuffer block = new UnsafeBuffer(0, 0);
            for (int step = 0; step < 2_000; step++) {
                if (random.nextInt(5) < 3) {
                    final long handle = pool.allocate(1 + random.nextInt(1 << (10 + random.nextInt(11))));
                    if (handle != SlabPool.EXHAUSTED) {
                        pool.wrap(handle, block);
                        block.putLong(0, step);
                        block.putLong(block.capacity() - 8, step);
                        lent.add(new long[] {handle, step});
                    }
                } else if (!lent.isEmpty()) {
                    final long[] entry = lent.remove(random.nextInt(lent.size()));
                    pool.wrap(entry[0], block);
                    assertEquals(entry[1], block.getLong(0));
                    assertEquals(entry[1], block.getLong(block.capacity() - 8));
                    pool.free(entry[0]);
                }
            }
            assertEquals(pool.bytesInUse(), pool.checkInvariants());
            lent.forEach(entry -> pool.free(entry[0]));
            assertEquals(0, pool.checkInvariants());
            assertFalse(pool.allocate(4 * MIB) == SlabPool.EXHAUSTED, "all is merged again");
        });
    }
}
