package io.spinwire.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FairnessTest {
    @Test
    void shouldBeOneWhenAllFlowsHaveAsMuch() {
        assertEquals(1, Fairness.jain(new long[] {7_000_000_000L, 7_000_000_000L, 7_000_000_000L}), 1e-12);
    }

    @Test
    void shouldBeOneOverTheNumberOfFlowsWhenOneHasAll() {
        assertEquals(0.25, Fairness.jain(new long[] {0, 0, 5, 0}), 1e-12);
    }

    @Test
    void shouldBeBetweenWhenSomeHaveMore() {
        assertEquals(16.0 / 20, Fairness.jain(new long[] {1, 3}), 1e-12);
    }

    @Test
    void shouldBeNoNumberWhenNothingCame() {
        assertEquals(Double.NaN, Fairness.jain(new long[] {0, 0}));
    }
}
