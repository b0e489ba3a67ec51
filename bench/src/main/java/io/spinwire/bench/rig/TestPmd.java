package io.spinwire.bench.rig;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.Programs;
import io.spinwire.daemon.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * DPDK's testpmd on its AF_XDP driver, without hugepages and PCI, forwarding on the server's CPU while its main thread
 * sleeps on the other. It ends when its input does, and so with this process at the latest.
 */
final class TestPmd implements AutoCloseable {
    /** What one takes besides what it is measured for. */
    static final double START_AND_END_S = 2.2;

    private static final Path PROGRAM = Path.of("/usr/bin/dpdk-testpmd");
    private static final long START_MS = 15_000;
    private static final long SETTLE_MS = 700;
    private static final long END_S = 10;

    private final List<String> command;
    private final Process process;

    private TestPmd(List<String> command, Process process) {
        this.command = command;
        this.process = process;
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
     * Starts it on one interface and waits until it forwards.
     *
     * @param mode its own words for what it does
     */
    static TestPmd start(Wiring wiring, Wiring.Pair pair, List<String> mode) throws InterruptedException {
        final Lab lab = wiring.lab();
        final String device = pair.device("a");
        final List<String> words = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--no-huge",
                "-m",
                "256",
                "--no-pci",
                "--file-prefix=" + lab.namespace("a"),
                "-l",
                Ends.SERVER_CPU + "," + Ends.CLIENT_CPU,
                "--main-lcore=" + Ends.CLIENT_CPU,
                "--vdev=net_af_xdp0,iface=" + device,
                "--",
                "--auto-start",
                "--nb-cores=1",
                "--rxq=1",
                "--txq=1",
                "--total-num-mbufs=16384"));
        words.addAll(mode);
        try {
            final Process process = new ProcessBuilder(lab.command("a", words))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            final TestPmd started = new TestPmd(words, process);
            started.awaitXdp(lab, device);
            return started;
        } catch (final IOException e) {
            throw new BenchException("testpmd does not start: " + e.getMessage(), e);
        }
    }

    /** What it prints stays in its own buffer until it ends, so its program on the interface is waited for. */
    private void awaitXdp(Lab lab, String device) throws InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS);
        final List<String> show = lab.command("a", List.of("ip", "link", "show", device));
        while (!Programs.output(show).contains("xdp")) {
            if (!process.isAlive() || System.nanoTime() - endNs > 0) {
                close();
                throw new BenchException("testpmd did not attach to " + device + "; try it: " + commandLine());
            }
            Thread.sleep(SETTLE_MS / 7);
        }
        Thread.sleep(SETTLE_MS);
    }

    String commandLine() {
        return String.join(" ", command);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final IOException e) {
            process.destroyForcibly();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
