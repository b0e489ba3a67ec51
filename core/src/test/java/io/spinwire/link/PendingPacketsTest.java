package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.hook.Drops;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PendingPacketsTest {
    private static final int SLOTS = 7;
    private static final int NEIGHBOURS = 4;
    private static final int MAX_PER_NEIGHBOUR = 3;

    private final Counters counters = new Counters();
    private final PendingPackets pending =
            new PendingPackets(SLOTS, 100, MAX_PER_NEIGHBOUR, NEIGHBOURS, new Drops(counters, new Hooks()));
    private final Frame frame = new Frame();
    private final Frame out = new Frame();

    @Test
    void shouldKeepLengthBytesAndSocketWhenMoved() {
        pending.claim(frame, 50);
        frame.buffer.setMemory(frame.networkOffset, 30, (byte) 5);
        frame.limit = frame.networkOffset + 30; // shorter than claimed
        frame.sock = 9;
        pending.commit(frame, 2);

        assertEquals(30, pending.firstLength(2));
        assertEquals(5, take(2));
        assertEquals(9, out.sock);
        assertTrue(pending.isEmpty(2));
    }

    @Test
    void shouldDropOldestOfAllWhenPoolIsFull() {
        final PendingPackets two = new PendingPackets(2, 100, 2, NEIGHBOURS, new Drops(counters, new Hooks()));
        for (int i = 0; i < 3; i++) {
            two.claim(frame, 20);
            two.commit(frame, i);
        }
        assertTrue(two.isEmpty(0));
        assertEquals(1, counters.get(DropReason.NEIGH_QUEUEFULL));
    }

    @Test
    void shouldRefuseToBeMadeWhenEmpty() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PendingPackets(0, 100, 1, 1, new Drops(counters, new Hooks())));
    }

    @Test
    void shouldAgreeWithPlainQueuesWhenUsedAtRandom() {
        final long seed = 815;
        final SplittableRandom random = new SplittableRandom(seed);
        final List<ArrayDeque<Integer>> model = new ArrayList<>();
        final ArrayDeque<Integer> age = new ArrayDeque<>(); // neighbour of each packet, oldest first
        for (int i = 0; i < NEIGHBOURS; i++) {
            model.add(new ArrayDeque<>());
        }
        for (int step = 0; step < 50_000; step++) {
            final int neighbour = random.nextInt(NEIGHBOURS);
            switch (random.nextInt(5)) {
                case 0 -> {
                    pending.claim(frame, 20);
                    dropOldestIfFull(model, age);
                    pending.abort();
                }
                case 1 -> {
                    if (!pending.isEmpty(neighbour)) {
                        assertEquals((int) model.get(neighbour).removeFirst(), take(neighbour), "step " + step);
                        age.removeFirstOccurrence(neighbour);
                    }
                }
                default -> {
                    dropOldestIfFull(model, age);
                    append(model, age, neighbour, step & 127);
                }
            }
            for (int i = 0; i < NEIGHBOURS; i++) {
                assertEquals(model.get(i).isEmpty(), pending.isEmpty(i), "seed " + seed + ", step " + step);
            }
        }
        for (int i = 0; i < NEIGHBOURS; i++) {
            pending.dropAll(i, DropReason.NEIGH_FAILED);
            assertTrue(pending.isEmpty(i));
        }
    }

    private void append(List<ArrayDeque<Integer>> model, ArrayDeque<Integer> age, int neighbour, int mark) {
        pending.claim(frame, 20);
        frame.buffer.setMemory(frame.networkOffset, 20, (byte) mark);
        pending.commit(frame, neighbour);
        if (model.get(neighbour).size() == MAX_PER_NEIGHBOUR) {
            model.get(neighbour).removeFirst();
            age.removeFirstOccurrence(neighbour);
        }
        model.get(neighbour).addLast(mark);
        age.addLast(neighbour);
    }

    private static void dropOldestIfFull(List<ArrayDeque<Integer>> model, ArrayDeque<Integer> age) {
        if (age.size() == SLOTS) {
            model.get(age.removeFirst()).removeFirst();
        }
    }

    private int take(int neighbour) {
        out.buffer = new UnsafeBuffer(new byte[100]);
        out.networkOffset = 0;
        pending.moveFirst(neighbour, out);
        return out.buffer.getByte(0);
    }
}
