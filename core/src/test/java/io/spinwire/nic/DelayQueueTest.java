package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayQueueTest {
    private record Entry(long dueNs, long order, int slot) {}

    @Test
    void shouldGiveOutByDueTimeThenByEntryWhenMixed() {
        final DelayQueue queue = new DelayQueue(4, 64);
        final int first = add(queue, 20);
        final int second = add(queue, 10);
        final int third = add(queue, 20);
        final int fourth = add(queue, 10);

        assertEquals(DelayQueue.NONE, queue.take());
        assertEquals(10, queue.firstDueNs());
        assertEquals(List.of(second, fourth, first, third), drain(queue));
        assertEquals(Long.MAX_VALUE, queue.firstDueNs());
        assertEquals(4, queue.freeCount());
    }

    @Test
    void shouldDropOnlyWhatIsQueuedWhenAskedByOrder() {
        final DelayQueue queue = new DelayQueue(4, 64);
        final int first = add(queue, 1);
        add(queue, 2);
        final int third = add(queue, 3);

        assertTrue(queue.drop(1));
        assertFalse(queue.drop(1));
        assertFalse(queue.drop(3));
        assertEquals(List.of(first, third), drain(queue));
    }

    @Test
    void shouldAgreeWithSortedListWhenUsedAtRandom() {
        final DelayQueue queue = new DelayQueue(50, 64);
        final List<Entry> model = new ArrayList<>();
        final Comparator<Entry> byDue = Comparator.comparingLong(Entry::dueNs).thenComparingLong(Entry::order);
        for (int step = 0; step < 50_000; step++) {
            final long bits = SplitMix64.at(7, step);
            final int action = (int) SplitMix64.below(bits, 5);
            final long choice = SplitMix64.next(bits);
            if (action < 3 && model.size() < 50) {
                final long dueNs = SplitMix64.below(choice, 40);
                final long order = queue.nextOrder();
                model.add(new Entry(dueNs, order, add(queue, dueNs)));
            } else if (action == 3 && !model.isEmpty()) {
                model.sort(byDue);
                final Entry first = model.removeFirst();
                assertEquals(first.dueNs, queue.firstDueNs());
                assertEquals(first.slot, queue.firstSlot());
                queue.removeFirst();
                queue.giveBack(first.slot);
            } else if (!model.isEmpty()) {
                final Entry gone = model.remove((int) SplitMix64.below(choice, model.size()));
                assertTrue(queue.drop(gone.order));
            }
            assertEquals(model.size(), queue.size());
            assertEquals(50 - model.size(), queue.freeCount());
        }
    }

    @Test
    void shouldSayWhatDoesNotFitWhenTooLarge() {
        assertTrue(assertThrows(NicException.class, () -> new DelayQueue(1 << 20, 9018))
                .getMessage()
                .contains("2 GiB"));
    }

    private static int add(DelayQueue queue, long dueNs) {
        final int slot = queue.take();
        queue.add(slot, 60, dueNs);
        return slot;
    }

    private static List<Integer> drain(DelayQueue queue) {
        final List<Integer> slots = new ArrayList<>();
        while (queue.size() > 0) {
            slots.add(queue.firstSlot());
            queue.giveBack(queue.firstSlot());
            queue.removeFirst();
        }
        return slots;
    }
}
