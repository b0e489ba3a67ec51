package io.spinwire.daemon.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them, {@code 40ms} or {@code 2h}; inside they are nanoseconds. */
public final class Durations {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,15})\\s*(ns|us|ms|s|min|h)");
    private static final String[] UNITS = {"h", "min", "s", "ms", "us", "ns"};

    private Durations() {}

    /**
     * Reads a time in nanoseconds.
     *
     * @throws IllegalArgumentException saying how times are written
     */
    public static long parse(String text) {
        final Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a time: write a number and its unit (ns, us, ms, s, min, h), as 40ms");
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unitNs(matcher.group(2)));
        } catch (final ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is longer than 292 years");
        }
    }

    /** A time in the largest unit that gives a whole number. */
    public static String format(long ns) {
        for (final String unit : UNITS) {
            if (ns % unitNs(unit) == 0 && ns != 0) {
                return ns / unitNs(unit) + unit;
            }
        }
        return "0s";
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000_000_000L;
            case "min" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us" -> 1_000L;
            default -> 1L;
        };
    }
}
