package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import io.spinwire.nic.afxdp.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** P9: connections a second, each with one request and its answer, the server closing first; in turns. */
public final class Connects {
    private static final String PART = "connects";
    private static final int FIRST_PORT = 8_000;
    private static final int PORTS = 36;
    private static final int AT_ONCE = 32;
    private static final int BYTES = 64;
    private static final int MAX_TIME_WAIT = 131_072;
    private static final int QUICK_MAX_TIME_WAIT = 16_384; // soon reached
    private static final double ROUND_LENGTH = 2.5; // 10 s in a full run
    private static final int MTU = 1_500;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final int maxTimeWait;
    private final Rounds<String> rates = new Rounds<>();

    public Connects(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
        maxTimeWait = effort.isQuick() ? QUICK_MAX_TIME_WAIT : MAX_TIME_WAIT;
    }

    /** Measures, and leaves results and a ratio in the folder. */
    public void run() throws Exception {
        folder.param(PART + ".ports", PORTS);
        folder.param(PART + ".at once", AT_ONCE);
        folder.param(PART + ".time-wait at most", maxTimeWait);
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair xdp = wiring.bare("conn");
            final String engine = " max-time-wait=" + maxTimeWait + " first-port=32768 last-port=60999";
            final Ends.Two engines = ends.startOn("engine", xdp, ",ring=2048", engine);
            final Wiring.Pair plain = wiring.kernel("kconn", MTU);
            final Ends.Two kernels = ends.start("kernel");
            for (final String side : List.of("a", "b")) {
                NetNamespace.run(wiring.lab().namespace(side), this::setKernel);
            }
            warm(engines, "engine", xdp.address("a"));
            warm(kernels, "kernel", plain.address("a"));
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                measure(round, "engine", engines, "engine", xdp.address("a"));
                measure(round, "kernel", kernels, "kernel", plain.address("a"));
            }
        }
        final double ours = rates.median("engine");
        final double theirs = rates.median("kernel");
        folder.ratio("P9", "connections a second, engines / kernel", ours / theirs, ">= 3.0");
    }

    private void setKernel() {
        try {
            Files.writeString(Path.of("/proc/sys/net/ipv4/tcp_tw_reuse"), "1");
            Files.writeString(Path.of("/proc/sys/net/ipv4/tcp_max_tw_buckets"), Integer.toString(maxTimeWait));
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_local_port_range"), "32768 60999");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        return 2 * Effort.TWO_PROCESSES_S
                + 2 * WarmUp.seconds(effort)
                + 2 * effort.roundsOfLess() * (Effort.CHANGE_S + effort.roundMs() * ROUND_LENGTH / 1e3);
    }

    /** As many connections as leave no room for another in TIME_WAIT, since making it has code of its own. */
    private void warm(Ends.Two two, String transport, String address) throws InterruptedException {
        final String length = " ms=1 least=" + maxTimeWait / 2;
        WarmUp.run(two, effort.longestWarmUpS(), () -> ask(two, transport, address, length));
        effort.progress(transport + " is warm");
    }

    /** Answers completed, failed, refused, nanoseconds. */
    private static String[] ask(Ends.Two two, String transport, String address, String length)
            throws InterruptedException {
        two.server().ask("serve transport=" + transport + " what=answer port=" + FIRST_PORT + " ports=" + PORTS);
        final String answer = two.client()
                .ask("connects transport=" + transport + " to=" + address + ":" + FIRST_PORT + " ports=" + PORTS
                        + " at-once=" + AT_ONCE + " bytes=" + BYTES + length);
        two.server().ask("figures");
        return answer.split(" ");
    }

    private void measure(int round, String name, Ends.Two two, String transport, String address)
            throws InterruptedException {
        final String[] words = ask(two, transport, address, " ms=" + (int) (effort.roundMs() * ROUND_LENGTH));
        final double rate = Long.parseLong(words[0]) * 1e9 / Long.parseLong(words[3]);
        final RunFolder.Key key = new RunFolder.Key(name, "", "" + round);
        folder.result(PART, key, "completed", rate, "1/s");
        folder.result(PART, key, "failed", Long.parseLong(words[1]), "");
        folder.result(PART, key, "refused", Long.parseLong(words[2]), "");
        rates.add(name, rate);
        effort.progress(name + " round " + round + ": " + Math.round(rate) + " connections/s, failed " + words[1]
                + ", refused " + words[2]);
    }
}
