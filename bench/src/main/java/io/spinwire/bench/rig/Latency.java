package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;
import io.spinwire.daemon.lab.Child;
import io.spinwire.daemon.lab.Lab;
import io.spinwire.daemon.lab.LabException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * P1, P2, P3 and P10: round trips of one message at a time, all transports in turns, each round in slices, so that all
 * see the same machine. Every process but the two that are measured is asleep or stopped. Server on one CPU, client on
 * another.
 */
public final class Latency {
    private static final String PART = "latency";
    private static final Pattern LONGEST_TURN = Pattern.compile("EngineLongestTurnNs=(\\d+)");
    private static final int PORT = 7;
    private static final int SMALL = 64;
    private static final int LARGE = 1024;
    private static final int MAX_OPEN_ROUNDS = 2;
    /** Those whose open loads are in a quick run too. */
    private static final List<String> OPEN = List.of("engine", "raw", "kernel-spin", "daemon");

    private static final String BLOCKING = "kernel-blocking";
    private static final int BLOCKING_SLOWER = 5;
    /** Code of one connection's steady state is given up at its end, and when the next begins. */
    private static final int WARM_CONNECTIONS = 4;
    /** At a rate: other code than one message after the other. A quick run has no time for it. */
    private static final int OPEN_WARM_MS = 500;

    private static final String DAEMON = "daemon";
    private static final int DAEMON_LARGER = 2;
    private static final int COMPETITORS = 6;
    private static final double MS_PER_S = 1_000;
    private static final double RATE_TOLERANCE = 0.99;
    private static final int NETTY_PORT = 7008;
    private static final int BLOCKING_PORT = 7009;
    private static final int SPIN_PORT = 7007;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final List<Competitor> competitors = new ArrayList<>();
    private final Map<String, List<Quantiles>> rounds = new LinkedHashMap<>();

    public Latency(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final int closed = effort.rounds() + effort.roundsOfLess();
        final int open =
                effort.rates().size() * openRounds(effort) * 2 * (effort.isQuick() ? OPEN.size() : COMPETITORS);
        return COMPETITORS * (Effort.TWO_PROCESSES_S + effort.jitS() + closed * effort.slicedRoundS())
                + openWarmings(effort) * COMPETITORS * (OPEN_WARM_MS / MS_PER_S + Effort.CHANGE_S)
                + open * effort.roundS(0.5);
    }

    private static int openWarmings(Effort effort) {
        return effort.isQuick() ? 0 : WARM_CONNECTIONS;
    }

    private static int openRounds(Effort effort) {
        return Math.min(MAX_OPEN_ROUNDS, effort.roundsOfLess());
    }

