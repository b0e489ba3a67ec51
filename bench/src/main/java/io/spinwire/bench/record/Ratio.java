package io.spinwire.bench.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A figure with its goal.
 *
 * @param id of the target, P1 to P10
 * @param what is divided by what, or counted
 * @param value NaN where it was not measured; {@code what} then says why
 * @param goal {@code <= 0.75} or {@code >= 2.0}; empty where it was not measured
 */
public record Ratio(String id, String what, double value, String goal, boolean isMet) {
    private static final int DIGITS = 3;

    static Ratio of(String id, String what, double value, String goal) {
        final double bound = Double.parseDouble(goal.substring(2).strip());
        final boolean isMet = switch (goal.substring(0, 2)) {
            case "<=" -> value <= bound;
            case ">=" -> value >= bound;
            default -> throw new IllegalArgumentException("goal " + goal + " begins neither with <= nor >=");
        };
        return new Ratio(id, what, value, goal, isMet);
    }

    /** A target that was not measured, which is not met then. */
    static Ratio missing(String id, String why) {
        return new Ratio(
                id, "not measured: " + why.lines().findFirst().orElse("").replace('"', '\''), Double.NaN, "", false);
    }

    boolean isMeasured() {
        return !Double.isNaN(value);
    }

    /** P2 comes before P10. */
    String order() {
        return String.format(Locale.ROOT, "%0" + DIGITS + "d", Integer.parseInt(id.replaceAll("\\D", ""))) + id + " "
                + what;
    }

    /** Lines of a CSV file. */
    static List<String> table(List<Ratio> ratios) {
        final List<String> lines = new ArrayList<>(List.of("id,what,value,goal,met"));
        for (final Ratio ratio : ratios) {
            lines.add(String.join(
                    ",",
                    ratio.id,
                    "\"" + ratio.what + "\"",
                    ratio.isMeasured() ? String.format(Locale.ROOT, "%.3f", ratio.value) : "",
                    ratio.goal,
                    ratio.isMet ? "yes" : "no"));
        }
        return lines;
    }
}
