package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Requests a second over few and very many connections, one outstanding on each, engines and kernel in turns: 64 bytes
 * and 64 bytes in answer. The kernel's ends spin on epoll.
 */
public final class Requests {
    private static final String PART = "requests";
    private static final int[] CONNECTIONS = {1, 10, 100, 1_000, 10_000};
    private static final int WARM = 10; // connections
    private static final int OTHER_FILES = 200; // of a JVM, at most
    private static final int BYTES = 64;
    private static final int PORT = 7_000;
    private static final int MTU = 1_500;
    private static final double CONNECT_S = 60e-6; // and to end it, the mean of both
    private static final int SHORTER = 4; // than a round of the headline figures
    private static final int CONNECTED = 11_111;
    private static final double NS_PER_S = 1e9;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final Rounds<String> rates = new Rounds<>();
    private final Map<String, List<Quantiles>> quantiles = new LinkedHashMap<>();

    public Requests(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final double round = effort.roundS(1.0 / SHORTER) * CONNECTIONS.length + CONNECTED * CONNECT_S;
        return 2 * (Effort.TWO_PROCESSES_S + WarmUp.seconds(effort) + effort.roundsOfLess() * round);
    }

    /** Measures, and leaves results in the folder. */
    public void run() throws Exception {
        final int[] fitting = fitting();
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair xdp = wiring.bare("req");
            final Ends.Two engines = ends.startOn("engine", xdp, Profile.nicOptions("throughput"), "");
            final Wiring.Pair plain = wiring.kernel("kreq", MTU);
            final Ends.Two kernels = ends.start("kernel");
            warm(engines, "engine", xdp.address("a"));
            warm(kernels, "kernel", plain.address("a"));
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                for (final int connections : fitting) {
                    measure(round, "engine", engines, xdp.address("a"), connections);
                    measure(round, "kernel", kernels, plain.address("a"), connections);
                }
            }
        }
        summarise(fitting);
    }

    /** A socket of the kernel is a file of its process; what does not fit is left out, and said. */
    private int[] fitting() {
        final long files = FileLimit.most();
        final int[] fitting = Arrays.stream(CONNECTIONS)
                .filter(connections -> connections + OTHER_FILES <= files)
                .toArray();
        if (fitting.length < CONNECTIONS.length) {
            final int most = CONNECTIONS[CONNECTIONS.length - 1];
            folder.note(PART + ": " + Arrays.toString(CONNECTIONS) + " connections are wanted, but a process may open "
                    + files + " files here: those that do not fit are left out; \"ulimit -n " + (most + OTHER_FILES)
                    + "\" before the run (as root) lets them in");
        }
        return fitting;
    }

    private void warm(Ends.Two two, String name, String address) throws InterruptedException {
        WarmUp.run(two, effort.longestWarmUpS(), () -> ask(two, name, address, WARM, effort.jitWork() / 2, 1));
    }

    /** Medians, and what engines do of the kernel's requests, for each number of connections. No goal was set. */
    private void summarise(int[] measured) {
        rates.forEachMedian((name, rate) -> {
            final String[] words = name.split(" ");
            final RunFolder.Key key = new RunFolder.Key(words[0], setting(Integer.parseInt(words[1])), "median");
            folder.result(PART, key, "answered", rate, "1/s");
            Quantiles.medianOf(quantiles.get(name)).record(folder, PART, key);
        });
        final StringBuilder table = new StringBuilder();
        for (final int connections : measured) {
            final double ours = rates.median("engine " + connections);
            final double theirs = rates.median("kernel " + connections);
            final RunFolder.Key key = new RunFolder.Key("engine / kernel", setting(connections), "median");
            folder.result(PART, key, "ratio", ours / theirs, "");
            table.append(String.format(
                    Locale.ROOT,
                    "%,6d connections: %,9.0f / %,9.0f = %.2f%n",
                    connections,
                    ours,
                    theirs,
                    ours / theirs));
        }
        folder.environment("requests a second, engine / kernel", table.toString());
    }

    private static String setting(int connections) {
        return "connections=" + connections;
    }

    private void measure(int round, String name, Ends.Two two, String address, int connections)
            throws InterruptedException {
        final int warm = Math.max(effort.warmUpWork(), connections); // each connection has had an answer
        final String[] words = ask(two, name, address, connections, warm, effort.roundMs() / SHORTER);
        final double rate = Long.parseLong(words[0]) * NS_PER_S / Long.parseLong(words[1]);
        final RunFolder.Key key = new RunFolder.Key(name, setting(connections), "" + round);
        folder.result(PART, key, "answered", rate, "1/s");
        final Quantiles each = Quantiles.of(Histograms.decode(words[2]));
        each.record(folder, PART, key);
        rates.add(name + " " + connections, rate);
        quantiles
                .computeIfAbsent(name + " " + connections, any -> new ArrayList<>())
                .add(each);
        effort.progress(name + " " + connections + " connections round " + round + ": " + Math.round(rate)
                + " requests/s, p99 " + each.p99() + " ns");
    }

    private static String[] ask(Ends.Two two, String transport, String address, int connections, int warm, int ms)
            throws InterruptedException {
        two.server().ask("serve transport=" + transport + " port=" + PORT);
        try {
            return two.client()
                    .ask("requests transport=" + transport + " to=" + address + ":" + PORT + " connections="
                            + connections + " bytes=" + BYTES + " warm=" + warm + " ms=" + ms)
                    .split(" ");
        } finally {
            two.server().ask("figures"); // any command ends a service
        }
    }
}
