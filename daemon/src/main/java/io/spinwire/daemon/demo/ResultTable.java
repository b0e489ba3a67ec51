package io.spinwire.daemon.demo;

import java.util.Locale;

/** The few lines in which a measurement ends. */
final class ResultTable {
    private static final String ROW = "  %-22s %10s %10s %10s %14s%n";

    /** Round trips to one server: how many, and three of their quantiles in nanoseconds. */
    record Row(String name, long count, long p50Ns, long p99Ns, long p999Ns) {
        static Row of(String name, String[] quantiles) {
            return new Row(
                    name,
                    Long.parseLong(quantiles[0]),
                    Long.parseLong(quantiles[1]),
                    Long.parseLong(quantiles[2]),
                    Long.parseLong(quantiles[3]));
        }
    }

    private ResultTable() {}

    /** The rows, and below them the ratio of the first to the second where there are two. */
    static String render(Row... rows) {
        final StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, ROW, "", "p50", "p99", "p99.9", "round trips"));
        for (final Row row : rows) {
            out.append(String.format(
                    Locale.ROOT,
                    ROW,
                    row.name,
                    micros(row.p50Ns),
                    micros(row.p99Ns),
                    micros(row.p999Ns),
                    String.format(Locale.ROOT, "%,d", row.count)));
        }
        if (rows.length == 2) {
            out.append(String.format(
                    Locale.ROOT,
                    ROW,
                    "ratio",
                    ratio(rows[0].p50Ns, rows[1].p50Ns),
                    ratio(rows[0].p99Ns, rows[1].p99Ns),
                    ratio(rows[0].p999Ns, rows[1].p999Ns),
                    ""));
        }
        return out.toString();
    }

    static String micros(long ns) {
        return String.format(Locale.ROOT, "%.2f us", ns / 1000.0);
    }

    private static String ratio(long a, long b) {
        return b == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) a / b);
    }
}
