package io.spinwire.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One recorded run: the parts that were asked for, one after the other, then the folder and its headline. */
final class Recording {
    private static final String P3 = "p3";
    private static final String STACK = "stack";
    private static final double BUSY = 0.5; // runnable threads besides ours

    private final Path out;
    private final List<String> parts;
    private final boolean isQuick;

    Recording(Path out, List<String> parts, boolean isQuick) {
        this.out = out;
        this.parts = parts;
        this.isQuick = isQuick;
        if (!Set.of(P3, STACK).containsAll(parts)) {
            throw new BenchException("--only " + String.join(",", parts) + ": parts are p3 and stack");
        }
    }

    void run() throws Exception {
        if (parts.contains(P3)) {
            RoundTrip.checkPossible();
        }
        final double load = Machine.load();
        if (load > BUSY) {
            System.out.printf("The machine is busy (load %.2f): figures of this run will say little.%n", load);
        }
        final long stolenMs = Machine.stolenMs();
        final long startNs = System.nanoTime();
        final RunFolder folder = RunFolder.create(out);
        final Map<String, String> machine = Machine.describe();
        machine.forEach(folder::environment);
        folder.param("command", "java -jar bench/target/bench.jar record" + (isQuick ? " --quick" : ""));
        folder.param("commit", machine.get("commit"));
        folder.param("parts", parts);
        folder.param("quick", isQuick);

        final Headline headline = new Headline(out, folder.name(), isQuick);
        if (parts.contains(P3)) {
            headline.roundTrip(new RoundTrip(folder, isQuick).run());
        }
        if (parts.contains(STACK)) {
            headline.stack(new StackRuns(folder, isQuick).run());
        }
        folder.environment("time stolen by the hypervisor meanwhile", Machine.stolenMs() - stolenMs + " ms");
        folder.environment("seconds in all", Long.toString((System.nanoTime() - startNs) / 1_000_000_000L));
        final Path finished = folder.finish();
        headline.write();
        System.out.println("Recorded in " + finished);
    }
}
