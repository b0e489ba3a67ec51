package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * P5 and P6, the stack alone: JMH with its allocation profiler, once with Agrona's bounds checks, as a plain
 * {@code java -jar} has them, and once without.
 */
public final class StackRuns {
    private static final String[] ACCESS = {
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"
    };
    private static final String[] JVM = {"-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"};
    private static final String NO_BOUNDS_CHECKS = "-Dagrona.disable.bounds.checks=true";
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final String BYTES = "bytes";
    private static final String CALIBRATOR = "calibratorNs";
    private static final double BYTES_PER_GIGABIT = 1e9 / 8;

    /** Benchmarks, and what they measure: P5, P6, and their parts. */
    private static final Map<String, String> IDS = new LinkedHashMap<>(Map.of(
            "StackRoundTripBenchmark", "P5",
            "StackBulkBenchmark", "P6",
            "HookSwitchBenchmark", "hooks",
            "ChecksumBenchmark", "checksum",
            "TimerBenchmark", "timers",
            "HandOverBenchmark", "hand-over"));

    private final RunFolder folder;
    private final Effort effort;
    private final boolean isQuick;
    private static final double LWIP_ROUND_TRIP_NS = 412; // ARCHITECTURE's reference machine
    private static final double LWIP_BULK_GBITS = 14.5;
    private final Map<String, Double> scores = new TreeMap<>();

    /** @param effort is told of each result; JMH's own words go to a file of the folder */
    public StackRuns(RunFolder folder, Effort effort, boolean isQuick) {
        this.folder = folder;
        this.effort = effort;
        this.isQuick = isQuick;
    }

    /** Measures, and leaves results and ratios in the folder. */
    public void run() throws RunnerException {
        folder.param("stack.jvm flags", String.join(" ", JVM));
        for (final boolean isChecked : isQuick ? new boolean[] {false} : new boolean[] {true, false}) {
            final String setting = "bounds-checks=" + (isChecked ? "on" : "off");
            for (final Suite suite : Suite.values()) {
                record(new Runner(options(suite, isChecked, setting).build()).run(), setting);
            }
        }
        final String setting = "bounds-checks=off";
        folder.ratio(
                "P5",
                "round trip of the stack alone / lwIP's 412 ns",
                scores.get("P5 roundTrip " + setting + " clock=system") / LWIP_ROUND_TRIP_NS,
                "<= 0.5");
        folder.ratio(
                "P6",
                "bulk of the stack alone / lwIP's 14.5 Gbit/s",
                scores.get("P6 bulk " + setting) / LWIP_BULK_GBITS,
                ">= 2.0");
    }

    /** What is measured with much care, and what with less. */
    private enum Suite {
        STACK("StackRoundTripBenchmark|StackBulkBenchmark", 3, 5, 1_500, 800),
        PARTS("HookSwitchBenchmark|ChecksumBenchmark|TimerBenchmark|HandOverBenchmark", 1, 4, 500, 100);

        final String pattern;
        final int forks;
        final int iterations;
        final int iterationMs;
        final int quickMs;

        Suite(String pattern, int forks, int iterations, int iterationMs, int quickMs) {
            this.pattern = pattern;
            this.forks = forks;
            this.iterations = iterations;
            this.iterationMs = iterationMs;
            this.quickMs = quickMs;
        }
    }

    private ChainedOptionsBuilder options(Suite suite, boolean isChecked, String setting) {
        final List<String> jvm = new ArrayList<>(List.of(ACCESS));
        jvm.addAll(Arrays.asList(JVM));
        if (!isChecked) {
            jvm.add(NO_BOUNDS_CHECKS);
        }
        final String file = "jmh-" + suite.name().toLowerCase() + "-" + setting.replace('=', '-') + ".json";
        final TimeValue time = TimeValue.milliseconds(isQuick ? suite.quickMs : suite.iterationMs);
        final ChainedOptionsBuilder options = new OptionsBuilder();
        if (isQuick && suite == Suite.STACK) {
            options.param("clock", "system").exclude("BetweenTurns");
        }
        return options.include("io\\.spinwire\\.bench\\.jmh\\.(" + suite.pattern + ")\\.")
                .jvmArgs(jvm.toArray(new String[0]))
                .forks(isQuick ? 1 : suite.forks)
                .warmupIterations(isQuick ? 2 : 4)
                .warmupTime(time)
                .measurementIterations(isQuick ? 2 : suite.iterations)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON)
                .output(folder.path(file.replace(".json", ".txt")).toString())
                .result(folder.path(file).toString());
    }

    private void record(Collection<RunResult> results, String setting) {
        for (final RunResult result : results) {
            final BenchmarkParams params = result.getParams();
            final String name = params.getBenchmark();
            final String method = name.substring(name.lastIndexOf('.') + 1);
            final String owner = name.substring(0, name.lastIndexOf('.'));
            final String id = IDS.get(owner.substring(owner.lastIndexOf('.') + 1));
            final StringBuilder parameters = new StringBuilder(setting);
            for (final String key : params.getParamsKeys()) {
                parameters.append(' ').append(key).append('=').append(params.getParam(key));
            }
            record(result, id, new RunFolder.Key(method, parameters.toString(), "mean"));
        }
    }

    private void record(RunResult result, String id, RunFolder.Key key) {
        final boolean isBulk = id.equals("P6");
        final double score = isBulk
                ? secondary(result, BYTES) / BYTES_PER_GIGABIT
                : result.getPrimaryResult().getScore();
        final double error = isBulk
                ? result.getSecondaryResults().get(BYTES).getScoreError() / BYTES_PER_GIGABIT
                : result.getPrimaryResult().getScoreError();
        final String unit = isBulk ? "Gbit/s" : "ns";
        folder.result(id, key, "score", score, unit);
        effort.progress(String.format(Locale.ROOT, "%s %s: %.1f %s", key.subject(), key.setting(), score, unit));
        folder.result(id, key, "error 99.9%", error, unit);
        folder.result(id, key, "allocated", secondary(result, ALLOCATION), "B/op");
        scores.put(id + " " + key.subject() + " " + key.setting(), score);
        scores.merge("allocated " + id, secondary(result, ALLOCATION), Math::max);
        if (result.getSecondaryResults().containsKey(CALIBRATOR)) {
            // JMH adds events up over the iterations; the mean is what one of them was.
            final double calibrator =
                    result.getSecondaryResults().get(CALIBRATOR).getStatistics().getMean();
            folder.result(id, key, "calibrator", calibrator, "ns");
            folder.result(id, key, "score/calibrator", score / calibrator, "ratio");
            scores.put("calibrator " + key.setting(), calibrator);
        }
    }

    private static double secondary(RunResult result, String name) {
        return result.getSecondaryResults().get(name).getScore();
    }
}
