package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.RunFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LwIpTest {
    private static final String COUNTED =
            "counted roundTrip messages=1000 bytes=0 frames=2000 frameBytes=260000 faults=0\n";

    @TempDir
    Path out;

    @Test
    void shouldTakeTheFigureOfTheExchangeThatIsMeant() {
        assertEquals(310.5, LwIpWords.figure("roundTrip", "iteration roundTrip 1 310.500 ns\n" + COUNTED));
    }

    @Test
    void shouldRefuseFiguresWhenARoundTripTookMoreThanTwoFrames() {
        final String words = "iteration roundTrip 1 310.5 ns\n" + COUNTED.replace("frames=2000", "frames=3000");
        assertThrows(BenchException.class, () -> LwIpWords.figure("roundTrip", words));
    }

    @Test
    void shouldRefuseFiguresWhenFramesWereShorterThanTheyMustBe() {
        final String words = "iteration roundTrip 1 310.5 ns\n" + COUNTED.replace("=260000", "=236000");
        assertThrows(BenchException.class, () -> LwIpWords.figure("roundTrip", words));
    }

    @Test
    void shouldRefuseWhatIsNoFigure() {
        final String words = "(pair: exit code 1: lwip: pin: there is no such processor)";
        assertTrue(assertThrows(BenchException.class, () -> LwIpWords.figure("bulk", words))
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
    void shouldGiveNoFigureWhenThereIsNoSource() {
        final RunFolder folder = RunFolder.create(out);
        try (LwIp lwIp = new LwIp(folder, out.resolve("nothing"))) {
            lwIp.prepare();
            assertTrue(Double.isNaN(lwIp.slice("roundTrip")));
        }
    }

    @Test
    void shouldSayHowToGetTheSourceWhenItIsMissing() {
        final String why = LwIp.missing(out);
        assertTrue(why.contains("apt-get source lwip") && why.contains("--lwip"), why);
    }
}
