package io.spinwire.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    Path out;

    @Test
    void shouldBePartialUntilItIsWhole() throws IOException {
        final RunFolder folder = RunFolder.create(out);
        final Path partial = folder.path("");
        assertTrue(partial.toString().endsWith(".partial"), partial.toString());
        folder.result("P3", new RunFolder.Key("engine", "x", "1"), "p50", 7, "ns");
        folder.ratio("P3", "a / b", 0.5, "<= 0.75");
        final Path finished = folder.finish();
        assertFalse(Files.exists(partial));
        assertEquals(
                "P3,engine,x,1,p50,7.000,ns",
                Files.readAllLines(finished.resolve("results.csv")).getLast());
        assertEquals(
                "P3,\"a / b\",0.500,<= 0.75,yes",
                Files.readAllLines(finished.resolve("ratios.csv")).getLast());
    }

    @Test
    void shouldNumberRunsOfSameDayAndCommit() {
        final RunFolder first = RunFolder.create(out);
        assertNotEquals(first.name(), RunFolder.create(out).name());
        first.finish();
        assertNotEquals(first.name(), RunFolder.create(out).name());
    }

    @Test
    void shouldNotCallMissingWhatWasMeasured() {
        final RunFolder folder = RunFolder.create(out);
        folder.ratio("P4", "a / b", 1, ">= 0.8");
        folder.missing("P4", "failed later");
        folder.missing("P4j", "failed later");
        assertEquals(2, folder.ratios().size());
        assertTrue(folder.ratios().getFirst().isMet());
        assertFalse(folder.ratios().getLast().isMet());
    }
}
