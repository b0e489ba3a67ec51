package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.wire.SeqNum;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtxQueueTest {
    private final SlabPool slabs = new SlabPool(1 << 20);

    @Test
    void shouldBorrowNothingWhenFewSegmentsAreInFlight() {
        final RtxQueue queue = new RtxQueue(slabs, 1000);
        for (int i = 0; i < RtxQueue.OWN_RECORDS; i++) {
            assertTrue(queue.add(i * 10, i * 10 + 10, i, 0));
        }
        assertEquals(0, slabs.bytesInUse());
        assertTrue(queue.add(80, 90, 8, 0));
        assertEquals(4096, slabs.bytesInUse());
        while (!queue.isEmpty()) {
            queue.removeFirst();
        }
        assertEquals(0, slabs.bytesInUse());
    }

    @Test
    void shouldRefuseWhenLimitIsReached() {
        final RtxQueue queue = new RtxQueue(slabs, 20);
        for (int i = 0; i < 20; i++) {
            assertTrue(queue.add(i, i + 1, 0, 0));
        }
        assertFalse(queue.ensureRoom());
        assertFalse(queue.add(20, 21, 0, 0));
        assertEquals(20, queue.size());
        queue.removeFirst();
        assertTrue(queue.add(20, 21, 0, 0));
    }

    @Test
    void shouldRefuseWhenSlabsRunOut() {
        final SlabPool small = new SlabPool(4096);
        small.allocate(1);
        final RtxQueue queue = new RtxQueue(small, 1000);
        for (int i = 0; i < RtxQueue.OWN_RECORDS; i++) {
            assertTrue(queue.add(i, i + 1, 0, 0));
        }
        assertFalse(queue.add(8, 9, 0, 0));
    }

    @Test
    void shouldFindRecordAcrossWrapOfSequenceNumbers() {
        final RtxQueue queue = new RtxQueue(slabs, 100);
        final int start = Integer.MAX_VALUE - 25;
        for (int i = 0; i < 6; i++) {
            assertTrue(queue.add(start + i * 10, start + i * 10 + 10, i, 0));
        }
        assertEquals(0, queue.find(start));
        assertEquals(2, queue.find(start + 29));
        assertEquals(3, queue.find(start + 30));
        assertEquals(RtxQueue.NOT_FOUND, queue.find(start - 1));
        assertEquals(RtxQueue.NOT_FOUND, queue.find(start + 60));
    }

    @Test
    void shouldGiveFlagsToTheirEndsWhenSplit() {
        final RtxQueue queue = new RtxQueue(slabs, 100);
        assertTrue(queue.add(100, 200, 7, RtxQueue.SYN | RtxQueue.FIN | RtxQueue.LOST));
        queue.markRetransmitted(0, 9);
        assertTrue(queue.split(0, 150));
        final int history = RtxQueue.LOST | RtxQueue.RETRANSMITTED | RtxQueue.EVER_RETRANSMITTED;
        assertEquals(RtxQueue.SYN | history, queue.flags(0));
        assertEquals(RtxQueue.FIN | history, queue.flags(1));
        assertEquals(9, queue.sentNs(1));
        assertEquals(1, queue.retransmissions(1));
        assertEquals(150, queue.endSeq(0));
        assertEquals(150, queue.seq(1));
        assertEquals(200, queue.endSeq(1));
        queue.trimFirst(120);
        assertEquals(history, queue.flags(0));
    }

    @Test
    void shouldRefuseLimitWhenItDoesNotFitLargestSlab() {
        assertThrows(IllegalArgumentException.class, () -> new RtxQueue(slabs, 0));
        assertThrows(IllegalArgumentException.class, () -> new RtxQueue(slabs, Integer.MAX_VALUE));
    }

    @Test
    void shouldMatchListWhenUsedAtRandom() {
        Seeds.forEach(this::matchList);
    }

    private void matchList(Random random) {
        final RtxQueue queue = new RtxQueue(slabs, 700);
        final List<int[]> model = new ArrayList<>();
        int next = random.nextInt();
        for (int step = 0; step < 3_000; step++) {
            final int size = model.size();
            final int action = random.nextInt(8);
            if (action < 4 - (step / 1000)) {
                final int end = next + 1 + random.nextInt(1460);
                if (queue.add(next, end, step, 0)) {
                    model.add(new int[] {next, end, step});
                    next = end;
                } else {
                    assertEquals(700, size);
                }
            } else if (size > 0 && action < 6) {
                queue.removeFirst();
                model.removeFirst();
            } else if (size > 0 && action == 6) {
                final int[] first = model.getFirst();
                final int to = first[0] + random.nextInt(first[1] - first[0]);
                queue.trimFirst(to);
                first[0] = to;
            } else if (size > 0 && size < 700) {
                splitOne(queue, model, random.nextInt(size), random);
            }
            if (step % 50 == 0) {
                assertSame(queue, model);
            }
        }
        assertSame(queue, model);
        queue.clear();
        assertEquals(0, slabs.checkInvariants());
    }

    private static void splitOne(RtxQueue queue, List<int[]> model, int index, Random random) {
        final int[] whole = model.get(index);
        if (whole[1] - whole[0] < 2) {
            return;
        }
        final int at = whole[0] + 1 + random.nextInt(whole[1] - whole[0] - 1);
        assertTrue(queue.split(index, at));
        model.add(index + 1, new int[] {at, whole[1], whole[2]});
        whole[1] = at;
    }

    private static void assertSame(RtxQueue queue, List<int[]> model) {
        assertEquals(model.size(), queue.size());
        for (int i = 0; i < model.size(); i++) {
            assertEquals(model.get(i)[0], queue.seq(i));
            assertEquals(model.get(i)[1], queue.endSeq(i));
            assertEquals(model.get(i)[2], queue.sentNs(i));
            assertEquals(i, queue.find(queue.endSeq(i) - 1));
            assertTrue(i == 0 || SeqNum.isAfterOrAt(queue.seq(i), queue.endSeq(i - 1)));
        }
    }

    // ---- The order in which they were sent ----

    /** What happens to the records of a long life, beside a list of first numbers in the order they were sent. */
    @Test
    void shouldListRecordsByTimeSentWhenUsedAtRandom() {
        final Random random = new Random(5);
        final SlabPool slabs = new SlabPool(1 << 20);
        final RtxQueue queue = new RtxQueue(slabs, 64);
        final List<Integer> order = new ArrayList<>();
        int next = Integer.MAX_VALUE - 5000;
        for (int step = 0; step < 20_000; step++) {
            final int index = queue.isEmpty() ? 0 : random.nextInt(queue.size());
            switch (queue.isEmpty() ? 0 : random.nextInt(7)) {
                case 0, 1 -> {
                    if (queue.add(next, next + 20, step, 0)) {
                        order.add(next);
                        next += 20;
                    }
                }
                case 2 -> {
                    order.remove((Integer) queue.seq(0));
                    queue.removeFirst();
                }
                case 3 -> {
                    order.remove((Integer) queue.seq(index));
                    order.add(queue.seq(index));
                    queue.markRetransmitted(index, step);
                }
                case 4 -> {
                    order.remove((Integer) queue.seq(index));
                    queue.unlist(index);
                }
                case 5 -> splitInOrder(queue, order, index);
                default -> mergeInOrder(queue, order, index);
            }
            assertOrder(queue, order);
        }
        queue.clear();
        assertEquals(0, slabs.checkInvariants());
    }

    private static void splitInOrder(RtxQueue queue, List<Integer> order, int index) {
        final int seq = queue.seq(index);
        if (queue.endSeq(index) - seq > 1 && queue.split(index, seq + 1) && order.contains(seq)) {
            order.add(order.indexOf(seq) + 1, seq + 1);
        }
    }

    private static void mergeInOrder(RtxQueue queue, List<Integer> order, int index) {
        if (index + 1 < queue.size()) {
            order.remove((Integer) queue.seq(index + 1));
            queue.merge(index);
        }
    }

    private static void assertOrder(RtxQueue queue, List<Integer> order) {
        int index = queue.firstSent();
        for (final int seq : order) {
            assertEquals(seq, queue.seq(index));
            index = queue.sentAfter(index);
        }
        assertEquals(RtxQueue.NOT_FOUND, index);
        for (int i = 1; i < queue.size(); i++) {
            assertEquals(queue.endSeq(i - 1), queue.seq(i));
        }
    }
}
