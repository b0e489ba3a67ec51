package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * P7: the driver without TCP beside DPDK's testpmd on its own AF_XDP driver, each on veth pairs of its own: an echo to
 * a UDP socket of the kernel, and frames sent, as the interface counts them, to a receiver that drops them. All turns
 * are taken in each slice of a round, so that all see the same machine; whoever is not measured sleeps or is stopped.
 */
public final class DriverRuns {
    private static final String PART = "driver";
    private static final String OURS = "spinwire";
    private static final String THEIRS = "testpmd";
    private static final int MTU = 1_500;
    private static final double MS_PER_S = 1_000;
    private static final int[] FRAMES = {64, 1_514};
    private static final int MESSAGE_BYTES = 64;
    /** One datagram is on its way: a short ring keeps its frames in the caches, of both. */
    private static final int ECHO_RING = 256;

    private static final int ECHO_PORT = 7;
    private static final int FIRST_FLOOD_MS = 600; // more than half a million frames, after which all is compiled
    private static final int SETTLE_MS = 40; // of each flood before it is counted
    /** Code of one load's steady state is given up at its end, and when the next begins. */
    private static final int WARM_LOADS = 4;
    /** Server and client of echoes, sender and sink of floods; beside them a sink for each testpmd that sends. */
    private static final int PROCESSES = 4;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final String missing = TestPmd.missing();
    private final List<Competitor> echoes = new ArrayList<>();
    private final List<Flood> floods = new ArrayList<>();
    private final Rounds<String> rounds = new Rounds<>();

    /** In these wires. */
    public DriverRuns(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final boolean isAlone = TestPmd.missing() != null;
        final int competitors = isAlone ? 1 : 2;
        final double starts = Effort.TWO_PROCESSES_S * (PROCESSES + (isAlone ? 0 : FRAMES.length)) / 2
                + (isAlone ? 0 : TestPmd.START_AND_END_S);
        final double warmUp = effort.jitS() + FRAMES.length * (FIRST_FLOOD_MS / MS_PER_S + Effort.CHANGE_S);
        final double flood = effort.roundMs() / MS_PER_S + effort.slices() * (SETTLE_MS / MS_PER_S + Effort.CHANGE_S);
        final double round = effort.slicedRoundS() + FRAMES.length * flood;
        return starts + competitors * (warmUp + effort.roundsOfLess() * round);
    }

