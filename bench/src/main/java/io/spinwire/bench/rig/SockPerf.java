package io.spinwire.bench.rig;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.Programs;
import io.spinwire.bench.record.RunFolder;
import io.spinwire.daemon.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A second opinion on the kernel: sockperf, a C program, on the same wire and CPUs as the JDK's spinning sockets. */
public final class SockPerf {
    private static final String PART = "sockperf";
    private static final Path PROGRAM = Path.of("/usr/bin/sockperf");
    private static final String PORT = "11111";
    private static final int MESSAGE_BYTES = 64;
    private static final long START_MS = 500;
    private static final double NS = 1_000;
    private static final double MS_PER_S = 1_000;
    private static final double ENDS_S = 0.9; // what it does before and after
    private static final Pattern PERCENTILE =
            Pattern.compile("percentile (50\\.000|99\\.000|99\\.900|99\\.990) =\\s+([\\d.]+)");

    private final RunFolder folder;
    private final Lab lab;
    private final Effort effort;

    /** In these wires. */
    public SockPerf(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.lab = wiring.lab();
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        return Files.isExecutable(PROGRAM)
                ? START_MS / MS_PER_S + effort.roundsOfLess() * (seconds(effort.roundMs()) + ENDS_S)
                : 0;
    }

    /** Measures, and leaves results in the folder; where it is not installed, a line that says so. */
    public void run() throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            folder.environment(PART, PROGRAM + " is not installed (Debian: apt install sockperf)");
            return;
        }
        folder.environment(PART, Programs.output(List.of("dpkg-query", "-W", PART)));
        final List<String> server = program("a", Ends.SERVER_CPU, "server");
        final Process process = new ProcessBuilder(server)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Thread.sleep(START_MS);
            final List<String> client = program("b", Ends.CLIENT_CPU, "ping-pong");
            client.addAll(List.of(
                    "-m",
                    Integer.toString(MESSAGE_BYTES),
                    "--full-rtt",
                    "-t",
                    Integer.toString(seconds(effort.roundMs()))));
            folder.param(PART + ".server", String.join(" ", server));
            folder.param(PART + ".client", String.join(" ", client));
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                record(round, Programs.output(client));
            }
        } finally {
            process.destroy();
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** It knows only whole ones. */
    private static int seconds(int ms) {
        return Math.max(1, ms / 1_000);
    }

    private List<String> program(String side, int cpu, String mode) {
        return new ArrayList<>(lab.command(
                side,
                List.of(
                        "taskset",
                        "-c",
                        Integer.toString(cpu),
                        PROGRAM.toString(),
                        mode,
                        "--tcp",
                        "-i",
                        Lab.KERNEL_ADDRESS,
                        "-p",
                        PORT,
                        "--nonblocked")));
    }

    private void record(int round, String output) {
        final Matcher matcher = PERCENTILE.matcher(output);
        boolean isFound = false;
        while (matcher.find()) {
            isFound = true;
            final String metric = "p" + matcher.group(1).replaceAll("\\.?0+$", "");
            folder.result(
                    PART,
                    new RunFolder.Key("kernel 64 B", "sockperf", "" + round),
                    metric,
                    Double.parseDouble(matcher.group(2)) * NS,
                    "ns");
            effort.progress("round " + round + ": " + metric + " " + matcher.group(2) + " us");
        }
        if (!isFound) {
            throw new BenchException("sockperf gave no percentiles: " + output);
        }
    }
}
