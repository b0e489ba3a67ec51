package io.spinwire.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.daemon.lab.Lab;
import io.spinwire.daemon.lab.TestLab;
import io.spinwire.nic.afxdp.Affinity;
import io.spinwire.nic.afxdp.NetNamespace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DemoTest {
    private static final int ROUND_MS = 100;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void shouldShowEverythingInMemoryWhenThereIsNoAfXdp() {
        new PipeDemo(out, ROUND_MS).run();
        assertShown("page", "200 OK", "every byte is the same", "round 3 of 3", "p99.9", "engine to engine");
    }

    @Test
    @Tag("kernel")
    void shouldShowEverythingAndLeaveNothingWhenRunInALab() throws Exception {
        final Lab lab = TestLab.create();
        new LabDemo(lab, out, ROUND_MS).run();
        assertShown(
                "ready name=",
                "200 OK",
                "every byte is the same",
                "round 3 of 3",
                "kernel to Spinwire",
                "kernel to kernel",
                "ratio",
                "stopped: all connections were closed in order");
        assertFalse(NetNamespace.exists(lab.namespace("a")));
        assertFalse(NetNamespace.exists(lab.namespace("b")));
    }

    @Test
    void shouldReadTheKernelsListsWhenChoosingCpus() {
        assertEquals(List.of(0, 1, 2, 3, 8), Affinity.parse(" 0-3,8\n"));
        assertEquals(List.of(5), Affinity.parse("5"));
        final CpuPair pair = CpuPair.find();
        assertTrue(pair == null || pair.server() != pair.client());
    }

    @Test
    void shouldAlignRowsAndDivideWhenTableHasTwo() {
        final String table = ResultTable.render(
                new ResultTable.Row("one", 1_000_000, 3000, 4500, 60000),
                new ResultTable.Row("other", 900_000, 6000, 9000, 50000));
        assertEquals(
                """
                                                p50        p99      p99.9    round trips
                  one                       3.00 us    4.50 us   60.00 us      1,000,000
                  other                     6.00 us    9.00 us   50.00 us        900,000
                  ratio                        0.50       0.50       1.20
                """.strip().lines().map(String::strip).toList(),
                table.strip().lines().map(String::strip).toList());
    }

    private void assertShown(String... texts) {
        final String shown = bytes.toString(StandardCharsets.UTF_8);
        for (final String text : texts) {
            assertTrue(shown.contains(text), text + " is missing in: " + shown);
        }
    }
}
