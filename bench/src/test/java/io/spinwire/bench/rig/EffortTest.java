package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EffortTest {
    @Test
    void shouldCutAFullRoundIntoSlicesOfHalfASecond() {
        final Effort full = Effort.full(step -> {});
        assertEquals(500, full.sliceMs());
        assertEquals(full.roundMs(), full.slices() * full.sliceMs());
        assertEquals(full.warmUpWork(), full.slices() * full.sliceWarmUpWork());
        assertEquals(full.roundS() + 7 * Effort.CHANGE_S, full.slicedRoundS(), 1e-9);
    }

    @Test
    void shouldMeasureARoundInOneGoWhenQuick() {
        final Effort quick = Effort.quick(step -> {});
        assertEquals(quick.roundMs(), quick.sliceMs());
        assertEquals(quick.warmUpWork(), quick.sliceWarmUpWork());
        assertEquals(quick.roundS(), quick.slicedRoundS());
    }
}
