package io.spinwire.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadlineTest {
    private static final List<Ratio> RATIOS = List.of(
            Ratio.of("P1", "a", 0.5, "<= 0.55"),
            Ratio.of("P4", "b", 0.7, ">= 0.8"),
            Ratio.of("P4", "c", 1.3, ">= 1.2"),
            Ratio.of("P9", "d", 31.26, ">= 3.0"),
            Ratio.missing("P7", "no testpmd"));

    @TempDir
    Path folder;

    @Test
    void shouldShowMissedGoalsInBracketsAndMissingOnesAsDash() {
        final String row = Headline.row("run-1", true, RATIOS, List.of("scale"));
        assertTrue(
                row.startsWith("| [run-1](run-1) (quick) | 0.50 |  |  | (0.70) 1.30 |  |  |  | - |  | 31.3 |  | "),
                row);
        assertTrue(row.endsWith("(run-1/scale.png) |"), row);
    }

    @Test
    void shouldPutNewestRowFirstAndLeaveOthersAlone() throws IOException {
        final Path readme = folder.resolve("README.md");
        final List<String> before =
                List.of("text", "<!-- newest first -->", "", "| run |", "|---|", "| older |", "", "more");
        Files.write(readme, before);
        new Headline(folder).add("run-2", false, RATIOS, List.of());
        final List<String> after = Files.readAllLines(readme);
        assertEquals(before.size() + 1, after.size());
        assertTrue(after.get(5).startsWith("| [run-2](run-2) | 0.50"), after.get(5));
        assertEquals(before.subList(0, 5), after.subList(0, 5));
        assertEquals(before.subList(5, 8), after.subList(6, 9));
    }

    @Test
    void shouldSayWhenThereIsNoPlaceForRow() throws IOException {
        Files.write(folder.resolve("README.md"), List.of("text"));
        assertThrows(BenchException.class, () -> new Headline(folder).add("run", false, RATIOS, List.of()));
    }

    @Test
    void shouldTellPersonWhatWasMetAndWhatNot() {
        final String table = Headline.table(RATIOS);
        assertTrue(table.contains("0.500  goal <= 0.55  met"), table);
        assertTrue(table.contains("0.700  goal >= 0.8   NOT MET"), table);
        assertTrue(table.contains("not measured: no testpmd"), table);
        assertFalse(table.contains("NaN"), table);
    }
}
