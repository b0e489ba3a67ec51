package io.spinwire.bench.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Other programs that tell about the machine. */
public final class Programs {
    private Programs() {}

    /** What a program prints; where it is missing or fails, a line that says so. */
    public static String output(List<String> command) {
        try {
            return await(start(command), command);
        } catch (final IOException e) {
            return "(" + command.getFirst() + ": " + e.getMessage() + ")";
        }
    }

    /** Starts it, to be read by {@link #await}. */
    public static Process start(List<String> command) throws IOException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }

    /** Waits for its end and returns what it printed. */
    public static String await(Process process, List<String> command) throws IOException {
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            final int code = process.waitFor();
            return code == 0 ? output : "(" + String.join(" ", command) + ": exit code " + code + ": " + output + ")";
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted while " + String.join(" ", command) + " ran", e);
        }
    }
}
