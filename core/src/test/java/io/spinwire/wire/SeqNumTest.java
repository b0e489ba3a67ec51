package io.spinwire.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeqNumTest {
    /** Places where 32 bits wrap, signed or unsigned. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, -1, -5, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 12345})
    void shouldOrderByDistanceWhenNumbersWrap(int a) {
        for (final int ahead : new int[] {1, 2, 1_460, 1 << 30, 0x7FFF_FFFF}) {
            final int b = a + ahead;
            assertTrue(SeqNum.isBefore(a, b));
            assertTrue(SeqNum.isBeforeOrAt(a, b));
            assertFalse(SeqNum.isAfter(a, b));
            assertFalse(SeqNum.isAfterOrAt(a, b));
            assertFalse(SeqNum.isBefore(b, a));
            assertTrue(SeqNum.isAfter(b, a));
            assertTrue(SeqNum.isAfterOrAt(b, a));
            assertEquals(ahead, SeqNum.distance(a, b));
            assertEquals(-ahead, SeqNum.distance(b, a));
            assertEquals(b, SeqNum.max(a, b));
            assertEquals(b, SeqNum.max(b, a));
            assertEquals(a, SeqNum.min(a, b));
            assertEquals(a, SeqNum.min(b, a));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x7FFF_FFFF, 0x8000_0000})
    void shouldBeNeitherBeforeNorAfterWhenEqual(int a) {
        assertFalse(SeqNum.isBefore(a, a));
        assertFalse(SeqNum.isAfter(a, a));
        assertTrue(SeqNum.isBeforeOrAt(a, a));
        assertTrue(SeqNum.isAfterOrAt(a, a));
        assertTrue(SeqNum.isBetween(a, a, a));
        assertEquals(0, SeqNum.distance(a, a));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, -1, -50, 0x7FFF_FFFF, 0x8000_0000, 0x7FFF_FFD0})
    void shouldIncludeBothEndsWhenBetween(int low) {
        final int high = low + 100;
        assertTrue(SeqNum.isBetween(low, low, high));
        assertTrue(SeqNum.isBetween(low + 50, low, high));
        assertTrue(SeqNum.isBetween(high, low, high));
        assertFalse(SeqNum.isBetween(low - 1, low, high));
        assertFalse(SeqNum.isBetween(high + 1, low, high));
        assertFalse(SeqNum.isBetween(low + 0x8000_0000, low, high));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x7FFF_FFFF})
    void shouldContainNothingWhenRangeIsReversed(int low) {
        assertFalse(SeqNum.isBetween(low, low, low - 1));
        assertFalse(SeqNum.isBetween(low - 1, low, low - 1));
        assertFalse(SeqNum.isBetween(low + 5, low, low - 1));
    }
}
