package io.spinwire.bench;

import io.spinwire.daemon.lab.Child;
import io.spinwire.daemon.lab.Lab;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * P3 and the second half of P10: round trips of 64 bytes from a client with a kernel socket, to the daemon on AF_XDP
 * and, interleaved with that, to an echo server on a kernel socket. Client, daemon and server are processes of their
 * own; client on one CPU, both servers on another, the one that is not measured stopped. All spin.
 */
final class RoundTrip {
    private static final String MAIN = "io.spinwire.daemon.Main";
    private static final int ECHO_PORT = 7;
    private static final int KERNEL_PORT = 7007;
    private static final int SERVER_CPU = 0;
    private static final int CLIENT_CPU = 1;
    private static final int ROUNDS = 5;
    private static final int MIN_SAMPLES = 200_000;
    private static final String SETTING = "bounds-checks=on";
    private static final String ID = "P3";

    private final RunFolder folder;
    private final Lab lab = BenchLab.ofThisProcess();
    private final int rounds;
    private final int warmUpMs;
    private final int roundMs;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final List<Quantiles> spinwireRounds = new ArrayList<>();
    private final List<Quantiles> kernelRounds = new ArrayList<>();

    /** What came out. */
    record Result(Quantiles spinwire, Quantiles kernel) {}

    RoundTrip(RunFolder folder, boolean isQuick) {
        this.folder = folder;
        rounds = isQuick ? 3 : ROUNDS;
        warmUpMs = isQuick ? 500 : 2_000;
        roundMs = isQuick ? 1_000 : 4_000;
    }

    /** Refuses where it cannot be measured. */
    static void checkPossible() {
        final String missing = Lab.missing();
        if (missing != null) {
            throw new BenchException("P3 cannot be measured: " + missing);
        }
        if (Runtime.getRuntime().availableProcessors() < 2) {
            throw new BenchException("P3 needs two processors, one for each end: with one its figures say nothing");
        }
    }

