package io.spinwire.daemon.lab;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A program, most often of Java, as another process, in a namespace for example, spoken to by lines. Meant to end when
 * its standard input does, and so with this process at the latest. One thread.
 */
public final class Child implements AutoCloseable {
    private static final long ANSWER_TIMEOUT_S = 60;
    private static final long END_TIMEOUT_S = 9;
    private static final String END = "\0";

    private final String name;
    private final Process process;
    private final BufferedWriter toChild;
    private Process watch; // while the child is paused
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        toChild = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread.ofPlatform().daemon().name("from-" + name).start(this::read);
    }

    /**
     * Starts a child on this process's JVM and class path.
     *
     * @param name what it is called in messages, {@code the daemon}
     * @param place turns its command line into one that runs in the right place, a namespace for example
     * @param mainAndArguments class to run, and what it is given
     */
    public static Child start(String name, UnaryOperator<List<String>> place, String... mainAndArguments) {
        return start(name, place, List.of("-Xms128m", "-Xmx512m"), mainAndArguments);
    }

    /**
     * The same with options of its own for the JVM.
     *
     * @param jvmOptions besides those that every part of Spinwire needs
     */
    public static Child start(
            String name, UnaryOperator<List<String>> place, List<String> jvmOptions, String... mainAndArguments) {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC"));
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(mainAndArguments));
        return startProgram(name, place.apply(command));
    }

    /**
     * Starts a child that is no program of ours.
     *
     * @param name what it is called in messages, {@code testpmd}
     * @param command the whole command line
     */
    public static Child startProgram(String name, List<String> command) {
        try {
            return new Child(
                    name, new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (final IOException e) {
            throw new LabException("cannot start " + name + ": " + e.getMessage());
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
        } catch (final IOException | RuntimeException e) {
            lines.add(name + " cannot be read: " + e);
        }
        lines.add(END);
    }

    /** Lines of the child up to and with the first that begins with {@code prefix}. */
    public List<String> await(String prefix) throws InterruptedException {
        final List<String> seen = new ArrayList<>();
        while (true) {
            final String line = lines.poll(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                lines.add(END);
                throw new LabException(name + (line == null ? " does not answer" : " has ended") + "; it said: "
                        + String.join("\n  ", seen));
            }
            seen.add(line);
            if (line.startsWith(prefix)) {
                return seen;
            }
        }
    }

    /** Sends a command and returns the words after {@code ok} of its answer. */
    public String[] ask(String command) throws InterruptedException {
        tell(command);
        return answer(command);
    }

    /** Sends a command whose answer is fetched later. */
    public void tell(String command) {
        try {
            toChild.write(command + "\n");
            toChild.flush();
        } catch (final IOException e) {
            throw new LabException(name + " has ended: " + e.getMessage());
        }
    }

    /** The words after {@code ok} of the next answer; {@code command} is for the message when there is none. */
    public String[] answer(String command) throws InterruptedException {
        final String answer = lines.poll(ANSWER_TIMEOUT_S, TimeUnit.SECONDS);
        if (answer == null || !answer.startsWith("ok")) {
            throw new LabException(name + ": " + (answer == null ? "no answer to " + command : answer));
        }
        return answer.substring(2).strip().split(" ");
    }

    /**
     * Stops the child where it is, as for a competitor that must not be disturbed, until {@link #resume}. A shell keeps
     * watch: should this process be killed meanwhile, its pipe to the shell closes and the child goes on, to find its
     * own end.
     */
    public void pause() {
        final String script = "trap '' INT TERM HUP; kill -STOP $1; echo stopped; read end; kill -CONT $1";
        try {
            watch = new ProcessBuilder("/bin/sh", "-c", script, "sh", Long.toString(process.pid())).start();
            watch.inputReader(StandardCharsets.UTF_8).readLine();
        } catch (final IOException e) {
            throw new LabException("cannot pause " + name + ": " + e.getMessage());
        }
    }

    /** Lets the child go on. */
    public void resume() throws InterruptedException {
        if (watch == null) {
            return;
        }
        try {
            watch.getOutputStream().close();
        } catch (final IOException e) {
            throw new LabException("cannot resume " + name + ": " + e.getMessage());
        }
        watch.waitFor();
        watch = null;
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /** Ends the child in order; what it said at its end comes back. */
    public List<String> stop() throws InterruptedException {
        final List<String> said = new ArrayList<>();
        if (process.isAlive()) {
            resume();
            process.toHandle().destroy(); // Process.destroy() would close the stream that we still read
            if (!process.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        String line = lines.poll(1, TimeUnit.SECONDS);
        while (line != null && !line.equals(END)) {
            said.add(line);
            line = lines.poll(1, TimeUnit.SECONDS);
        }
        lines.add(END);
        return said;
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
