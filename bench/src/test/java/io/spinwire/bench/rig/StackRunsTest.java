package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StackRunsTest {
    @Test
    void shouldCountAllDataPathsWhenNoneAllocates() {
        assertEquals(
                "0 B/op on 2 of 2 data paths",
                StackRuns.allocations(Map.of("sockets offer", 0.0, "P5 roundTrip", 0.0)));
    }

    @Test
    void shouldNameDataPathsWhenTheyAllocate() {
        final Map<String, Double> paths = new TreeMap<>(Map.of("a in", 24.0, "b out", 0.0, "c unknown", Double.NaN));
        assertEquals("0 B/op on 1 of 3 data paths, not on: a in (24.0), c unknown (NaN)", StackRuns.allocations(paths));
    }
}
