package io.spinwire.bench.rig;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.profile.LinuxPerfNormProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's benchmarks in two groups: the whole stack, measured with more care, and its parts. */
enum JmhSuite {
    STACK("StackRoundTripBenchmark|StackBulkBenchmark", 2, 5, 1_000),
    PARTS(
            "SegmentInBenchmark|SegmentOutBenchmark|SocketsBenchmark|TableBenchmark|ChecksumBenchmark|TimerBenchmark"
                    + "|HandOverBenchmark|HookSwitchBenchmark",
            1,
            4,
            500);

    /** Flags of the JVMs in which it is measured. */
    static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    private static final List<String> ACCESS =
            List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED");

    /** All that is left out where it only has to be seen that it works. */
    private static final Map<String, String> QUICK_PARAMS =
            Map.of("clock", "system", "length", "1480", "timers", "1000", "entries", "100000", "segment", "64");

    private static final String[] NOT_QUICK = {"BetweenTurns", "HookSwitchBenchmark", "\\.copy", "\\.sum$"};
    private static final int QUICK_PART = 5; // of an iteration: P5 and P6 are measured in turns with lwIP
    private static final double FORK_S = 0.75; // a JVM, and the benchmark's own preparations
    private static final double MS_PER_S = 1_000;

    private final String pattern;
    private final int forks;
    private final int iterations;
    private final int iterationMs;

    JmhSuite(String pattern, int forks, int iterations, int iterationMs) {
        this.pattern = pattern;
        this.forks = forks;
        this.iterations = iterations;
        this.iterationMs = iterationMs;
    }

    /** How it is run; JMH's own words and its results go to files of {@code folder}. */
    Options options(Path folder, boolean isChecked, boolean isQuick) {
        final List<String> jvm = new ArrayList<>(ACCESS);
        jvm.addAll(JVM);
        if (!isChecked) {
            jvm.add(End.NO_BOUNDS_CHECKS);
        }
        final String file = "jmh-" + name().toLowerCase(Locale.ROOT) + "-"
                + setting(isChecked).replace('=', '-');
        final int ms = isQuick ? iterationMs / QUICK_PART : iterationMs;
        final ChainedOptionsBuilder options = new OptionsBuilder()
                .include("io\\.spinwire\\..*\\.(" + pattern + ")\\.")
                .jvmArgs(jvm.toArray(new String[0]))
                .forks(isQuick ? 1 : forks)
                .warmupIterations(isQuick ? 2 : iterations - 1)
                .warmupTime(TimeValue.milliseconds(ms))
                .measurementIterations(isQuick ? 2 : iterations)
                .measurementTime(TimeValue.milliseconds(ms))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON)
                .output(folder.resolve(file + ".txt").toString())
                .result(folder.resolve(file + ".json").toString());
        if (this == PARTS && PerfCounters.missing() == null) {
            options.addProfiler(LinuxPerfNormProfiler.class, "events=" + String.join(",", PerfCounters.EVENTS));
        }
        if (isQuick || isChecked) {
            QUICK_PARAMS.forEach(options::param);
            Arrays.stream(NOT_QUICK).forEach(options::exclude);
        }
        return options.build();
    }

    /** As it is written in results. */
    static String setting(boolean isChecked) {
        return "bounds-checks=" + (isChecked ? "on" : "off");
    }

    /** What a run with these options takes. */
    static double seconds(Options options) {
        final OutputFormat silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
        final long benchmarks =
                BenchmarkList.defaultList().find(silent, options.getIncludes(), options.getExcludes()).stream()
                        .mapToLong(entry -> combinations(entry, options))
                        .sum();
        final double iterationsS = (options.getWarmupIterations().get()
                                * options.getWarmupTime().get().convertTo(TimeUnit.MILLISECONDS)
                        + options.getMeasurementIterations().get()
                                * options.getMeasurementTime().get().convertTo(TimeUnit.MILLISECONDS))
                / MS_PER_S;
        return benchmarks * options.getForkCount().get() * (FORK_S + iterationsS);
    }

    /** Of the benchmark's parameters, but for those that the options choose. */
    private static long combinations(BenchmarkListEntry entry, Options options) {
        long product = 1;
        if (entry.getParams().hasValue()) {
            for (final Map.Entry<String, String[]> param :
                    entry.getParams().get().entrySet()) {
                product *= options.getParameter(param.getKey()).hasValue() ? 1 : param.getValue().length;
            }
        }
        return product;
    }
}
