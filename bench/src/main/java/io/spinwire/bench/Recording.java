package io.spinwire.bench;

import io.spinwire.bench.record.BenchException;
import io.spinwire.bench.record.Headline;
import io.spinwire.bench.record.Machine;
import io.spinwire.bench.record.RunFolder;
import io.spinwire.bench.rig.Budget;
import io.spinwire.bench.rig.Bulk;
import io.spinwire.bench.rig.Connects;
import io.spinwire.bench.rig.DriverRuns;
import io.spinwire.bench.rig.Effort;
import io.spinwire.bench.rig.Flows;
import io.spinwire.bench.rig.Latency;
import io.spinwire.bench.rig.Requests;
import io.spinwire.bench.rig.Rig;
import io.spinwire.bench.rig.Scale;
import io.spinwire.bench.rig.SockPerf;
import io.spinwire.bench.rig.StackRuns;
import io.spinwire.bench.rig.Steady;
import io.spinwire.bench.rig.Wiring;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One recorded run: the parts that were asked for, one after the other, then the folder and its headline. A part that
 * fails is recorded with its reason, and the next one goes on.
 */
final class Recording {
    private static final double WIRES_S = 0.5; // to make them and to remove them
    private static final long ENDING_MS = 300; // within it a signal to this process has been noticed
    private static final double BUSY = 0.5; // runnable threads besides ours

    private final Path out;
    private final List<String> wanted;
    private final boolean isQuick;
    private final Path lwIpSource;
    private final Effort effort;
    private final CountDownLatch isEnding = new CountDownLatch(1);
    private volatile Progress progress;
    private final List<String> failures = new ArrayList<>();

    /**
     * What is measured together.
     *
     * @param name for --only
     * @param ids of the targets that it gives figures for
     * @param seconds that it takes on a machine that does nothing else
     */
    private record Part(String name, List<String> ids, double seconds, Work work) {}

    /** Measures. */
    @FunctionalInterface
    private interface Work {
        void run(RunFolder folder) throws Exception;
    }

    /**
     * @param wanted names of parts; empty for all
     * @param lwIpSource lwIP's; null for where it usually is
     */
    Recording(Path out, List<String> wanted, boolean isQuick, Path lwIpSource) {
        this.out = out;
        this.lwIpSource = lwIpSource;
        this.wanted = wanted;
        this.isQuick = isQuick;
        effort = isQuick ? Effort.quick(this::tell) : Effort.full(this::tell);
        final List<String> known = parts().stream().map(Part::name).toList();
        if (!known.containsAll(wanted)) {
            throw new BenchException("--only " + String.join(",", wanted) + ": parts are " + String.join(", ", known));
        }
    }

    private List<Part> parts() {
        return Stream.concat(inMemory().stream(), onWires().stream()).toList();
    }

    private List<Part> inMemory() {
        return List.of(
                new Part(
                        "stack",
                        List.of("P5", "P6"),
                        StackRuns.seconds(effort),
                        folder -> new StackRuns(folder, effort, lwIpSource).run()),
                new Part("scale", List.of("P8"), Scale.seconds(effort), folder -> new Scale(folder, effort).run()));
    }

    private List<Part> onWires() {
        return List.of(
                wired(
                        "latency",
                        List.of("P1", "P2", "P3", "P10"),
                        Latency.seconds(effort),
                        (folder, wiring) -> new Latency(folder, wiring, effort).run()),
                wired(
                        "budget",
                        List.of(),
                        Budget.seconds(effort),
                        (folder, wiring) -> new Budget(folder, wiring, effort).run()),
                wired(
                        "steady",
                        List.of(),
                        Steady.seconds(effort),
                        (folder, wiring) -> new Steady(folder, wiring, effort).run()),
                wired(
                        "bulk",
                        List.of("P4", "P4j"),
                        Bulk.seconds(effort),
                        (folder, wiring) -> new Bulk(folder, wiring, effort).run()),
                wired(
                        "flows",
                        List.of(),
                        Flows.seconds(effort),
                        (folder, wiring) -> new Flows(folder, wiring, effort).run()),
                wired(
                        "driver",
                        List.of("P7"),
                        DriverRuns.seconds(effort),
                        (folder, wiring) -> new DriverRuns(folder, wiring, effort).run()),
                wired(
                        "sockperf",
                        List.of(),
                        SockPerf.seconds(effort),
                        (folder, wiring) -> new SockPerf(folder, wiring, effort).run()),
                wired(
                        "connects",
                        List.of("P9"),
                        Connects.seconds(effort),
                        (folder, wiring) -> new Connects(folder, wiring, effort).run()),
                wired(
                        "requests",
                        List.of(),
                        Requests.seconds(effort),
                        (folder, wiring) -> new Requests(folder, wiring, effort).run()));
    }

