package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;

/**
 * Requests a second over few and very many connections, one outstanding on each, engines and kernel in turns: 64 bytes
 * and 64 bytes in answer. The kernel's ends spin on epoll.
 */
public final class Requests {
    private static final String PART = "requests";
    private static final int[] CONNECTIONS = {1, 10, 100, 1_000, 10_000};
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

    public Requests(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final double round = effort.roundS(1.0 / SHORTER) * CONNECTIONS.length + CONNECTED * CONNECT_S;
        return 2 * (Effort.TWO_PROCESSES_S + effort.jitS() + effort.roundsOfLess() * round);
    }

    /** Measures, and leaves results in the folder. */
    public void run() throws Exception {
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair xdp = wiring.bare("req");
            final Ends.Two engines = ends.startOn("engine", xdp, Profile.nicOptions("throughput"), "");
            final Wiring.Pair plain = wiring.kernel("kreq", MTU);
            final Ends.Two kernels = ends.start("kernel");
            ask(engines, "engine", xdp.address("a"), 10, effort.jitWork(), 1);
            ask(kernels, "kernel", plain.address("a"), 10, effort.jitWork(), 1);
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                for (final int connections : CONNECTIONS) {
                    measure(round, "engine", engines, xdp.address("a"), connections);
                    measure(round, "kernel", kernels, plain.address("a"), connections);
                }
            }
        }
    }

    private void measure(int round, String name, Ends.Two two, String address, int connections)
            throws InterruptedException {
        final int warm = Math.max(effort.warmUpWork(), connections); // each connection has had an answer
        final String[] words = ask(two, name, address, connections, warm, effort.roundMs() / SHORTER);
        final double rate = Long.parseLong(words[0]) * NS_PER_S / Long.parseLong(words[1]);
        final RunFolder.Key key = new RunFolder.Key(name, "connections=" + connections, "" + round);
        folder.result(PART, key, "answered", rate, "1/s");
        final Quantiles quantiles = Quantiles.of(Histograms.decode(words[2]));
        quantiles.record(folder, PART, key);
        effort.progress(name + " " + connections + " connections round " + round + ": " + Math.round(rate)
                + " requests/s, p99 " + quantiles.p99() + " ns");
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
