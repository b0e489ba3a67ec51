package io.spinwire.bench.rig;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.Programs;
import io.spinwire.daemon.lab.Child;
import io.spinwire.daemon.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * DPDK's testpmd on its AF_XDP driver, without hugepages and PCI, forwarding on the server's CPU while its main thread
 * sleeps on the other; stopped unless it is measured. It ends when its input does, and so with this process at the
 * latest, also when it is stopped.
 */
final class TestPmd implements AutoCloseable, Competitor.Service {
    /** What some take, side by side, to start and to end. */
    static final double START_AND_END_S = 3.5;

    private static final Path PROGRAM = Path.of("/usr/bin/dpdk-testpmd");
    private static final long START_MS = 15_000;
    private static final long LOOK_MS = 50;
    private static final long SETTLE_MS = 700;
    private static final int LAST_WORDS = 10; // lines of them
    private static final long END_MS = 8_000; // after it, by a signal

    private final Lab lab;
    private final Wiring.Pair pair;
    private final List<String> command;
    private final Child child;

    private TestPmd(Lab lab, Wiring.Pair pair, List<String> command) {
        this.lab = lab;
        this.pair = pair;
        this.command = command;
        child = Child.startProgram("testpmd on " + pair.device("a"), lab.command("a", command));
    }

    /** How to install it, or null where it is. */
    static String missing() {
        return Files.isExecutable(PROGRAM)
                ? null
                : PROGRAM + " is not installed (Debian: apt install dpdk-dev librte-net-af-xdp23)";
    }

    /** Its version as its package has it. */
    static String version() {
        return Programs.output(List.of("dpkg-query", "-W", "dpdk-dev", "librte-net-af-xdp23"));
    }

    /**
     * Begins to start it on side a of a pair.
     *
     * @param mode its own words for what it does
     */
    static TestPmd launch(Lab lab, Wiring.Pair pair, List<String> mode) {
        final List<String> words = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--no-huge",
                "--no-shconf", // no files: several run at once, and leave none behind
                "--no-telemetry",
                "-m",
                "256",
                "--no-pci",
                "-l",
                Ends.SERVER_CPU + "," + Ends.CLIENT_CPU,
                "--main-lcore=" + Ends.CLIENT_CPU,
                "--vdev=net_af_xdp0,iface=" + pair.device("a"),
                "--",
                "--auto-start",
                "--nb-cores=1",
                "--rxq=1",
                "--txq=1",
                "--total-num-mbufs=16384"));
        words.addAll(mode);
        return new TestPmd(lab, pair, words);
    }

    /**
     * Waits until they forward, and stops them. What one prints stays in its own buffer until it ends, so its program
     * on the interface is waited for.
     */
    static void awaitAll(List<TestPmd> launched) throws InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        for (final TestPmd each : launched) {
            each.awaitXdp(endNs);
        }
        Thread.sleep(launched.isEmpty() ? 0 : SETTLE_MS);
        launched.forEach(TestPmd::end);
    }

    private void awaitXdp(long endNs) throws InterruptedException {
        final String device = pair.device("a");
        final List<String> show = lab.command("a", List.of("ip", "link", "show", device));
        while (!Programs.output(show).contains("xdp")) {
            if (!child.process().isAlive() || System.nanoTime() - endNs > 0) {
                final List<String> said = child.stop();
                throw new BenchException("testpmd did not attach to " + device + "; try it: " + commandLine()
                        + "; it said at last: "
                        + String.join("\n  ", said.subList(Math.max(0, said.size() - LAST_WORDS), said.size())));
            }
            Thread.sleep(LOOK_MS);
        }
    }

    /** What it forwards on. */
    Wiring.Pair pair() {
        return pair;
    }

    /** Lets it forward. */
    @Override
    public void begin() throws InterruptedException {
        child.resume();
    }

    /** Stops it where it is. */
    @Override
    public void end() {
        child.pause();
    }

    String commandLine() {
        return String.join(" ", command);
    }

    /** Tells it to end, and does not wait. */
    void dismiss() {
        try {
            child.resume();
            child.process().getOutputStream().close();
        } catch (final IOException e) {
            // it has ended already
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        dismiss();
        try {
            child.process().waitFor(END_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        child.close();
    }
}
