package io.spinwire.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tables of perf-results/README.md, one for round trips against the kernel, one for the stack alone: each run adds
 * a row at the top and changes none. Rows follow a line with a marker.
 */
final class Headline {
    private static final String ROUND_TRIP = "<!-- P3, newest first -->";
    private static final String STACK = "<!-- P5 and P6, newest first -->";
    private static final String CLOCK = " clock=system";

    private final Path readme;
    private final String run;
    private final boolean isQuick;
    private final List<String[]> rows = new ArrayList<>();

    Headline(Path out, String run, boolean isQuick) {
        readme = out.resolve("README.md");
        this.run = run;
        this.isQuick = isQuick;
    }

    void roundTrip(RoundTrip.Result result) {
        final Quantiles ours = result.spinwire();
        final Quantiles theirs = result.kernel();
        add(
                ROUND_TRIP,
                pair(ours.p50(), theirs.p50()),
                ratio(ours.p50(), theirs.p50()),
                pair(ours.p99(), theirs.p99()),
                pair(ours.p999(), theirs.p999()),
                ratio(ours.p999(), theirs.p999()),
                pair(ours.max(), theirs.max()),
                String.format(Locale.ROOT, "%.2f + %.2f M", ours.count() / 1e6, theirs.count() / 1e6),
                Machine.cpu() + ", Linux " + System.getProperty("os.version"));
    }

    private static String pair(long ours, long theirs) {
        return String.format(Locale.ROOT, "%.2f / %.2f", ours / 1e3, theirs / 1e3);
    }

    private static String ratio(long ours, long theirs) {
        return String.format(Locale.ROOT, "%.2f", ours / (double) theirs);
    }

    void stack(Map<String, Double> figures) {
        for (final String setting : List.of("bounds-checks=off", "bounds-checks=on")) {
            add(
                    STACK,
                    setting,
                    figure(figures, "P5 roundTrip " + setting + CLOCK),
                    figure(figures, "P5 roundTripOfferedBetweenTurns " + setting + CLOCK),
                    figure(figures, "P5 roundTrip " + setting + " clock=manual"),
                    figure(figures, "calibrator " + setting + CLOCK),
                    String.format(Locale.ROOT, "%.2f", figures.get("allocated P5")),
                    String.format(Locale.ROOT, "%.1f", figures.get("P6 bulk " + setting)),
                    Machine.cpu() + ", JDK " + Runtime.version());
        }
    }

    private static String figure(Map<String, Double> figures, String name) {
        return String.format(Locale.ROOT, "%.0f", figures.get(name));
    }

    private void add(String marker, String... cells) {
        final String link = "[" + run + "](" + run + ")" + (isQuick ? " (quick: no measurement)" : "");
        rows.add(new String[] {marker, "| " + link + " | " + String.join(" | ", cells) + " |"});
    }

    /** Puts the rows below their markers, and prints them. A folder without README gets none. */
    void write() throws IOException {
        rows.forEach(row -> System.out.println(row[1]));
        if (!Files.exists(readme)) {
            return;
        }
        final List<String> lines = new ArrayList<>(Files.readAllLines(readme));
        for (final String[] row : rows) {
            final int marker = lines.indexOf(row[0]);
            if (marker < 0) {
                throw new BenchException(readme + " has no line " + row[0] + " to put the row below: put it back");
            }
            lines.add(marker + 4, row[1]); // marker, empty line, head, rule
        }
        Files.write(readme, lines);
    }
}
