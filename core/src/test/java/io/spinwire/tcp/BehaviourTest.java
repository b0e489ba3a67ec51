package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Goodput and retransmissions over all kinds of paths are those of the table that is kept beside the tests. */
class BehaviourTest {

    private static Map<String, String> recorded() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                BehaviourTest.class.getResourceAsStream("/behaviour/goodput.csv"), StandardCharsets.UTF_8))) {
            return BehaviourTable.parse(lines.lines());
        }
    }

    @Test
    void shouldBehaveAsRecordedWhenPathsLoseDelayAndQueue() throws IOException {
        final Map<String, String> now = BehaviourTable.cells().parallelStream()
                .collect(Collectors.toMap(
                        BehaviourTable.Cell::key, BehaviourTable.Cell::measure, (a, b) -> a, TreeMap::new));
        final List<String> changes = BehaviourTable.differences(recorded(), now);
        assertEquals(
                List.of(),
                changes,
                () -> "behaviour has changed; if it is as wanted, make behaviour ARGS=--write and commit:\n"
                        + String.join("\n", changes) + "\n");
    }

    @Test
    void shouldNameWhatHasChangedWhenTablesDiffer() {
        final Map<String, String> before = Map.of("1.0,40,reno,1.0", "2000,40,1", "0.0,40,reno,1.0", "18000,0,0");
        final Map<String, String> now = Map.of("1.0,40,reno,1.0", "1500,60,3", "5.0,40,reno,1.0", "700,9,2");
        final List<String> changes = BehaviourTable.differences(before, new TreeMap<>(now));
        assertEquals(
                List.of(
                        "1.0,40,reno,1.0: 2000 kbit/s, 40 retransmitted, 1 timeouts -> "
                                + "1500 kbit/s, 60 retransmitted, 3 timeouts (-25.0 %)",
                        "5.0,40,reno,1.0: new, 700 kbit/s, 9 retransmitted, 2 timeouts", "0.0,40,reno,1.0: is gone"),
                changes);
    }
}
