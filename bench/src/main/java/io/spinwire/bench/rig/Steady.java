package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;
import io.spinwire.daemon.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What disturbs engines in steady state: stops of the JVM, code given up, memory allocated, and turns that take long;
 * and beside it a loop on the same processors that only reads the clock, whose gaps are the machine's own.
 */
public final class Steady {
    private static final String PART = "steady";
    private static final int PORT = 7;
    private static final String SERVE = "serve transport=engine port=" + PORT;
    private static final int BYTES = 64;
    private static final int WINDOW_MS = 20_000;
    private static final int QUICK_WINDOW_MS = 1_000;
    private static final int WARM_UPS = 3;
    private static final int MARGIN_MS = 100;
    private static final int MAX_LINES = 60;
    private static final double TAIL = 0.001;
    private static final List<Integer> CPUS = List.of(Ends.SERVER_CPU, Ends.CLIENT_CPU);

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final int windowMs;
    private final Map<Integer, CpuActivity> before = new HashMap<>();

    public Steady(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
        windowMs = windowMs(effort);
    }

    private static int windowMs(Effort effort) {
        return effort.isQuick() ? QUICK_WINDOW_MS : WINDOW_MS;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final int windowsMs = effort.roundMs() + (WARM_UPS + 1) * 3 * MARGIN_MS + 3 * windowMs(effort) / 2;
        return Effort.TWO_PROCESSES_S + effort.jitS() + windowsMs / 1e3;
    }

