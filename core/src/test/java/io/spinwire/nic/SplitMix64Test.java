package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SplitMix64Test {
    @Test
    void shouldGiveTheGeneratorsSequenceWhenReadFromZero() {
        final SplittableRandom reference = new SplittableRandom(42); // the JDK's is the same generator
        for (int i = 0; i < 1_000; i++) {
            assertEquals(reference.nextLong(), SplitMix64.at(42, i));
        }
    }

    @Test
    void shouldHappenNeverForZeroAndAlwaysForOne() {
        final long never = SplitMix64.threshold(0);
        final long always = SplitMix64.threshold(1);
        assertFalse(SplitMix64.happens(0, never));
        assertTrue(SplitMix64.happens(-1, always));
        assertTrue(SplitMix64.happens(0, SplitMix64.threshold(0.000_001)));
    }

    @Test
    void shouldHappenAsOftenAsAskedWhenRepeated() {
        final long threshold = SplitMix64.threshold(0.05);
        int count = 0;
        for (int i = 0; i < 100_000; i++) {
            if (SplitMix64.happens(SplitMix64.at(3, i), threshold)) {
                count++;
            }
        }
        assertEquals(5_000, count, 300);
    }

    @Test
    void shouldStayBelowBoundWhenScaled() {
        assertEquals(0, SplitMix64.below(0, 10));
        assertEquals(9, SplitMix64.below(-1, 10));
        final int[] seen = new int[10];
        for (int i = 0; i < 10_000; i++) {
            seen[(int) SplitMix64.below(SplitMix64.at(5, i), 10)]++;
        }
        for (final int count : seen) {
            assertEquals(1_000, count, 150);
        }
    }
}
