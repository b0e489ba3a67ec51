package io.spinwire.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.bench.record.BenchException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run promises to the person who starts it. */
final class RecordingTest {
    private static final double LONGEST_QUICK_S = 180;
    private static final double LONGEST_FULL_S = 1_800;

    @Test
    void shouldTakeThreeMinutesAtMostWhenQuick() {
        final double seconds = all(true).seconds();
        assertTrue(seconds <= LONGEST_QUICK_S, seconds + " s");
    }

    @Test
    void shouldTakeHalfAnHourAtMostWhenFull() {
        final double seconds = all(false).seconds();
        assertTrue(seconds <= LONGEST_FULL_S, seconds + " s");
        assertTrue(seconds > all(true).seconds());
    }

    private static Recording all(boolean isQuick) {
        return new Recording(Path.of("nowhere"), List.of(), isQuick, null);
    }

    @Test
    void shouldNameThePartsThatThereAreWhenOneIsUnknown() {
        final BenchException e = assertThrows(
                BenchException.class, () -> new Recording(Path.of("nowhere"), List.of("latency", "speed"), true, null));
        assertTrue(e.getMessage().startsWith("--only latency,speed: parts are stack, scale, "), e.getMessage());
    }

    @Test
    void shouldShowMinutesAndSecondsWhenTimeIsTold() {
        assertEquals("0:00", Progress.time(0));
        assertEquals("2:05", Progress.time(125));
        assertEquals("30:00", Progress.time(1_800));
    }
}
