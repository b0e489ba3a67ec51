package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlineHeapTest {
    private static final int CAPACITY = 37;

    @Test
    void shouldHaveNoDeadlineWhenEmpty() {
        final DeadlineHeap heap = new DeadlineHeap(1);
        assertEquals(Long.MAX_VALUE, heap.earliestNs());
        heap.set(0, -5);
        assertEquals(-5, heap.earliestNs());
        heap.clear(0);
        heap.clear(0);
        assertEquals(Long.MAX_VALUE, heap.earliestNs());
    }

    @Test
    void shouldAgreeWithPlainSearchWhenSetAndClearedAtRandom() {
        final long seed = 4711;
        final SplittableRandom random = new SplittableRandom(seed);
        final DeadlineHeap heap = new DeadlineHeap(CAPACITY);
        final long[] model = new long[CAPACITY];
        Arrays.fill(model, Long.MAX_VALUE);
        for (int i = 0; i < 100_000; i++) {
            final int index = random.nextInt(CAPACITY);
            if (random.nextInt(3) == 0) {
                heap.clear(index);
                model[index] = Long.MAX_VALUE;
            } else {
                model[index] = random.nextLong(50);
                heap.set(index, model[index]);
            }
            final long expected = Arrays.stream(model).min().orElseThrow();
            assertEquals(expected, heap.earliestNs(), "seed " + seed + ", step " + i);
            if (expected != Long.MAX_VALUE) {
                assertEquals(expected, model[heap.earliest()], "seed " + seed + ", step " + i);
            }
        }
    }
}