    /** Measures, and leaves results and ratios in the folder; ours alone where testpmd is not installed. */
    public void run() throws Exception {
        folder.environment("dpdk", missing == null ? TestPmd.version() : missing);
        folder.param(PART + ".slices of a round", effort.slices());
        try (Ends ends = new Ends(folder, PART, wiring)) {
            start(ends);
            warmUp();
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                measureAll(round);
            }
        }
        summarise();
    }

    private void start(Ends ends) throws InterruptedException {
        final List<TestPmd> theirs = missing == null ? testPmds(ends) : List.of();
        final List<End> theirSinks = new ArrayList<>();
        for (int i = 1; i < theirs.size(); i++) {
            theirSinks.add(ends.keep(End.launch("testpmd's sink " + i, wiring.lab(), "b", false)));
        }
        final Ends.Two forEcho = ends.start(PART);
        final Ends.Two forFlood = ends.start("flood");

        final Wiring.Pair echo = wiring.halfKernel("drv", MTU);
        forEcho.server().ask("open nic=afxdp:" + echo.device("a") + ",filter=all,ring=" + ECHO_RING);
        addEcho(OURS, Competitor.of(forEcho.server(), "serve transport=raw what=swap"), forEcho.client(), echo);
        final Wiring.Pair flood = wiring.bare("tx", MTU);
        open(forFlood.server(), flood, "a");
        open(forFlood.client(), flood, "b");
        if (missing == null) {
            addEcho(
                    THEIRS,
                    theirs.getFirst(),
                    forEcho.client(),
                    theirs.getFirst().pair());
        }
        for (int i = 0; i < FRAMES.length; i++) {
            final String what = " transmit " + FRAMES[i];
            final String serve = "serve transport=raw what=flood bytes=" + FRAMES[i];
            floods.add(new Flood(
                    OURS + what, Competitor.of(forFlood.server(), serve), forFlood.client(), wiring.lab(), flood));
            if (missing == null) {
                final TestPmd sender = theirs.get(i + 1);
                final End sink = theirSinks.get(i);
                sink.await(Ends.CLIENT_CPU);
                open(sink, sender.pair(), "b");
                floods.add(new Flood(THEIRS + what, sender, sink, wiring.lab(), sender.pair()));
            }
        }
    }

    /** One that echoes, and one for each length of frames; all at once, since each takes a while to start. */
    private List<TestPmd> testPmds(Ends ends) throws InterruptedException {
        final List<TestPmd> started = new ArrayList<>();
        started.add(testPmd(
                ends,
                "echo",
                wiring.halfKernel("dpdk", MTU),
                "--forward-mode=5tswap",
                "--rxd=" + ECHO_RING,
                "--txd=" + ECHO_RING));
        for (final int length : FRAMES) {
            final Wiring.Pair pair = wiring.bare("dpdk" + length, MTU);
            started.add(testPmd(ends, "transmit " + length, pair, "--forward-mode=txonly", "--txpkts=" + length));
        }
        TestPmd.awaitAll(started); // which then leave the processor to others that start
        return started;
    }

    private TestPmd testPmd(Ends ends, String name, Wiring.Pair pair, String... mode) {
        final TestPmd launched = ends.keep(TestPmd.launch(wiring.lab(), pair, List.of(mode)));
        folder.param(PART + ".testpmd " + name, launched.commandLine());
        return launched;
    }

    private static void open(End end, Wiring.Pair pair, String side) throws InterruptedException {
        end.ask("open nic=afxdp:" + pair.device(side) + ",filter=all");
    }

    private void addEcho(String name, Competitor.Service service, End client, Wiring.Pair pair) {
        final String target = "transport=udp to=" + pair.address("a") + ":" + ECHO_PORT;
        echoes.add(new Competitor(name + " echo", "kernel UDP client", service, client, target));
    }

    /** The JIT's time is nobody's round trip. */
    private void warmUp() throws InterruptedException {
        for (final Competitor competitor : echoes) {
            for (int i = 0; i < WARM_LOADS; i++) {
                echo(competitor, effort.jitWork() / WARM_LOADS, 1);
            }
            effort.progress(competitor.name() + " is warm");
        }
        for (final Flood flood : floods) {
            flood.measure(FIRST_FLOOD_MS, 1);
            effort.progress(flood.name() + " is warm");
        }
    }

    private void measureAll(int round) throws InterruptedException {
        final Map<Competitor, Histogram> histograms = new LinkedHashMap<>();
        final Map<Flood, DoubleSummaryStatistics> rates = new LinkedHashMap<>();
        for (int slice = 0; slice < effort.slices(); slice++) {
            for (final Competitor competitor : echoes) {
                final Histogram histogram = echo(competitor, effort.sliceWarmUpWork(), effort.sliceMs());
                histograms
                        .computeIfAbsent(competitor, any -> new Histogram(histogram))
                        .add(histogram);
            }
            for (final Flood flood : floods) {
                rates.computeIfAbsent(flood, any -> new DoubleSummaryStatistics())
                        .accept(flood.measure(SETTLE_MS, effort.sliceMs()));
            }
        }
        histograms.forEach((competitor, histogram) -> record(round, competitor, Quantiles.of(histogram)));
        rates.forEach((flood, each) -> record(round, flood, each.getAverage()));
    }

    private Histogram echo(Competitor competitor, int warm, int ms) throws InterruptedException {
        competitor.service().begin();
        try {
            final String answer = competitor
                    .client()
                    .ask("rtt " + competitor.target() + " bytes=" + MESSAGE_BYTES + " warm=" + warm + " ms=" + ms);
            return Histograms.decode(answer.split(" ")[1]);
        } finally {
            competitor.service().end();
        }
    }

    private void record(int round, Competitor competitor, Quantiles quantiles) {
        quantiles.record(folder, PART, new RunFolder.Key(competitor.name(), competitor.setting(), "" + round));
        rounds.add(competitor.name(), quantiles.p50());
        effort.progress(competitor.name() + " round " + round + ": p50 " + quantiles.p50() + " ns");
    }

    private void record(int round, Flood flood, double rate) {
        folder.result(PART, new RunFolder.Key(flood.name(), "", "" + round), "sent", rate, "frames/s");
        rounds.add(flood.name(), rate);
        effort.progress(flood.name() + " B round " + round + ": " + Math.round(rate) + " frames/s");
    }

    private void summarise() {
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
