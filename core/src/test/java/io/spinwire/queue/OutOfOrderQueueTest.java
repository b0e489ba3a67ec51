package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutOfOrderQueueTest {
    private final OutOfOrderQueue queue = new OutOfOrderQueue(4);

    @Test
    void shouldMergeWhenRangesTouchOrOverlap() {
        assertEquals(OutOfOrderQueue.ADDED, queue.add(100, 200));
        assertEquals(OutOfOrderQueue.ADDED, queue.add(300, 400));
        assertEquals(OutOfOrderQueue.MERGED, queue.add(200, 250));
        assertEquals(OutOfOrderQueue.MERGED, queue.add(240, 310));
        assertEquals(1, queue.size());
        assertEquals(100, queue.start(0));
        assertEquals(400, queue.end(0));
    }

    @Test
    void shouldSayDuplicateWhenEveryByteIsKnown() {
        queue.add(100, 200);
        assertEquals(OutOfOrderQueue.DUPLICATE, queue.add(100, 200));
        assertEquals(OutOfOrderQueue.DUPLICATE, queue.add(150, 151));
    }

    @Test
    void shouldRefuseNewRangeAndStillMergeWhenFull() {
        for (int i = 0; i < 4; i++) {
            assertEquals(OutOfOrderQueue.ADDED, queue.add(i * 100, i * 100 + 10));
        }
        assertEquals(OutOfOrderQueue.FULL, queue.add(450, 460));
        assertEquals(OutOfOrderQueue.FULL, queue.add(50, 60));
        assertEquals(OutOfOrderQueue.MERGED, queue.add(10, 20));
        assertEquals(OutOfOrderQueue.MERGED, queue.add(0, 1000));
        assertEquals(1, queue.size());
    }

    @Test
    void shouldDeliverThroughRangesWhenRcvNxtReachesThem() {
        queue.add(100, 200);
        queue.add(300, 400);
        assertEquals(50, queue.advance(50));
        assertEquals(200, queue.advance(100));
        assertEquals(400, queue.advance(350));
        assertTrue(queue.isEmpty());
        assertEquals(500, queue.advance(500));
    }

    @Test
    void shouldForgetRangeWhenRcvNxtPassesIt() {
        queue.add(100, 200);
        assertEquals(250, queue.advance(250));
        assertTrue(queue.isEmpty());
    }

    @Test
    void shouldSayWhatIsKnownWhenASegmentOverlaps() {
        queue.add(100, 200);
        assertFalse(queue.hasKnown());
        queue.add(200, 210);
        assertFalse(queue.hasKnown());
        queue.add(300, 400);
        queue.add(210, 310);
        assertEquals(300, queue.knownStart());
        assertEquals(310, queue.knownEnd());
        queue.add(50, 500);
        assertEquals(100, queue.knownStart());
        assertEquals(400, queue.knownEnd());
        queue.advance(120);
        assertEquals(50, queue.knownStart());
        assertEquals(120, queue.knownEnd());
        queue.advance(600);
        assertFalse(queue.hasKnown());
    }

    @Test
    void shouldNotBeEmptyWhenOnlyAFinWaits() {
        queue.noteFin(100);
        assertFalse(queue.isEmpty());
        assertEquals(100, queue.finSeq());
        queue.forgetFin();
        assertTrue(queue.isEmpty());
    }

    @Test
    void shouldTellOfTheLatestBlockFirst() {
        final SackBlocks blocks = queue.sackBlocks;
        for (int i = 1; i <= 6; i++) {
            blocks.add(i * 100, i * 100 + 10);
        }
        assertBlocks(600, 610, 500, 510, 400, 410, 300, 310);
        blocks.add(400, 410);
        assertBlocks(400, 410, 600, 610, 500, 510, 300, 310);
        blocks.add(410, 500);
        assertBlocks(400, 510, 600, 610, 300, 310);
        blocks.add(110, 190); // what was pushed out is forgotten
        assertBlocks(110, 190, 400, 510, 600, 610, 300, 310);
        queue.advance(300);
        assertBlocks(400, 510, 600, 610);
    }

    private void assertBlocks(int... startsAndEnds) {
        final SackBlocks blocks = queue.sackBlocks;
        assertEquals(startsAndEnds.length / 2, blocks.size());
        for (int i = 0; i < blocks.size(); i++) {
            assertEquals(startsAndEnds[2 * i], blocks.start(i));
            assertEquals(startsAndEnds[2 * i + 1], blocks.end(i));
        }
    }

    @Test
    void shouldRefuseLimitWhenBelowOne() {
        assertThrows(IllegalArgumentException.class, () -> new OutOfOrderQueue(0));
    }

    @Test
    void shouldMatchBitSetWhenUsedAtRandomAcrossTheWrap() {
        Seeds.forEach(OutOfOrderQueueTest::matchBitSet);
    }

    private static void matchBitSet(Random random) {
        final int limit = 1 + random.nextInt(40);
        final OutOfOrderQueue queue = new OutOfOrderQueue(limit);
        final BitSet model = new BitSet();
        final int origin = Integer.MAX_VALUE - random.nextInt(4000);
        int next = 0;
        for (int step = 0; step < 800; step++) {
            final int start = next + 1 + random.nextInt(2000);
            final int end = start + 1 + random.nextInt(60);
            final int known = model.get(start, end).cardinality();
            final int result = queue.add(origin + start, origin + end);
            assertEquals(known == end - start, result == OutOfOrderQueue.DUPLICATE);
            if (result != OutOfOrderQueue.FULL) {
                model.set(start, end);
            } else {
                assertEquals(limit, queue.size());
                assertEquals(0, known);
            }
            if (random.nextInt(10) == 0) {
                next += random.nextInt(200);
                final int reached = model.get(next) ? model.nextClearBit(next) : next;
                // a range that ends exactly at rcvNxt is passed, one that begins there is delivered
                assertEquals(origin + reached, queue.advance(origin + next));
                next = reached;
                model.clear(0, next);
            }
            assertSame(queue, model, origin);
        }
    }

    private static void assertSame(OutOfOrderQueue queue, BitSet model, int origin) {
        int from = 0;
        for (int i = 0; i < queue.size(); i++) {
            final int start = model.nextSetBit(from);
            assertEquals(origin + start, queue.start(i));
            from = model.nextClearBit(start);
            assertEquals(origin + from, queue.end(i));
        }
        assertEquals(-1, model.nextSetBit(from));
    }
}
