package io.spinwire.bench.rig;

import io.spinwire.daemon.lab.Child;
import io.spinwire.daemon.lab.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process at one end of a wire, as the rig sees it: asked by lines, asleep while nobody asks. */
public final class End implements AutoCloseable {
    private static final List<String> MEMORY = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
    private static final long END_MS = 2_000; // after it, by a signal
    static final String NO_BOUNDS_CHECKS = "-Dagrona.disable.bounds.checks=true";

    private final Child child;

    private End(Child child) {
        this.child = child;
    }

    /** Starts one, and waits until it obeys: see {@link #launch} and {@link #await}. */
    public static End start(String name, Lab lab, String side, int cpu, boolean hasBoundsChecks)
            throws InterruptedException {
        final End end = launch(name, lab, side, hasBoundsChecks);
        end.await(cpu);
        return end;
    }

    /**
     * Begins to start one.
     *
     * @param name in messages, {@code the engine's client}
     * @param hasBoundsChecks Agrona's; off as in production
     */
    static End launch(String name, Lab lab, String side, boolean hasBoundsChecks) {
        return launch(name, lab, side, hasBoundsChecks ? List.of() : List.of(NO_BOUNDS_CHECKS));
    }

    /** The same with options of the JVM. */
    static End launch(String name, Lab lab, String side, List<String> more) {
        return launch(name, command -> lab.command(side, command), more);
    }

    /** The same in no namespace of its own and without bounds checks, for what needs no network. */
    static End launchHere(String name) {
        return launch(name, UnaryOperator.identity(), List.of(NO_BOUNDS_CHECKS));
    }

    private static End launch(String name, UnaryOperator<List<String>> place, List<String> more) {
        final List<String> options =
                Stream.concat(MEMORY.stream(), more.stream()).toList();
        return new End(Child.start(name, place, options, "io.spinwire.bench.Main", "end"));
    }

    /** Waits until it has started, and ties it to a CPU. */
    void await(int cpu) throws InterruptedException {
        child.await("ready");
        ask("pin cpu=" + cpu);
    }

    /** Sends a command and waits for its answer. */
    public String ask(String command) throws InterruptedException {
        return Stream.of(child.ask(command)).collect(Collectors.joining(" "));
    }

    /** Sends a command whose answer is fetched by {@link #answer} later. */
    public void begin(String command) throws InterruptedException {
        child.tell(command);
    }

    /** The answer to what was begun. */
    public String answer() throws InterruptedException {
        return String.join(" ", child.answer("what was begun"));
    }

    /** What it has used of a CPU since it began, all threads together. */
    long cpuMs() {
        return child.process().info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
    }

    /** The command line, for the record. */
    public String commandLine() {
        final String home = System.getProperty("java.home") + "/bin/";
        return child.process().info().commandLine().orElse("(not told)").replace(home, "");
    }

    /** Tells it to end, which it does when nothing more can be said to it, and does not wait. */
    void dismiss() {
        try {
            child.process().getOutputStream().close();
        } catch (final IOException e) {
            // it has ended already
        }
    }

    /**
     * Ends it. Not by a signal, unless it must be: a JVM that is told by one waits a third of a second for the thread
     * that reads its input.
     */
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
