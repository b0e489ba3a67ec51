package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class EndFiguresTest {
    @Test
    void shouldTellTheDifferenceWhenSomethingWasCountedMeanwhile() {
        final EndFigures before = EndFigures.parse("rx_ring_full=3 kicks=10 TcpOutSegs=100 drops=0");
        final EndFigures after = EndFigures.parse("rx_ring_full=5 kicks=30 TcpOutSegs=900 drops=1");
        assertEquals(2, after.since(before, "rx_ring_full"));
        assertEquals(800, after.since(before, "TcpOutSegs"));
        assertTrue(after.has("kicks"));
    }

    @Test
    void shouldCountFromNothingWhenAnEndToldNothingBefore() {
        final EndFigures after = EndFigures.parse("rx_dropped=7 words without=meaning");
        assertEquals(7, after.since(EndFigures.parse(""), "rx_dropped"));
        assertFalse(after.has("without"));
    }
}