    /** Measures, and leaves results in the folder. */
    public void run() throws Exception {
        folder.param(PART + ".window ms", windowMs);
        final Map<String, Path> logs = new LinkedHashMap<>();
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair pair = wiring.bare(PART);
            final End server = start(ends, pair, "server", "a", Ends.SERVER_CPU, logs);
            final End client = start(ends, pair, "client", "b", Ends.CLIENT_CPU, logs);
            final String rtt = "rtt transport=engine to=" + pair.address("a") + ":" + PORT + " bytes=" + BYTES;
            server.ask(SERVE);
            client.ask(rtt + " warm=" + effort.jitWork() + " ms=1");
            for (int i = 0; i < WARM_UPS; i++) {
                window(server, client, rtt, effort.roundMs() / WARM_UPS);
                server.ask("watched");
                client.ask("watched");
            }
            final Histogram roundTrips = watched(server, client, rtt);
            final Map<String, Histogram> turns = new LinkedHashMap<>();
            turns.put("server", report("server", server.ask("watched"), logs.get("server")));
            turns.put("client", report("client", client.ask("watched"), logs.get("client")));
            tell("engine turns", turns.get("server"), turns.get("client"), windowMs);
            final Histogram idle = hiccups(server, client, windowMs / 2);
            explain(roundTrips, idle, windowMs / 2);
        }
    }

    private End start(Ends ends, Wiring.Pair pair, String name, String side, int cpu, Map<String, Path> logs)
            throws InterruptedException {
        final Lab lab = wiring.lab();
        final Path log = folder.path(PART + "-" + name + ".log").toAbsolutePath();
        logs.put(name, log);
        final End end = ends.keep(
                End.launch("the watched " + name, lab, side, List.of(End.NO_BOUNDS_CHECKS, JvmLog.option(log))));
        end.await(cpu);
        folder.param(PART + "." + name, end.commandLine().replace(log.getParent() + "/", ""));
        end.ask("open nic=afxdp:" + pair.device(side) + " address=" + pair.address(side) + "/24 watched=true");
        return end;
    }

    /** The same thing as later, so that all of it is compiled, the watching included, and the ends of its loops. */
    private String window(End server, End client, String rtt, int ms) throws InterruptedException {
        final String watch = "watch after=" + MARGIN_MS + " ms=" + ms;
        server.ask(watch);
        server.ask(SERVE);
        client.ask(watch);
        return client.ask(rtt + " warm=1 ms=" + (ms + 3 * MARGIN_MS));
    }

    /** Round trips of which the middle is watched at both ends. */
    private Histogram watched(End server, End client, String rtt) throws InterruptedException {
        beginActivity();
        final long startNs = System.nanoTime();
        final String answer = window(server, client, rtt, windowMs);
        endActivity("engines", (System.nanoTime() - startNs) / 1e9);
        final Histogram roundTrips = Histograms.decode(answer.split(" ")[1]);
        Quantiles.of(roundTrips).record(folder, PART, new RunFolder.Key("engine 64 B", "clock read each turn", "1"));
        return roundTrips;
    }

    private void beginActivity() {
        CPUS.forEach(cpu -> before.put(cpu, CpuActivity.now(cpu)));
    }

    private void endActivity(String what, double seconds) {
        for (final int cpu : CPUS) {
            final StringBuilder text = new StringBuilder();
            CpuActivity.now(cpu).perSecondSince(before.get(cpu), seconds).forEach((name, rate) -> {
                folder.result(PART, new RunFolder.Key("cpu " + cpu, what, "1"), name, rate, "1/s");
                text.append(String.format(Locale.ROOT, "%s %.0f%n", name, rate));
            });
            folder.environment(PART + ": cpu " + cpu + " under " + what + ", each second", text.toString());
        }
    }

    /** What one end saw of its own process in the window. Returns the long turns. */
    private Histogram report(String name, String answer, Path log) throws IOException {
        final Map<String, String> words = new LinkedHashMap<>();
        for (final String word : answer.split(" ")) {
            final int equals = word.indexOf('=');
            words.put(word.substring(0, equals), word.substring(equals + 1));
        }
        final Histogram gaps = Histograms.decode(words.remove("gaps"));
        final JvmLog jvm = JvmLog.read(log, Long.parseLong(words.remove("from")), Long.parseLong(words.remove("to")));
        Files.delete(log); // of the time before, what the JIT did at the start
        final RunFolder.Key key = new RunFolder.Key("engine " + name, "", "1");
        for (final String kind : JvmLog.KINDS) {
            folder.result(PART, key, kind + "s", jvm.count(kind), "");
        }
        words.forEach((metric, value) -> folder.result(PART, key, metric, Double.parseDouble(value), ""));
        folder.environment(
                PART + ": engine " + name + ", in the window",
                "in the JVM's log: " + (jvm.counts().isEmpty() ? "nothing" : jvm.counts()) + "\n" + words + "\n"
                        + String.join(
                                "\n", jvm.lines().stream().limit(MAX_LINES).toList()));
        effort.progress("engine " + name + ": " + (jvm.counts().isEmpty() ? "no stop of the JVM" : jvm.counts()) + ", "
                + words.get("worker-allocated") + " bytes allocated");
        return gaps;
    }

    /** Both processors at once spin and do nothing else. Returns all gaps of both. */
    private Histogram hiccups(End server, End client, int ms) throws InterruptedException {
        beginActivity();
        final long startNs = System.nanoTime();
        server.begin("spin ms=" + ms);
        client.begin("spin ms=" + ms);
        final Histogram first = Histograms.decode(server.answer());
        final Histogram second = Histograms.decode(client.answer());
        endActivity("a clock loop", (System.nanoTime() - startNs) / 1e9);
        tell("clock loop gaps", first, second, ms);
        final Histogram both = first.copy();
        both.add(second);
        return both;
    }

    private void tell(String what, Histogram server, Histogram client, int ms) {
        final Map<Integer, Histogram> byCpu =
                new LinkedHashMap<>(Map.of(Ends.SERVER_CPU, server, Ends.CLIENT_CPU, client));
        byCpu.forEach((cpu, gaps) -> {
            final RunFolder.Key key = new RunFolder.Key(what, "cpu " + cpu, "1");
            final double rate = gaps.getTotalCount() * 1e3 / ms;
            folder.result(PART, key, "longer than 5 us", rate, "1/s");
            Quantiles.of(gaps).record(folder, PART, key);
            effort.progress(String.format(
                    Locale.ROOT,
                    "%s, cpu %d: %.0f/s longer than 5 us, of those p50 %d ns, p99.9 %d, longest %d",
                    what,
                    cpu,
                    rate,
                    gaps.getValueAtPercentile(50),
                    gaps.getValueAtPercentile(99.9),
                    gaps.getMaxValue()));
        });
    }

    /**
     * The p99.9 that a round trip would have if nothing but the machine's gaps held it up: it meets those of both
     * processors. One in a thousand is held up for longer than the gap of which there are a thousandth as many as round
     * trips.
     */
    private void explain(Histogram roundTrips, Histogram idleGaps, int ms) {
        final long p50 = roundTrips.getValueAtPercentile(50);
        final double perWindow = ms * 1e6 / p50;
        final double allowed = perWindow * TAIL;
        final long total = idleGaps.getTotalCount();
        final double percentile = total <= allowed ? 0 : 100 * (1 - allowed / total);
        final long expected = p50 + (total <= allowed ? 0 : idleGaps.getValueAtPercentile(percentile));
        final long seen = roundTrips.getValueAtPercentile(99.9);
        final RunFolder.Key key = new RunFolder.Key("engine 64 B", "", "1");
        folder.result(PART, key, "p99.9 by the gaps of a clock loop", expected, "ns");
        effort.progress("p99.9 " + seen + " ns; by the gaps of a clock loop alone " + expected);
    }
}