    /** Measures, and leaves results and ratios in the folder. */
    public void run() throws Exception {
        folder.param(PART + ".rounds", effort.rounds());
        folder.param(PART + ".round ms", effort.roundMs());
        folder.param(PART + ".slices of a round", effort.slices());
        folder.param(PART + ".warm-up round trips", effort.warmUpWork());
        folder.param(PART + ".round trips before the first round", effort.jitWork());
        try (Ends ends = new Ends(folder, PART, wiring);
                PrintStream log = new PrintStream(
                        new FileOutputStream(folder.path("round-trips.hlog").toFile()))) {
            start(ends);
            final HistogramLogWriter writer = new HistogramLogWriter(log);
            writer.outputLegend();
            each(
                    competitor -> { // the JIT's time is nobody's round trip
                        for (int i = 0; i < WARM_CONNECTIONS; i++) {
                            ask(competitor, SMALL, 1, jitWork(competitor) / WARM_CONNECTIONS, "");
                        }
                        effort.progress(competitor.name() + " is warm");
                    });
            for (int round = 1; round <= effort.rounds(); round++) {
                measureAll(round, SMALL, writer);
            }
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                measureAll(round, LARGE, writer);
            }
            summarise();
            each(this::warmOpen);
            for (final int rate : effort.rates()) {
                for (int round = 1; round <= openRounds(effort); round++) {
                    measureOpen(round, rate, SMALL, writer);
                    measureOpen(round, rate, LARGE, writer);
                }
            }
        }
    }

    private void warmOpen(Competitor competitor) throws InterruptedException {
        for (int i = 0; i < openWarmings(effort); i++) {
            ask(competitor, SMALL, OPEN_WARM_MS, 1, " rate=" + effort.rates().getFirst());
        }
    }

    private void start(Ends ends) throws InterruptedException {
        final Wiring.Pair xdp = wiring.bare("xdp");
        add(ends.startOn("engine", xdp, "", ""), "engine", "engine", xdp.address("a") + ":" + PORT);
        final Wiring.Pair raw = wiring.bare("raw");
        add(ends.startOn("raw", raw, ",filter=all", null), "raw", "raw", "none");
        add(ends.start("kernel-spin"), "kernel-spin", "kernel-spin", Lab.KERNEL_ADDRESS + ":" + SPIN_PORT);
        add(ends.start(BLOCKING), BLOCKING, BLOCKING, at(BLOCKING_PORT));
        add(ends.start("netty"), "netty", "netty", at(NETTY_PORT));
        addDaemon(ends);
        folder.environment("checksum offload of senders", BenchLab.checksumOffloads(wiring.lab()));
        folder.environment("interfaces", BenchLab.describe(wiring.lab()));
    }

    private static String at(int port) {
        return Lab.KERNEL_ADDRESS + ":" + port;
    }

    private void add(Ends.Two two, String name, String transport, String to) {
        final String port = to.substring(to.indexOf(':') + 1);
        final String serve = "serve transport=" + transport + (port.equals("none") ? "" : " port=" + port);
        competitors.add(new Competitor(
                name,
                "bounds-checks=off",
                Competitor.of(two.server(), serve),
                two.client(),
                "transport=" + transport + " to=" + (port.equals("none") ? "0.0.0.0:0" : to)));
    }

    /** P3's server is the daemon as it is shipped, but for spinning on one CPU. */
    private void addDaemon(Ends ends) throws InterruptedException {
        final Lab lab = wiring.lab();
        final Child daemon = ends.keep(Child.start(
                "the daemon",
                command -> lab.command("a", command),
                "io.spinwire.daemon.Main",
                "run",
                "--with-parent",
                "--name=" + lab.namespace("a"),
                "--nic=afxdp:" + Lab.ENGINE_INTERFACE,
                "--address=" + Lab.ENGINE_CIDR,
                "--echo=" + PORT,
                "--idle=busy-spin",
                "--cpu=" + Ends.SERVER_CPU));
        folder.environment("the daemon says", String.join("\n", daemon.await("ready")));
        daemon.pause();
        final Competitor.Service service = new Competitor.Service() {
            @Override
            public void begin() throws InterruptedException {
                daemon.resume();
            }

            @Override
            public void end() {
                daemon.pause();
            }
        };
        final End client = ends.keep(End.start("the daemon's client", lab, "b", Ends.CLIENT_CPU, true));
        competitors.add(new Competitor(
                DAEMON,
                "bounds-checks=off by itself",
                service,
                client,
                "transport=kernel-spin to=" + Lab.ENGINE_ADDRESS + ":" + PORT));
    }

    /** Done with one competitor after the other. */
    @FunctionalInterface
    private interface Turn {
        void of(Competitor competitor) throws InterruptedException;
    }

    /** A competitor that fails is left out from then on, and its reason recorded; one that a ratio needs ends all. */
    private void each(Turn turn) throws InterruptedException {
        for (final Competitor competitor : List.copyOf(competitors)) {
            try {
                turn.of(competitor);
            } catch (final LabException e) {
                if (OPEN.contains(competitor.name())) {
                    throw e;
                }
                competitors.remove(competitor);
                folder.environment(PART + ": " + competitor.name() + " FAILED and is left out", e.getMessage());
                effort.progress(competitor.name() + " FAILED and is left out: " + e.getMessage());
            }
        }
    }

    private void measureAll(int round, int bytes, HistogramLogWriter log) throws InterruptedException {
        final Map<Competitor, Histogram> histograms = new LinkedHashMap<>();
        final Map<Competitor, Map<String, Long>> longestTurns = new LinkedHashMap<>();
        for (int slice = 0; slice < effort.slices(); slice++) {
            each(competitor -> {
                final Histogram histogram = measure(competitor, bytes, effort.sliceMs(), effort.sliceWarmUpWork());
                histograms
                        .computeIfAbsent(competitor, any -> new Histogram(histogram))
                        .add(histogram);
                turns(competitor)
                        .forEach((side, ns) -> longestTurns
                                .computeIfAbsent(competitor, any -> new LinkedHashMap<>())
                                .merge(side, ns, Math::max));
            });
        }
        histograms.keySet().retainAll(competitors); // without one that failed meanwhile
        histograms.forEach((competitor, histogram) -> {
            final String name = key(competitor.name(), bytes);
            final RunFolder.Key key = new RunFolder.Key(name, competitor.setting(), "" + round);
            rounds.computeIfAbsent(name, any -> new ArrayList<>()).add(record(histogram, name, key, log));
            longestTurns
                    .getOrDefault(competitor, Map.of())
                    .forEach((side, ns) -> folder.result(PART, key, "longest turn of the " + side, ns, "ns"));
        });
    }

    /** The longest turn of each engine since it was asked last: what stands behind a round's slowest. */
    private static Map<String, Long> turns(Competitor competitor) throws InterruptedException {
        final Map<String, Long> turns = new LinkedHashMap<>();
        final Map<String, String> figures = Map.of(
                "server",
                competitor.service().figures(),
                "client",
                competitor.client().ask("figures"));
        figures.forEach((side, words) -> {
            final Matcher turn = LONGEST_TURN.matcher(words);
            if (turn.find()) {
                turns.put(side, Long.parseLong(turn.group(1)));
            }
        });
        return turns;
    }

    private Quantiles record(Histogram histogram, String name, RunFolder.Key key, HistogramLogWriter log) {
        histogram.setTag((name + " " + key.round()).replace(' ', '-').replace('/', '-'));
        histogram.setStartTimeStamp(0);
        histogram.setEndTimeStamp(effort.roundMs());
        log.outputIntervalHistogram(histogram);
        final Quantiles quantiles = Quantiles.of(histogram);
        quantiles.record(folder, PART, key);
        effort.progress(name + " round " + key.round() + ": p50 " + quantiles.p50() + " ns, p99.9 " + quantiles.p999());
        return quantiles;
    }

    /** Whoever sleeps in each trip takes longer for it, and has no more to compile; the daemon has the most. */
    private int jitWork(Competitor competitor) {
        return switch (competitor.name()) {
            case BLOCKING -> effort.jitWork() / BLOCKING_SLOWER;
            case DAEMON -> effort.jitWork() * DAEMON_LARGER;
            default -> effort.jitWork();
        };
    }

    private Histogram measure(Competitor competitor, int bytes, int ms, int warm) throws InterruptedException {
        return Histograms.decode(ask(competitor, bytes, ms, warm, "").split(" ")[1]);
    }

    private String ask(Competitor competitor, int bytes, int ms, int warm, String more) throws InterruptedException {
        competitor.service().begin();
        try {
            return competitor
                    .client()
                    .ask("rtt " + competitor.target() + " bytes=" + bytes + " warm=" + warm + " ms=" + ms + more);
        } finally {
            competitor.service().end();
        }
    }

    /** At a fixed rate, from the time at which each message should have left; a rate that was missed is marked. */
    private void measureOpen(int round, int rate, int bytes, HistogramLogWriter log) throws InterruptedException {
        for (final Competitor competitor : competitors) {
            if (effort.isQuick() && !OPEN.contains(competitor.name())) {
                continue;
            }
            final String name = key(competitor.name(), bytes) + " at " + rate + "/s";
            try {
                final String[] answer = ask(
                                competitor, bytes, effort.roundMs() / 2, effort.warmUpWork(), " rate=" + rate)
                        .split(" ");
                final double achieved = Double.parseDouble(answer[0]);
                final String shown = achieved < rate * RATE_TOLERANCE ? name + " MISSED" : name;
                final RunFolder.Key key = new RunFolder.Key(shown, competitor.setting(), "" + round);
                record(Histograms.decode(answer[1]), shown, key, log);
                folder.result(PART, key, "sent", achieved, "1/s");
            } catch (final LabException e) { // one rate that one transport does not carry is a result
                final String figures = competitor.client().ask("figures");
                folder.environment(PART + ": " + name + " round " + round + " FAILED", e.getMessage() + "\n" + figures);
                effort.progress(name + " round " + round + " FAILED: " + e.getMessage());
            }
        }
    }

    private static String key(String name, int bytes) {
        return name + " " + bytes + " B";
    }

    private void summarise() throws IOException {
        final Map<String, Quantiles> medians = new LinkedHashMap<>();
        rounds.forEach((name, each) -> {
            final Quantiles median = Quantiles.medianOf(each);
            median.record(folder, PART, new RunFolder.Key(name, "", "median"));
            medians.put(name, median);
        });
        final Quantiles engine = medians.get(key("engine", SMALL));
        final Quantiles raw = medians.get(key("raw", SMALL));
        final Quantiles kernel = medians.get(key("kernel-spin", SMALL));
        final Quantiles daemon = medians.get(key(DAEMON, SMALL));
        folder.ratio("P1", "engine to engine / kernel spinning, p50", (double) engine.p50() / kernel.p50(), "<= 0.55");
        folder.ratio("P2", "engine to engine / raw AF_XDP echo, p50", (double) engine.p50() / raw.p50(), "<= 1.12");
        folder.ratio("P3", "kernel client to daemon / kernel, p50", (double) daemon.p50() / kernel.p50(), "<= 0.75");
        folder.ratio("P10", "P1's p99.9 / the kernel's", (double) engine.p999() / kernel.p999(), "<= 1.0");
        folder.ratio("P10", "P3's p99.9 / the kernel's", (double) daemon.p999() / kernel.p999(), "<= 1.0");
    }
}
