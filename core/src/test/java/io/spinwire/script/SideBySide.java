package io.spinwire.script;

import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Two walks of one script as text, line by line of the script, and what they do not have in common. */
public final class SideBySide {
    private static final int WIDTH = 72;

    private SideBySide() {}

    /** A walk as text, with an arrow under what was wrong. */
    public static String print(Script script, List<Walk> walks) {
        final StringBuilder text = new StringBuilder();
        final TreeSet<Integer> numbers = new TreeSet<>();
        walks.forEach(walk -> walk.steps().forEach(step -> numbers.add(step.line())));
        walks.forEach(walk -> text.append(pad("      ms  " + walk.stack())));
        text.append('\n');
        for (final int number : numbers) {
            script.lines().stream()
                    .filter(line -> line.number() == number)
                    .map(Script.Line::text)
                    .distinct()
                    .forEach(line -> text.append(String.format("%3d | %s%n", number, line)));
            final List<List<String>> columns =
                    walks.stream().map(walk -> column(walk, number)).toList();
            final int rows = columns.stream().mapToInt(List::size).max().orElse(0);
            for (int row = 0; row < rows; row++) {
                for (final List<String> column : columns) {
                    text.append(pad(row < column.size() ? column.get(row) : ""));
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> column(Walk walk, int number) {
        return walk.steps().stream()
                .filter(step -> step.line() == number)
                .flatMap(step -> {
                    final String happened = String.format(Locale.ROOT, "%8.1f  %s", step.timeNs() / 1e6, step.text());
                    return step.problem() == null
                            ? Stream.of(happened)
                            : Stream.of(happened, "      ^^  " + step.problem());
                })
                .toList();
    }

    private static String pad(String text) {
        return text.length() >= WIDTH ? text + "  " : text + " ".repeat(WIDTH - text.length());
    }

    /** Where two right walks of one script still differ in what the script left open: padding of options. */
    public static String layoutDifference(Walk one, Walk other) {
        final List<Segment> left = one.emitted();
        final List<Segment> right = other.emitted();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!left.get(i).hasAnyOptions && !left.get(i).layout.equals(right.get(i).layout)) {
                return "segment " + (i + 1) + " has the options <" + left.get(i).layout + "> on the " + one.stack()
                        + " and <" + right.get(i).layout + "> on the " + other.stack();
            }
        }
        return "";
    }
}
