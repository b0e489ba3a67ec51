package io.spinwire.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void shouldBeMetAtItsBound() {
        assertTrue(Ratio.of("P1", "x", 0.55, "<= 0.55").isMet());
        assertFalse(Ratio.of("P1", "x", 0.5501, "<= 0.55").isMet());
        assertTrue(Ratio.of("P9", "x", 3.0, ">= 3.0").isMet());
        assertFalse(Ratio.of("P9", "x", 2.99, ">= 3.0").isMet());
    }

    @Test
    void shouldRefuseGoalWithoutDirection() {
        assertThrows(IllegalArgumentException.class, () -> Ratio.of("P1", "x", 1, "== 1"));
    }

    @Test
    void shouldSortByNumberOfTarget() {
        final List<String> ids = Stream.of("P10", "P4j", "P2", "P4")
                .map(id -> Ratio.of(id, "x", 1, "<= 1"))
                .sorted(Comparator.comparing(Ratio::order))
                .map(Ratio::id)
                .toList();
        assertEquals(List.of("P2", "P4", "P4j", "P10"), ids);
    }

    @Test
    void shouldLeaveValueEmptyWhenItWasNotMeasured() {
        final Ratio missing = Ratio.missing("P7", "no \"testpmd\"\nand more");
        assertFalse(missing.isMet());
        assertEquals(
                List.of(
                        "id,what,value,goal,met",
                        "P3,\"a / b\",0.850,<= 0.75,no",
                        "P7,\"not measured: no 'testpmd'\",,,no"),
                Ratio.table(List.of(Ratio.of("P3", "a / b", 0.85, "<= 0.75"), missing)));
    }
}