    /** A part that needs wires, which are its own. */
    private static Part wired(String name, List<String> ids, double seconds, WiredWork work) {
        return new Part(name, ids, WIRES_S + seconds, folder -> Rig.run(wiring -> work.run(folder, wiring)));
    }

    @FunctionalInterface
    private interface WiredWork {
        void run(RunFolder folder, Wiring wiring) throws Exception;
    }

    /**
     * Measures and records.
     *
     * @return whether all parts came to their end
     */
    boolean run() throws Exception {
        final double load = Machine.load();
        if (load > BUSY) {
            System.out.printf("The machine is busy (load %.2f): figures of this run will say little.%n", load);
        }
        final long stolenMs = Machine.stolenMs();
        final long startNs = System.nanoTime();
        final RunFolder folder = RunFolder.create(out);
        describe(folder);
        final List<Part> chosen = chosen();
        final Thread farewell = Thread.ofPlatform().unstarted(() -> sayFarewell(folder));
        Runtime.getRuntime().addShutdownHook(farewell);
        System.out.println("To take: " + expected(chosen));
        try (Progress shown = new Progress(Math.round(seconds()))) {
            progress = shown;
            chosen.forEach(part -> run(part, folder));
        }
        folder.environment("time stolen by the hypervisor meanwhile", Machine.stolenMs() - stolenMs + " ms");
        folder.environment("seconds in all", Long.toString((System.nanoTime() - startNs) / 1_000_000_000L));
        final Path finished = folder.finish();
        Runtime.getRuntime().removeShutdownHook(farewell);
        new Headline(out).add(folder.name(), isQuick, folder.ratios(), folder.pictures());
        System.out.print(Headline.table(folder.ratios()));
        folder.notes().forEach(System.out::println);
        failures.forEach(failure -> System.out.println("FAILED: " + failure));
        System.out.println("Recorded in " + finished);
        return failures.isEmpty();
    }

    private List<Part> chosen() {
        return parts().stream()
                .filter(part -> wanted.isEmpty() || wanted.contains(part.name()))
                .toList();
    }

    /** What the run takes on a machine that does nothing else. */
    double seconds() {
        return chosen().stream().mapToDouble(Part::seconds).sum();
    }

    /** What a person may expect, as {@code stack 0:35, scale 0:16: 0:51 in all}. */
    private String expected(List<Part> chosen) {
        return chosen.stream()
                        .map(part -> part.name() + ' ' + Progress.time(Math.round(part.seconds())))
                        .collect(Collectors.joining(", "))
                + ": " + Progress.time(Math.round(seconds())) + " in all, if nothing else runs";
    }

    /** On Ctrl-C, below the bar. */
    private void sayFarewell(RunFolder folder) {
        isEnding.countDown();
        if (progress != null) {
            progress.close();
        }
        System.out.println("Broken off. The parts that were finished are in " + folder.path(""));
    }

    private void tell(String step) {
        progress.accept(step);
    }

    private void describe(RunFolder folder) {
        final Map<String, String> machine = Machine.describe();
        machine.forEach(folder::environment);
        folder.param(
                "command",
                "java -jar bench/target/bench.jar record" + (isQuick ? " --quick" : "")
                        + (wanted.isEmpty() ? "" : " --only " + String.join(",", wanted)));
        folder.param("commit", machine.get("commit"));
        folder.param("quick", isQuick);
    }

    /**
     * Ctrl-C reaches processes that are measured as it reaches this one: their end is no failure of the part, no other
     * part begins, and the folder stays as the last part has left it.
     */
    private void stayIfEnding() {
        try {
            if (isEnding.await(ENDING_MS, TimeUnit.MILLISECONDS)) {
                Thread.sleep(Long.MAX_VALUE); // until the process has ended
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Part part, RunFolder folder) {
        progress.begin(part.name(), Math.round(part.seconds()));
        final long startNs = System.nanoTime();
        try {
            part.work().run(folder);
        } catch (final Exception e) {
            stayIfEnding();
            final String why = e instanceof BenchException ? e.getMessage() : e.toString();
            failures.add(part.name() + ": " + why);
            folder.environment(part.name() + " failed", why);
            part.ids().forEach(id -> folder.missing(id, why));
            tell("failed: " + why);
        }
        folder.environment("seconds of " + part.name(), Long.toString((System.nanoTime() - startNs) / 1_000_000_000L));
        folder.write();
    }
}
