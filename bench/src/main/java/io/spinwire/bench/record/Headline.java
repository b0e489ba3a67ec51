package io.spinwire.bench.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of perf-results/README.md: each run adds a row for itself at the top and changes none. A cell holds all
 * figures of one target, those that missed their goal in brackets, a dash where there is none.
 */
public final class Headline {
    /** The columns of the table. */
    static final List<String> IDS = List.of("P1", "P2", "P3", "P4", "P4j", "P5", "P6", "P7", "P8", "P9", "P10");

    private static final String MARKER = "<!-- newest first -->";
    private static final int HEAD_LINES = 4; // marker, empty line, head, rule

    private final Path readme;

    /** Of the folder in which runs are kept. */
    public Headline(Path out) {
        readme = out.resolve("README.md");
    }

    /** Puts a row for the run below the marker. A folder without README gets none. */
    public void add(String run, boolean isQuick, List<Ratio> ratios, List<String> pictures) throws IOException {
        if (!Files.exists(readme)) {
            return;
        }
        final List<String> lines = new ArrayList<>(Files.readAllLines(readme));
        final int marker = lines.indexOf(MARKER);
        if (marker < 0) {
            throw new BenchException(readme + " has no line " + MARKER + " to put the row below: put it back");
        }
        lines.add(marker + HEAD_LINES, row(run, isQuick, ratios, pictures));
        Files.write(readme, lines);
    }

    static String row(String run, boolean isQuick, List<Ratio> ratios, List<String> pictures) {
        final Map<String, List<Ratio>> byId = ratios.stream().collect(Collectors.groupingBy(Ratio::id));
        return "| [" + run + "](" + run + ")" + (isQuick ? " (quick)" : "") + " | "
                + IDS.stream()
                        .map(id -> byId.getOrDefault(id, List.of()).stream()
                                .map(Headline::figure)
                                .collect(Collectors.joining(" ")))
                        .collect(Collectors.joining(" | "))
                + " | " + Machine.cpu() + ", Linux " + System.getProperty("os.version") + " | "
                + pictures.stream()
                        .map(name -> "[<img src=\"" + run + "/" + name + ".png\" alt=\"" + name + "\" width=\"120\">]("
                                + run + "/" + name + ".png)")
                        .collect(Collectors.joining(" "))
                + " |";
    }

    private static String figure(Ratio ratio) {
        if (!ratio.isMeasured()) {
            return "-";
        }
        final String value = String.format(Locale.ROOT, ratio.value() < 10 ? "%.2f" : "%.1f", ratio.value());
        return ratio.isMet() ? value : "(" + value + ")";
    }

    /** The run's ratios as a table for a person. */
    public static String table(List<Ratio> ratios) {
        final StringBuilder text = new StringBuilder();
        for (final Ratio ratio : ratios) {
            text.append(String.format(Locale.ROOT, "%-4s %-66s ", ratio.id(), ratio.what()));
            if (ratio.isMeasured()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%9.3f  goal %-8s %s",
                        ratio.value(),
                        ratio.goal(),
                        ratio.isMet() ? "met" : "NOT MET"));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
