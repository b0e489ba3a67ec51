package io.spinwire.daemon.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs {@code ip} of iproute2, and through it other programs inside a namespace. */
public final class IpCommand {
    private static final long TIMEOUT_S = 20;

    private final String program;

    private IpCommand(String program) {
        this.program = program;
    }

    /**
     * Finds the program.
     *
     * @throws LabException when iproute2 is not installed
     */
    public static IpCommand find() {
        return path().map(IpCommand::new)
                .orElseThrow(() -> new LabException("the ip command is missing: install iproute2"
                        + " (apt install iproute2, dnf install iproute, apk add iproute2)"));
    }

    static Optional<String> path() {
        final String searched = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
        return Stream.of(searched.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "ip"))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /**
     * Runs {@code ip} with these arguments.
     *
     * @return what it printed
     * @throws LabException with the command and what it complained about
     */
    public String run(String... arguments) {
        final List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        try {
            final Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LabException(String.join(" ", command) + ": no end after " + TIMEOUT_S + " s");
            }
            if (process.exitValue() != 0) {
                throw new LabException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (final IOException e) {
            throw new LabException(String.join(" ", command) + ": " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(String.join(" ", command) + ": interrupted");
        }
    }

    /** What runs {@code command} inside a namespace. */
    List<String> inNamespace(String namespace, List<String> command) {
        final List<String> whole = new ArrayList<>(List.of(program, "netns", "exec", namespace));
        whole.addAll(command);
        return whole;
    }
}
