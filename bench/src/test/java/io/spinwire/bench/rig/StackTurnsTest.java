package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.bench.record.Ratio;
import io.spinwire.bench.record.RunFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTurnsTest {
    @TempDir
    Path out;

    private RunFolder folder;
    private StackTurns turns;

    @BeforeEach
    void start() {
        folder = RunFolder.create(out);
        turns = new StackTurns(folder, Effort.quick(step -> {}), null);
    }

    @Test
    void shouldDivideMediansOfAllSlices() {
        turns.add("roundTrip", 1, 600, 300);
        turns.add("roundTrip", 2, 6_000, 320);
        turns.add("roundTrip", 3, 608, 3_000);
        turns.conclude("roundTrip");
        final Ratio ratio = folder.ratios().getFirst();
        assertEquals("round trip of the stack alone / lwIP's 320.0 ns", ratio.what());
        assertEquals(1.9, ratio.value());
    }

    @Test
    void shouldDivideByTheReferenceMachineWhenLwIpCannotBeRun() {
        turns.add("roundTrip", 1, 206, Double.NaN);
        turns.add("bulk", 1, 29, Double.NaN);
        turns.conclude("roundTrip");
        turns.conclude("bulk");
        assertEquals(
                List.of(
                        "round trip of the stack alone / lwIP's 412.0 ns on the reference machine",
                        "bulk of the stack alone / lwIP's 14.5 Gbit/s on the reference machine"),
                folder.ratios().stream().map(Ratio::what).toList());
        assertEquals(
                List.of(0.5, 2.0), folder.ratios().stream().map(Ratio::value).toList());
    }
}
