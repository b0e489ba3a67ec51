package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;
import io.spinwire.nic.afxdp.NetNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * P7: the driver without TCP beside DPDK's testpmd on its own AF_XDP driver, in turns on the same veth pairs: an echo
 * to a UDP socket of the kernel, and frames sent, as the interface counts them, to a receiver that drops them.
 */
public final class DriverRuns {
    private static final String PART = "driver";
    private static final String OURS = "spinwire";
    private static final String THEIRS = "testpmd";
    private static final int MTU = 1_500;
    private static final double MS_PER_S = 1_000;
    private static final int[] FRAMES = {64, 1_514};
    private static final int MESSAGE_BYTES = 64;
    private static final int ECHO_PORT = 7;
    private static final int FIRST_FLOOD_MS = 600; // more than half a million frames, after which all is compiled
    private static final int FLOOD_MS = 200;
    private static final int TX_PACKETS = 9; // column of /proc/net/dev after the name

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final Rounds<String> rounds = new Rounds<>();

    /** In these wires. */
    public DriverRuns(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final int competitors = TestPmd.missing() == null ? 2 : 1;
        final double flood = effort.roundMs() / MS_PER_S + FLOOD_MS / MS_PER_S + Effort.CHANGE_S;
        final double starts = competitors == 1 ? 0 : TestPmd.START_AND_END_S * (1 + FRAMES.length);
        return 2 * Effort.TWO_PROCESSES_S
                + competitors * (effort.jitS() + FRAMES.length * FIRST_FLOOD_MS / MS_PER_S)
                + effort.roundsOfLess() * (competitors * (effort.roundS() + FRAMES.length * flood) + starts);
    }

    /** Measures, and leaves results and ratios in the folder; ours alone where testpmd is not installed. */
    public void run() throws Exception {
        final String missing = TestPmd.missing();
        folder.environment("dpdk", missing == null ? TestPmd.version() : missing);
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair echo = wiring.halfKernel("drv", MTU);
            final Wiring.Pair flood = wiring.bare("tx", MTU);
            final Ends.Two two = ends.start(PART);
            final End sink = ends.keep(End.start("the sink", wiring.lab(), "b", Ends.CLIENT_CPU, false));
            sink.ask("open nic=afxdp:" + flood.device("b") + ",filter=all");
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                two.server().ask("open nic=afxdp:" + echo.device("a") + ",filter=all");
                two.server().ask("serve transport=raw what=swap");
                echo(round, OURS, two, echo);
                two.server().ask("shut");
                if (missing == null) {
                    final TestPmd theirs = testPmd(echo, "echo", "--forward-mode=5tswap");
                    try {
                        echo(round, THEIRS, two, echo);
                    } finally {
                        theirs.close();
                    }
                }
                floods(round, two.server(), sink, flood, missing == null);
            }
        }
        summarise(missing);
    }

    private TestPmd testPmd(Wiring.Pair pair, String name, String... mode) throws InterruptedException {
        final TestPmd started = TestPmd.start(wiring, pair, List.of(mode));
        folder.param(PART + ".testpmd " + name, started.commandLine());
        return started;
    }

    private void echo(int round, String name, Ends.Two two, Wiring.Pair pair) throws InterruptedException {
        final String answer = two.client()
                .ask("rtt transport=udp to=" + pair.address("a") + ":" + ECHO_PORT + " bytes=" + MESSAGE_BYTES
                        + " warm=" + (round == 1 ? effort.jitWork() : effort.warmUpWork()) + " ms=" + effort.roundMs());
        final Quantiles quantiles = Quantiles.of(Histograms.decode(answer.split(" ")[1]));
        quantiles.record(folder, PART, new RunFolder.Key(name + " echo", "kernel UDP client", "" + round));
        rounds.add(name + " echo", quantiles.p50());
        effort.progress(name + " echo round " + round + ": p50 " + quantiles.p50() + " ns");
    }

    private void floods(int round, End server, End sink, Wiring.Pair pair, boolean hasTestPmd)
            throws InterruptedException {
        sink.ask("serve transport=raw what=discard");
        for (final int length : FRAMES) {
            server.ask("open nic=afxdp:" + pair.device("a") + ",filter=all");
            server.ask("serve transport=raw what=flood bytes=" + length);
            flood(round, OURS, length, pair);
            server.ask("shut");
            if (hasTestPmd) {
                final TestPmd theirs =
                        testPmd(pair, "transmit " + length, "--forward-mode=txonly", "--txpkts=" + length);
                try {
                    flood(round, THEIRS, length, pair);
                } finally {
                    theirs.close();
                }
            }
        }
        sink.ask("figures");
    }

    private void flood(int round, String name, int length, Wiring.Pair pair) throws InterruptedException {
        Thread.sleep(round == 1 ? FIRST_FLOOD_MS : FLOOD_MS);
        final long startNs = System.nanoTime();
        final long before = sent(pair);
        Thread.sleep(effort.roundMs());
        final double rate = (sent(pair) - before) * 1e9 / (System.nanoTime() - startNs);
        final String key = name + " transmit " + length;
        folder.result(PART, new RunFolder.Key(key, "", "" + round), "sent", rate, "frames/s");
        rounds.add(key, rate);
        effort.progress(key + " B round " + round + ": " + Math.round(rate) + " frames/s");
    }

    private long sent(Wiring.Pair pair) {
        final String prefix = pair.device("a") + ":";
        return NetNamespace.call(
                wiring.lab().namespace("a"),
                () -> Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith(prefix))
                        .map(line -> line.substring(prefix.length()).strip().split("\\s+"))
                        .mapToLong(columns -> Long.parseLong(columns[TX_PACKETS]))
                        .sum());
    }

    private void summarise(String missing) {
        rounds.forEachMedian(
                (key, median) -> folder.result(PART, new RunFolder.Key(key, "", "median"), "median", median, ""));
        if (missing != null) {
            folder.missing("P7", missing);
            return;
        }
        folder.ratio(
                "P7",
                "echo to a kernel UDP client, p50 / testpmd's",
                rounds.median(OURS + " echo") / rounds.median(THEIRS + " echo"),
                "<= 0.95");
        for (final int length : FRAMES) {
            folder.ratio(
                    "P7",
                    "frames of " + length + " B sent a second / testpmd's",
                    rounds.median(OURS + " transmit " + length) / rounds.median(THEIRS + " transmit " + length),
                    ">= 1.0");
        }
    }
}
