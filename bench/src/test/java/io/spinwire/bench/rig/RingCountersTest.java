package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.bench.record.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingCountersTest {
    private static final String SERVER = "rx_ring_full=5 rx_fill_ring_empty=7 rx_dropped=12 kicks=1000";

    @TempDir
    Path out;

    private RunFolder folder;
    private RingCounters rings;

    @BeforeEach
    void make() {
        folder = RunFolder.create(out);
        rings = new RingCounters(folder);
    }

    private static RingCounters.Both both(String server, String client) {
        return new RingCounters.Both(EndFigures.parse(server), EndFigures.parse(client));
    }

    private static RunFolder.Key key(String subject) {
        return new RunFolder.Key(subject, "mtu=1500", "1");
    }

    private List<String> results() throws IOException {
        folder.write();
        return Files.readAllLines(folder.path("results.csv")).stream().skip(1).toList();
    }

    @Test
    void shouldRecordWhatCameAboutInTheRoundOnly() throws IOException {
        final RingCounters.Both before = both(SERVER, "kicks=10 TcpOutSegs=100 TcpRetransSegs=3");
        final RingCounters.Both after = both(
                "rx_ring_full=6 rx_fill_ring_empty=9 rx_dropped=15 kicks=9999",
                "kicks=14 TcpOutSegs=150 TcpRetransSegs=8");
        rings.record("bulk", key("engine"), before, after, 77);
        assertEquals(
                List.of(
                        "bulk,engine,mtu=1500,1,rx_ring_full,1.000,",
                        "bulk,engine,mtu=1500,1,rx_fill_ring_empty,2.000,",
                        "bulk,engine,mtu=1500,1,rx_dropped,3.000,",
                        "bulk,engine,mtu=1500,1,kicks,4.000,",
                        "bulk,engine,mtu=1500,1,segments per kick,12.500,",
                        "bulk,engine,mtu=1500,1,retransmitted,5.000,segments"),
                results());
    }

    @Test
    void shouldCountFramesForEachKickWhereThereIsNoTcp() throws IOException {
        rings.record("bulk", key("raw"), both(SERVER, "kicks=10"), both(SERVER, "kicks=20"), 640);
        final List<String> results = results();
        assertEquals("bulk,raw,mtu=1500,1,segments per kick,64.000,", results.getLast());
        assertEquals(5, results.size(), "nothing is sent again without TCP");
    }

    @Test
    void shouldRecordWhatTheKernelSentAgain() throws IOException {
        rings.recordKernel(
                "flows", key("kernel"), both("", "KernelTcpRetransSegs=3"), both("", "KernelTcpRetransSegs=10"));
        assertEquals(List.of("flows,kernel,mtu=1500,1,retransmitted,7.000,segments"), results());
    }

    @Test
    void shouldNoteTheSumOfAllRoundsOfEach() {
        final RingCounters.Both none = both("", "");
        rings.record("bulk", key("engine"), none, both(SERVER, ""), 0);
        rings.record("bulk", key("engine"), none, both(SERVER, ""), 0);
        rings.record("bulk", key("raw"), none, none, 0);
        rings.note("P4");
        assertEquals(
                List.of("P4, all rounds: engine rx_ring_full=10 rx_fill_ring_empty=14;"
                        + " raw rx_ring_full=0 rx_fill_ring_empty=0"),
                folder.notes());
    }
}
