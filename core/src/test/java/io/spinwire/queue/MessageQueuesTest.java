package io.spinwire.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MessageQueuesTest {
    private final List<String> seen = new ArrayList<>();

    private void note(int type, int socketIndex, int generation, long argument) {
        seen.add(type + ":" + socketIndex + ":" + generation + ":" + argument);
    }

    @Test
    void shouldHandOverCommandsInOrderWhenPolled() {
        final CommandQueue queue = new CommandQueue(4);
        assertTrue(queue.offer(1, 2, 3, Long.MIN_VALUE));
        assertTrue(queue.offer(7, -1, -2, 5));
        assertFalse(queue.isEmpty());
        assertEquals(1, queue.poll(this::note, 1));
        assertEquals(1, queue.poll(this::note, 10));
        assertEquals(List.of("1:2:3:" + Long.MIN_VALUE, "7:-1:-2:5"), seen);
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.poll(this::note, 10));
    }

    @Test
    void shouldHoldItsLimitAndRefuseWhenFull() {
        for (final int limit : new int[] {1, 5, 100, 1000}) {
            final CommandQueue commands = new CommandQueue(limit);
            final EventQueue events = new EventQueue(limit);
            for (int round = 0; round < 50; round++) {
                for (int i = 0; i < limit; i++) {
                    assertTrue(commands.offer(1, i, 0, 0));
                    assertTrue(events.offer(1, i, 0, 0));
                }
                assertEquals(limit, drain(commands));
                assertEquals(limit, events.poll(this::note, Integer.MAX_VALUE) + events.poll(this::note, 9999));
            }
            int fitted = 0;
            while (commands.offer(1, 0, 0, 0)) {
                fitted++;
            }
            assertTrue(fitted >= limit && fitted < 3 * limit + 10);
        }
    }

    private int drain(CommandQueue commands) {
        int total = 0;
        while (!commands.isEmpty()) {
            total += commands.poll(this::note, Integer.MAX_VALUE);
        }
        return total;
    }

    @Test
    void shouldRefuseLimitWhenItIsNoSize() {
        assertThrows(IllegalArgumentException.class, () -> new CommandQueue(0));
        assertThrows(IllegalArgumentException.class, () -> new EventQueue(Integer.MAX_VALUE));
    }

    @Test
    void shouldPollOwnerOnceWhenItRangTwice() {
        final DoorbellQueue<String> queue = new DoorbellQueue<>(2);
        final Doorbell<String> bell = new Doorbell<>("a");
        assertTrue(queue.ring(bell));
        assertTrue(queue.ring(bell));
        assertFalse(queue.isEmpty());
        assertEquals("a", queue.poll());
        assertEquals(null, queue.poll());
        assertTrue(queue.ring(bell));
        assertEquals("a", queue.poll());
    }

    @Test
    void shouldSayFalseAndRingLaterWhenMadeForFewerBells() {
        final DoorbellQueue<Integer> queue = new DoorbellQueue<>(2);
        assertTrue(queue.ring(new Doorbell<>(1)));
        assertTrue(queue.ring(new Doorbell<>(2)));
        final Doorbell<Integer> third = new Doorbell<>(3);
        assertFalse(queue.ring(third));
        assertEquals(1, queue.poll());
        assertTrue(queue.ring(third));
    }

    @Test
    void shouldRefuseReferenceBeyondExactLimit() {
        final HandoverQueue<String> queue = new HandoverQueue<>(3);
        assertTrue(queue.offer("a") && queue.offer("b") && queue.offer("c"));
        assertTrue(queue.isFull());
        assertFalse(queue.offer("d"));
        assertEquals("a", queue.poll());
        assertEquals(2, queue.size());
        assertTrue(queue.offer("d"));
        assertThrows(IllegalArgumentException.class, () -> new HandoverQueue<>(0));
    }

    /** The whole shared path at once: bytes through a WriteQueue, announced by a doorbell, on two threads. */
    @Test
    void shouldDeliverAllBytesWhenWriterOnlyRingsAndReaderOnlyAnswers() throws InterruptedException {
        final long total = 2_000_000;
        final SlabPool slabs = new SlabPool(1 << 20);
        final WriteQueue queue = new WriteQueue(true);
        assertTrue(queue.borrowShared(slabs, 4096, 4096));
        final DoorbellQueue<WriteQueue> bells = new DoorbellQueue<>(1);
        final AtomicLong failures = new AtomicLong();
        final Thread writer = new Thread(new StreamWriter(queue, bells, total), "writer");
        writer.start();
        final StreamChecker reader = new StreamChecker(queue);
        final long giveUpNs = System.nanoTime() + 60_000_000_000L;
        while (reader.position < total && System.nanoTime() - giveUpNs < 0) {
            if (bells.poll() == queue) {
                failures.addAndGet(reader.readAll());
            } else {
                Thread.onSpinWait();
            }
        }
        assertEquals(total, reader.position, "a wake-up was lost");
        writer.join();
        assertEquals(0, failures.get());
    }
}
