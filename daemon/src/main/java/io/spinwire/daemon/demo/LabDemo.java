package io.spinwire.daemon.demo;

import io.spinwire.daemon.lab.Child;
import io.spinwire.daemon.lab.Lab;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The demo on AF_XDP: the daemon in one namespace, a client with kernel sockets in the other, and beside the daemon an
 * echo server of the kernel as the baseline. Both servers are measured by the same client process on the same two CPUs,
 * in turns; the one that is not being measured rests. The kernel's has a veth pair of its own without XDP, which would
 * slow the kernel down.
 */
public final class LabDemo {
    private static final String MAIN = "io.spinwire.daemon.Main";
    private static final int ECHO_PORT = 7;
    private static final int HTTP_PORT = 80;
    private static final int KERNEL_PORT = 7007;
    private static final long ECHO_BYTES = 8 << 20;
    private static final int ROUNDS = 3;
    private static final String ANY_CPU = "-1";
    private static final String SPINWIRE = "spinwire";
    private static final String KERNEL = "kernel";

    private final Lab lab;
    private final PrintStream out;
    private final int roundMs;
    private final CpuPair cpus = CpuPair.find(); // null when both ends have to share one
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /** A demo in {@code lab}, which is made for it and removed. */
    public LabDemo(Lab lab, PrintStream out, int roundMs) {
        this.lab = lab;
        this.out = out;
        this.roundMs = roundMs;
    }

    /**
     * Runs it.
     *
     * @throws RuntimeException when a step goes wrong; nothing is left behind
     */
    public void run() throws InterruptedException {
        final Thread cleaner = Thread.ofPlatform().unstarted(this::cleanUp); // Ctrl-C as well leaves nothing
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            show();
        } finally {
            cleanUp();
        }
        out.println("Everything was removed again. Next: spinwire help run, spinwire help lab.");
    }

    private void show() throws InterruptedException {
        out.println("Spinwire: a TCP engine in Java on AF_XDP, and clients with sockets of the Linux kernel.");
        out.println();
        step("lab", "two network namespaces, joined by two veth pairs");
        lab.down();
        open(lab::down);
        lab.up();
        step("daemon", "on AF_XDP at " + Lab.ENGINE_ADDRESS + " in namespace " + lab.namespace("a"));
        final Child daemon = startDaemon();
        final Child client = open(child("the client", "b", "client", "measure"));
        client.await("ready");
        page(client);
        echo(client);
        measure(client, daemon);
        step("end", "closing connections, detaching from the NIC");
        daemon.stop().forEach(this::detail);
    }

    private Child startDaemon() throws InterruptedException {
        final Child daemon = open(child(
                "the daemon",
                "a",
                "run",
                "--with-parent",
                "--name=" + lab.namespace("a"),
                "--nic=afxdp:" + Lab.ENGINE_INTERFACE,
                "--address=" + Lab.ENGINE_CIDR,
                "--echo=" + ECHO_PORT,
                "--http=" + HTTP_PORT,
                "--cpu=" + serverCpu()));
        daemon.await("ready").forEach(this::detail);
        return daemon;
    }

    private void page(Child client) throws InterruptedException {
        final String url = "http://" + Lab.ENGINE_ADDRESS + "/";
        step("page", "GET " + url + " with the JDK's HTTP client");
        final String[] answer = client.ask("page " + url);
        detail("200 OK, " + answer[0] + " bytes of " + answer[1].replace(";", ""));
    }

    private void echo(Child client) throws InterruptedException {
        step("echo", (ECHO_BYTES >> 20) + " MiB of random bytes there and back");
        final String[] answer = client.ask("echo " + Lab.ENGINE_ADDRESS + " " + ECHO_PORT + " " + ECHO_BYTES);
        final double seconds = Long.parseLong(answer[1]) / 1e9;
        detail(String.format(
                Locale.ROOT,
                "every byte is the same; %.2f s, %.0f MiB/s each way",
                seconds,
                (ECHO_BYTES >> 20) / seconds));
    }

    private void measure(Child client, Child daemon) throws InterruptedException {
        step("measure", "round trips of " + MeasuringClient.MESSAGE_BYTES + " bytes over TCP, both ends spinning");
        final Child kernel = open(child(
                "the kernel's echo server",
                "a",
                "client",
                "kernel-echo",
                "--port=" + KERNEL_PORT,
                "--cpu=" + serverCpu()));
        kernel.await("ready");
        if (cpus == null) {
            detail("this machine has one CPU for both ends: the figures say little");
        } else {
            client.ask("pin " + cpus.client());
        }
        round("warming up", client, daemon);
        client.ask("reset");
        for (int i = 1; i <= ROUNDS; i++) {
            round("round " + i + " of " + ROUNDS, client, daemon);
        }
        out.println();
        out.print(ResultTable.render(
                ResultTable.Row.of("kernel to Spinwire", client.ask("quantiles " + SPINWIRE)),
                ResultTable.Row.of("kernel to kernel", client.ask("quantiles " + KERNEL))));
        out.println();
        explain();
    }

    /** Both in turn. Both servers want the same CPU, and a spinning one does not share. */
    private void round(String name, Child client, Child daemon) throws InterruptedException {
        final String[] spinwire = client.ask(rtt(SPINWIRE, Lab.ENGINE_ADDRESS, ECHO_PORT));
        daemon.pause();
        final String[] kernel = client.ask(rtt(KERNEL, Lab.KERNEL_ADDRESS, KERNEL_PORT));
        daemon.resume();
        detail(String.format(
                Locale.ROOT,
                "%-13s p50 %9s Spinwire, %9s kernel",
                name,
                ResultTable.micros(Long.parseLong(spinwire[1])),
                ResultTable.micros(Long.parseLong(kernel[1]))));
    }

    private String rtt(String label, String host, int port) {
        return String.join(" ", "rtt", label, host, Integer.toString(port), Integer.toString(roundMs));
    }

    private void explain() {
        detail("The same client for both, in turns of " + roundMs + " ms: a kernel socket, non-blocking, TCP_NODELAY,");
        detail(
                cpus == null
                        ? "not pinned."
                        : "on CPU " + cpus.client() + "; both servers on CPU " + cpus.server() + ", in turns.");
        detail("The kernel's server spins too, on a veth pair of its own without XDP and with all offloads.");
        detail("A quick look, not a benchmark: those are in perf-results.");
        out.println();
    }

    private String serverCpu() {
        return cpus == null ? ANY_CPU : Integer.toString(cpus.server());
    }

    private Child child(String name, String side, String... arguments) {
        final String[] mainAndArguments = new String[arguments.length + 1];
        mainAndArguments[0] = MAIN;
        System.arraycopy(arguments, 0, mainAndArguments, 1, arguments.length);
        return Child.start(name, command -> lab.command(side, command), mainAndArguments);
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
                    out.println("could not clean up: " + e.getMessage());
                }
            }
        }
    }

    private void step(String name, String text) {
        out.printf("%-8s %s%n", name, text);
    }

    private void detail(String text) {
        out.println("         " + text);
    }
}
