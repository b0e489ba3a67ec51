package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The stack alone: P5 and P6 beside lwIP, and JMH with its allocation profiler, once with Agrona's bounds checks, as a
 * plain {@code java -jar} has them, and once without.
 */
public final class StackRuns {
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final String ALLOCATION_RATE = "gc.alloc.rate"; // MB/s

    /** MB in an iteration: JMH itself allocates some kilobytes, whatever it measures and for however long. */
    private static final double OF_JMH = 0.064;

    private static final double MS_PER_S = 1_000;
    private static final String NO_DATA_PATH = "hooks";
    private static final String BYTES = "bytes";
    private static final String CALIBRATOR = "calibratorNs";
    private static final double BYTES_PER_GIGABIT = 1e9 / 8;

    /** Benchmarks, and what they measure: P5, P6, and their parts. */
    private static final Map<String, String> IDS = new LinkedHashMap<>(Map.of(
            "SegmentInBenchmark", "segment in",
            "SegmentOutBenchmark", "segment out",
            "SocketsBenchmark", "sockets",
            "TableBenchmark", "table",
            "StackRoundTripBenchmark", "P5",
            "StackBulkBenchmark", "P6",
            "HookSwitchBenchmark", "hooks",
            "ChecksumBenchmark", "checksum",
            "TimerBenchmark", "timers",
            "HandOverBenchmark", "hand-over"));

    private final RunFolder folder;
    private final Effort effort;
    private final LwIp lwIp;
    private final Map<String, Double> allocated = new TreeMap<>(); // bytes of an operation, for each data path

    /**
     * @param effort is told of each result; JMH's own words go to a file of the folder
     * @param lwIpSource lwIP's; null for where it usually is
     */
    public StackRuns(RunFolder folder, Effort effort, Path lwIpSource) {
        this.folder = folder;
        this.effort = effort;
        lwIp = new LwIp(folder, lwIpSource);
    }

    /** A suite, with Agrona's bounds checks or without. */
    private record Run(JmhSuite suite, boolean isChecked) {}

    private static List<Run> runs(Effort effort) {
        final List<Run> production = List.of(new Run(JmhSuite.STACK, false), new Run(JmhSuite.PARTS, false));
        return effort.isQuick()
                ? production
                : List.of(new Run(JmhSuite.STACK, true), production.getFirst(), production.getLast());
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        return StackTurns.seconds(effort)
                + runs(effort).stream()
                        .map(run -> run.suite().options(Path.of(""), run.isChecked(), effort.isQuick()))
                        .mapToDouble(JmhSuite::seconds)
                        .sum();
    }

    /** Measures, and leaves results and ratios in the folder. */
    public void run() throws RunnerException, IOException, InterruptedException {
        folder.param("stack.jvm flags", String.join(" ", JmhSuite.JVM));
        final String missing = PerfCounters.missing();
        folder.environment("cycles of an operation", missing == null ? "counted by perf for each part" : missing);
        try (lwIp) {
            lwIp.prepare();
            new StackTurns(folder, effort, lwIp).run();
        }
        for (final Run run : runs(effort)) {
            measure(run);
        }
        folder.note(allocations(allocated));
    }

    /** JMH's own words, and of them to the person who waits what is measured now. */
    private OutputFormat output(PrintStream words, String setting) {
        final OutputFormat file = OutputFormatFactory.createFormatInstance(words, VerboseMode.NORMAL);
        final InvocationHandler listener = (proxy, method, arguments) -> {
            if (method.getName().equals("startBenchmark")) {
                final String name = ((BenchmarkParams) arguments[0]).getBenchmark();
                effort.progress(name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1) + ' ' + setting);
            }
            return method.invoke(file, arguments);
        };
        return (OutputFormat)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {OutputFormat.class}, listener);
    }

    private void measure(Run run) throws RunnerException, IOException {
        final Options options = run.suite().options(folder.path(""), run.isChecked(), effort.isQuick());
        final String setting = JmhSuite.setting(run.isChecked());
        try (PrintStream words = new PrintStream(options.getOutput().get(), StandardCharsets.UTF_8)) {
            record(new Runner(options, output(words, setting)).run(), setting);
        }
    }

    /** {@code 0 B/op on 16 of 17 data paths, not on: sockets offerAtClient (24.0)}. */
    static String allocations(Map<String, Double> bytesByPath) {
        final List<String> guilty = bytesByPath.entrySet().stream()
                .filter(path -> path.getValue() != 0)
                .map(path -> String.format(Locale.ROOT, "%s (%.1f)", path.getKey(), path.getValue()))
                .toList();
        return "0 B/op on " + (bytesByPath.size() - guilty.size()) + " of " + bytesByPath.size() + " data paths"
                + (guilty.isEmpty() ? "" : ", not on: " + String.join(", ", guilty));
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
        for (final String event : PerfCounters.EVENTS) {
            result.getSecondaryResults().forEach((name, counted) -> {
                if (name.equals(event) || name.startsWith(event + ":")) {
                    folder.result(id, key, event, counted.getScore(), "1/op");
                }
            });
        }
        if (!id.equals(NO_DATA_PATH)) {
            allocated.merge(id + ' ' + key.subject(), allocated(result), Math::max);
        }
        if (result.getSecondaryResults().containsKey(CALIBRATOR)) {
            // JMH adds events up over the iterations; the mean is what one of them was.
            final double calibrator =
                    result.getSecondaryResults().get(CALIBRATOR).getStatistics().getMean();
            folder.result(id, key, "calibrator", calibrator, "ns");
            folder.result(id, key, "score/calibrator", score / calibrator, "ratio");
        }
    }

    /** Bytes of an operation, 0 where all that an iteration allocates is JMH's own. */
    private static double allocated(RunResult result) {
        final double iterationS =
                result.getParams().getMeasurement().getTime().convertTo(TimeUnit.MILLISECONDS) / MS_PER_S;
        return secondary(result, ALLOCATION_RATE) * iterationS < OF_JMH ? 0 : secondary(result, ALLOCATION);
    }

    private static double secondary(RunResult result, String name) {
        return result.getSecondaryResults().get(name).getScore();
    }
}
