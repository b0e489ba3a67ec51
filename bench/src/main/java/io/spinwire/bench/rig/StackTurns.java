package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import java.util.Locale;
import java.util.Map;

/**
 * P5 and P6: the stack alone beside lwIP, in slices on one CPU, one after the other, so that both see the same machine.
 * What is not measured is asleep. Several JVMs one after the other, since each compiles the engine a little otherwise.
 * The ratio is that of the medians of all slices.
 */
final class StackTurns {
    /** Of each slice. */
    static final int SLICE_MS = 250;

    private static final int FORKS = 3;
    private static final int SLICES = 8; // of each fork
    private static final int QUICK_SLICES = 2;
    private static final int WARM_UP_MS = 4_000;
    private static final int QUICK_WARM_UP_MS = 1_500;
    private static final int SLICES_OF_TIME = 3; // ours, and lwIP's with one that does not count
    private static final double MS_PER_S = 1_000;

    /** By what lwIP's program calls them. */
    private static final Map<String, Target> TARGETS = Map.of(
            LwIpWords.ROUND_TRIP, new Target("P5", "round trip of the stack alone", "<= 0.5"),
            LwIpWords.BULK, new Target("P6", "bulk of the stack alone", ">= 2.0"));

    private final RunFolder folder;
    private final Effort effort;
    private final LwIp lwIp;
    private final Rounds<String> ours = new Rounds<>();
    private final Rounds<String> theirs = new Rounds<>();

    private record Target(String id, String what, String goal) {}

    StackTurns(RunFolder folder, Effort effort, LwIp lwIp) {
        this.folder = folder;
        this.effort = effort;
        this.lwIp = lwIp;
    }

    /** What it takes. */
    static double seconds(Effort effort) {
        final int ms = warmUpMs(effort) + slices(effort) * SLICES_OF_TIME * SLICE_MS;
        final double forkS = Effort.TWO_PROCESSES_S + LwIpWords.MODES.size() * ms / MS_PER_S;
        return LwIp.BUILD_S + forks(effort) * forkS;
    }

    private static int forks(Effort effort) {
        return effort.isQuick() ? 1 : FORKS;
    }

    private static int slices(Effort effort) {
        return effort.isQuick() ? QUICK_SLICES : SLICES;
    }

    private static int warmUpMs(Effort effort) {
        return effort.isQuick() ? QUICK_WARM_UP_MS : WARM_UP_MS;
    }

    /** Measures, and leaves results and ratios in the folder. */
    void run() throws InterruptedException {
        for (int fork = 0; fork < forks(effort); fork++) {
            run(fork * slices(effort));
        }
        LwIpWords.MODES.forEach(this::conclude);
    }

    /** A JVM for each exchange, so that none is compiled for the other. */
    private void run(int slicesBefore) throws InterruptedException {
        try (End roundTrips = End.launchHere("the stack alone");
                End bulk = End.launchHere("the stack alone in bulk")) {
            final Map<String, End> ends = Map.of(LwIpWords.ROUND_TRIP, roundTrips, LwIpWords.BULK, bulk);
            folder.param("stack.in turns with lwip", roundTrips.commandLine());
            for (final String mode : LwIpWords.MODES) {
                ends.get(mode).await(LwIp.cpu());
                ends.get(mode).ask(command(mode, warmUpMs(effort)));
            }
            for (int slice = 1; slice <= slices(effort); slice++) {
                for (final String mode : LwIpWords.MODES) {
                    final double our = Double.parseDouble(ends.get(mode).ask(command(mode, SLICE_MS)));
                    add(mode, slicesBefore + slice, our, lwIp.slice(mode));
                }
            }
            for (final End end : ends.values()) {
                end.ask("stack-end");
            }
        }
    }

    private static String command(String mode, int ms) {
        return "stack what=" + mode + " ms=" + ms;
    }

    /** @param their NaN where lwIP cannot be run */
    void add(String mode, int slice, double our, double their) {
        ours.add(mode, our);
        result(mode, "engine", "slice " + slice, our);
        if (!Double.isNaN(their)) {
            theirs.add(mode, their);
            result(mode, "lwip", "slice " + slice, their);
        }
    }

    private void result(String mode, String subject, String round, double figure) {
        final RunFolder.Key key = new RunFolder.Key(subject, mode + " in turns", round);
        folder.result(TARGETS.get(mode).id(), key, "score", figure, LwIpWords.unit(mode));
    }

    /** Medians and their ratio; where lwIP cannot be run, to what it gave on the reference machine, which is said. */
    void conclude(String mode) {
        final Target target = TARGETS.get(mode);
        final double our = ours.median(mode);
        result(mode, "engine", "median", our);
        final boolean isHere = !Double.isNaN(theirs.median(mode));
        if (isHere) {
            result(mode, "lwip", "median", theirs.median(mode));
        }
        final double their = isHere ? theirs.median(mode) : LwIpWords.reference(mode);
        final String unit = LwIpWords.unit(mode);
        final String other = String.format(Locale.ROOT, "lwIP's %.1f %s", their, unit);
        effort.progress(String.format(Locale.ROOT, "%s: %.1f %s, %s", target.what(), our, unit, other));
        folder.ratio(
                target.id(),
                target.what() + " / " + other + (isHere ? "" : " on the reference machine"),
                our / their,
                target.goal());
    }
}