    Result run() throws Exception {
        final Thread cleaner = Thread.ofPlatform().unstarted(this::cleanUp); // Ctrl-C as well leaves nothing
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            return measure();
        } finally {
            cleanUp();
        }
    }

    private Result measure() throws Exception {
        System.out.println("P3: kernel client to Spinwire, and to a kernel echo server, " + rounds + " rounds of "
                + roundMs + " ms each");
        BenchLab.removeLeftovers();
        open(lab::down);
        lab.up();
        final Child client = open(child("the client", "b", "client", "measure"));
        final Child daemon = open(startDaemon());
        final List<String> ready = daemon.await("ready");
        final Child kernel = open(startKernel());
        kernel.await("ready");
        client.await("ready");
        client.ask("pin " + CLIENT_CPU);
        describe(ready, client, daemon, kernel);
        daemon.pause();
        final String socket = watched(client);
        daemon.resume();
        folder.environment("the kernel server's socket while measured (ss -tin)", socket);
        try (PrintStream log = new PrintStream(
                new FileOutputStream(folder.path("round-trips.hlog").toFile()))) {
            rounds(new HistogramLogWriter(log), client, daemon);
        }
        folder.environment("the daemon at its end", String.join("\n", daemon.stop()));
        return result();
    }

    private Child startDaemon() {
        return child(
                "the daemon",
                "a",
                "run",
                "--with-parent",
                "--name=" + lab.namespace("a"),
                "--nic=afxdp:" + Lab.ENGINE_INTERFACE,
                "--address=" + Lab.ENGINE_CIDR,
                "--echo=" + ECHO_PORT,
                "--idle=busy-spin",
                "--cpu=" + SERVER_CPU);
    }

    private Child startKernel() {
        return child(
                "the kernel's echo server",
                "a",
                "client",
                "kernel-echo",
                "--port=" + KERNEL_PORT,
                "--cpu=" + SERVER_CPU);
    }

    private Child child(String name, String side, String... arguments) {
        final String[] mainAndArguments = new String[arguments.length + 1];
        mainAndArguments[0] = MAIN;
        System.arraycopy(arguments, 0, mainAndArguments, 1, arguments.length);
        return Child.start(name, command -> lab.command(side, command), mainAndArguments);
    }

    private void describe(List<String> ready, Child client, Child daemon, Child kernel) {
        folder.param("p3.message bytes", 64);
        folder.param("p3.rounds", rounds);
        folder.param("p3.warm-up ms", warmUpMs);
        folder.param("p3.round ms", roundMs);
        folder.param("p3.server cpu", SERVER_CPU);
        folder.param("p3.client cpu", CLIENT_CPU);
        folder.param("p3.setting", SETTING);
        folder.param("p3.client", commandLine(client));
        folder.param("p3.spinwire", commandLine(daemon));
        folder.param("p3.kernel", commandLine(kernel));
        folder.environment("the daemon says", String.join("\n", ready));
        folder.environment("the baseline", "kernel to kernel on a veth pair of its own without XDP, all offloads on");
        folder.environment("checksum offload of senders", BenchLab.checksumOffloads(lab));
        folder.environment("interfaces", BenchLab.describe(lab));
    }

    private static String commandLine(Child child) {
        final String home = System.getProperty("java.home") + "/bin/";
        return child.process().info().commandLine().orElse("(not told)").replace(home, "");
    }

    /** What the kernel knows of the baseline's connection, looked at in a round that does not count. */
    private String watched(Child client) throws IOException, InterruptedException {
        final List<String> look = lab.command(
                "a", List.of("sh", "-c", "sleep 0.3; exec ss -tinH state established sport = :" + KERNEL_PORT));
        final Process looking = Programs.start(look);
        client.ask(roundTrips("kernel", Lab.KERNEL_ADDRESS, KERNEL_PORT, 1_000));
        return Programs.await(looking, look);
    }

    private void rounds(HistogramLogWriter log, Child client, Child daemon) throws Exception {
        log.outputLegend();
        for (int i = 1; i <= rounds; i++) {
            final Quantiles spinwire = round(i, "spinwire", Lab.ENGINE_ADDRESS, ECHO_PORT, client, log);
            daemon.pause();
            final Quantiles kernel = round(i, "kernel", Lab.KERNEL_ADDRESS, KERNEL_PORT, client, log);
            daemon.resume();
            spinwireRounds.add(spinwire);
            kernelRounds.add(kernel);
            System.out.printf(
                    Locale.ROOT,
                    "round %d: Spinwire p50 %.2f us p99.9 %.2f us, kernel p50 %.2f us p99.9 %.2f us%n",
                    i,
                    spinwire.p50() / 1e3,
                    spinwire.p999() / 1e3,
                    kernel.p50() / 1e3,
                    kernel.p999() / 1e3);
        }
    }

    private Quantiles round(int round, String label, String host, int port, Child client, HistogramLogWriter log)
            throws InterruptedException, DataFormatException {
        client.ask(roundTrips(label, host, port, warmUpMs));
        client.ask("reset");
        final long startMs = System.currentTimeMillis();
        client.ask(roundTrips(label, host, port, roundMs));
        final byte[] encoded = Base64.getDecoder().decode(client.ask("histogram " + label)[0]);
        final Histogram histogram = Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 1);
        histogram.setTag(label + "-" + round);
        histogram.setStartTimeStamp(startMs);
        histogram.setEndTimeStamp(startMs + roundMs);
        log.outputIntervalHistogram(histogram);
        if (rounds == ROUNDS && histogram.getTotalCount() < MIN_SAMPLES) {
            System.out.println(label + ": only " + histogram.getTotalCount() + " samples in round " + round);
        }
        final Quantiles quantiles = Quantiles.of(histogram);
        quantiles.record(folder, ID, new RunFolder.Key(label, SETTING, Integer.toString(round)));
        return quantiles;
    }

    private static String roundTrips(String label, String host, int port, int milliseconds) {
        return String.join(" ", "rtt", label, host, Integer.toString(port), Integer.toString(milliseconds));
    }

    private Result result() {
        final Result result = new Result(Quantiles.medianOf(spinwireRounds), Quantiles.medianOf(kernelRounds));
        result.spinwire.record(folder, ID, new RunFolder.Key("spinwire", SETTING, "median"));
        result.kernel.record(folder, ID, new RunFolder.Key("kernel", SETTING, "median"));
        final RunFolder.Key ratio = new RunFolder.Key("spinwire/kernel", SETTING, "median");
        folder.result(ID, ratio, "p50", result.spinwire.p50() / (double) result.kernel.p50(), "ratio");
        folder.result(ID, ratio, "p99", result.spinwire.p99() / (double) result.kernel.p99(), "ratio");
        folder.result("P10", ratio, "p99.9", result.spinwire.p999() / (double) result.kernel.p999(), "ratio");
        return result;
    }

    private <T extends AutoCloseable> T open(T closeable) {
        synchronized (running) {
            running.push(closeable);
        }
        return closeable;
    }

    private void cleanUp() {
        synchronized (running) {
            while (!running.isEmpty()) {
                try {
                    running.pop().close();
                } catch (final Exception e) {
                    System.out.println("could not clean up: " + e.getMessage());
                }
            }
        }
    }
}
