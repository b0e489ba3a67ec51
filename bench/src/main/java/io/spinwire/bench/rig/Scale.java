package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import io.spinwire.bench.scale.ScaleRun;
import io.spinwire.daemon.lab.Child;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** P8: one, a thousand, a hundred thousand and a million endpoints in one process, each size in a JVM of its own. */
public final class Scale {
    private static final String PART = "scale";
    private static final int ONE_CONNECTION = 2; // endpoints
    private static final int MILLION = 1_000_000;
    private static final List<String> JVM = List.of("-Xms64m", "-Xmx4g", "-Dagrona.disable.bounds.checks=true");
    private static final String COMPACT_HEADERS = "-XX:+UseCompactObjectHeaders";
    private static final double PROCESS_S = 3.5; // of the smallest size
    private static final double ENDPOINT_S = 10e-6;
    private static final int SEGMENTS_PER_EXCHANGE = 2; // data, and its ACK

    /** P8: what a segment may cost more at a random connection. */
    private static final int RANDOM_LOADS = 4;

    private static final Map<String, String> UNITS = Map.of("bytes", "B", "ns", "ns", "each", "B");

    private final RunFolder folder;
    private final Effort effort;
    private final Map<Integer, Map<String, Double>> figures = new LinkedHashMap<>();

    /** Of figures for {@code folder}. */
    public Scale(RunFolder folder, Effort effort) {
        this.folder = folder;
        this.effort = effort;
    }

    /** The first and the last size are enough to see that it works. */
    private static int[] sizes(Effort effort) {
        return effort.isQuick()
                ? new int[] {ONE_CONNECTION, MILLION}
                : new int[] {ONE_CONNECTION, 1_000, 100_000, MILLION};
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final double sizes = Arrays.stream(sizes(effort))
                .mapToDouble(endpoints -> PROCESS_S + endpoints * ENDPOINT_S)
                .sum();
        return effort.isQuick() ? sizes : sizes + PROCESS_S + MILLION * ENDPOINT_S;
    }

    /** Measures, and leaves results and ratios in the folder. */
    public void run() throws InterruptedException {
        folder.param(PART + ".jvm flags", String.join(" ", JVM));
        for (final int endpoints : sizes(effort)) {
            figures.put(endpoints, measure(endpoints, false));
        }
        final Map<String, Double> million = figures.get(MILLION);
        folder.ratio("P8", "bytes for each of 1,000,000 idle endpoints", million.get("bytes.each"), "<= 1024");
        if (!effort.isQuick()) {
            final double compact = measure(MILLION, true).get("bytes.each");
            folder.ratio("P8", "the same with compact object headers", compact, "<= 1024");
        }
        final double one = figures.get(ONE_CONNECTION).get("exchange.ns") / SEGMENTS_PER_EXCHANGE;
        final double random = million.get("exchange.ns") / SEGMENTS_PER_EXCHANGE;
        folder.ratio(
                "P8",
                "segment to a random one of them / (at one connection + 4 random loads)",
                random / (one + RANDOM_LOADS * million.get("random.load.ns")),
                "<= 1.0");
    }

    private Map<String, Double> measure(int endpoints, boolean isCompact) throws InterruptedException {
        final List<String> options = new ArrayList<>(JVM);
        if (isCompact) {
            options.add(COMPACT_HEADERS);
        }
        final Map<String, Double> measured = new LinkedHashMap<>();
        try (Child child = Child.start(
                "the process of " + endpoints + " endpoints",
                command -> command,
                options,
                "io.spinwire.bench.Main",
                "scale",
                Integer.toString(endpoints))) {
            for (final String line : child.await(ScaleRun.DONE)) {
                if (line.contains("=")) {
                    final String[] parts = line.split("=");
                    measured.put(parts[0], Double.parseDouble(parts[1]));
                }
            }
        }
        final String setting = "compact-headers=" + (isCompact ? "on" : "off");
        measured.forEach((name, value) -> folder.result(
                PART,
                new RunFolder.Key(endpoints + " endpoints", setting, ""),
                name,
                value,
                UNITS.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "")));
        effort.progress(String.format(
                Locale.ROOT,
                "%,d endpoints%s: %.0f bytes each, %.0f ns an exchange",
                endpoints,
                isCompact ? ", compact headers" : "",
                measured.get("bytes.each"),
                measured.get("exchange.ns")));
        return measured;
    }
}
