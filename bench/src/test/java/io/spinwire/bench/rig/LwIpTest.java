package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.RunFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LwIpTest {
    private static final String COUNTED =
            "counted roundTrip messages=1000 bytes=0 frames=2000 frameBytes=260000 faults=0\n";

    @TempDir
    Path out;

    @Test
    void shouldTakeTheMedianOfIterations() {
        final List<LwIpWords.Figure> figures = LwIpWords.figures(
                "roundTrip",
                "iteration roundTrip 1 310.500 ns\niteration roundTrip 2 900.000 ns\niteration roundTrip 3 312.000 ns\n"
                        + COUNTED);
        assertEquals(3, figures.size());
        assertEquals("P5", figures.getFirst().id());
        assertEquals(312.0, LwIpWords.median(figures, "roundTrip"));
    }

    @Test
    void shouldRefuseFiguresWhenARoundTripTookMoreThanTwoFrames() {
        final String words = "iteration roundTrip 1 310.5 ns\n" + COUNTED.replace("frames=2000", "frames=3000");
        assertThrows(BenchException.class, () -> LwIpWords.figures("roundTrip", words));
    }

    @Test
    void shouldRefuseFiguresWhenFramesWereShorterThanTheyMustBe() {
        final String words = "iteration roundTrip 1 310.5 ns\n" + COUNTED.replace("=260000", "=236000");
        assertThrows(BenchException.class, () -> LwIpWords.figures("roundTrip", words));
    }

    @Test
    void shouldRefuseWhatIsNoFigure() {
        final String words = "(pair: exit code 1: lwip: pin: there is no such processor)";
        assertTrue(assertThrows(BenchException.class, () -> LwIpWords.figures("bulk", words))
                .getMessage()
                .contains("no such processor"));
    }

    @Test
    void shouldRefuseAnLwIpThatTakesWrongChecksums() {
        final String words = "dropped a yes\ndropped b yes\ndropped c yes\ndropped d ";
        LwIpWords.check(words + "yes");
        assertThrows(BenchException.class, () -> LwIpWords.check(words + "no"));
        assertThrows(BenchException.class, () -> LwIpWords.check("(pair: exit code 139: )"));
    }

    @Test
    void shouldDivideByTheReferenceMachineWhenThereIsNoSource() {
        final RunFolder folder = RunFolder.create(out);
        try (LwIp lwIp = new LwIp(folder, out.resolve("nothing"), true)) {
            lwIp.prepare();
            lwIp.turn(Effort.quick(step -> {}));
            lwIp.ratio("P5", "round trip of the stack alone", 206, "<= 0.5");
            lwIp.ratio("P6", "bulk of the stack alone", 29, ">= 2.0");
        }
        assertEquals(
                List.of(
                        "round trip of the stack alone / lwIP's 412.0 ns on the reference machine",
                        "bulk of the stack alone / lwIP's 14.5 Gbit/s on the reference machine"),
                folder.ratios().stream().map(ratio -> ratio.what()).toList());
        assertEquals(0.5, folder.ratios().getFirst().value());
    }

    @Test
    void shouldSayHowToGetTheSourceWhenItIsMissing() {
        final String why = LwIp.missing(out);
        assertTrue(why.contains("apt-get source lwip") && why.contains("--lwip"), why);
    }
}
