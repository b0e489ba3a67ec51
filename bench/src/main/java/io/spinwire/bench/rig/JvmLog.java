package io.spinwire.bench.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What HotSpot's own log says of a window of time: when it stopped its threads, why, and what code it gave up. */
final class JvmLog {
    static final String SAFEPOINT = "safepoint";
    static final String COLLECTION = "collection";
    static final String DEOPTIMISATION = "deoptimisation";
    static final String HANDSHAKE = "handshake";

    static final List<String> KINDS = List.of(SAFEPOINT, COLLECTION, DEOPTIMISATION, HANDSHAKE);

    private static final Pattern LINE = Pattern.compile("\\[(\\d+)ms]\\[([a-z,]+) *] (.*)");
    private static final Pattern SAFEPOINT_LINE = Pattern.compile("Safepoint \"(.*?)\".*");
    private static final Pattern COLLECTION_LINE = Pattern.compile("GC\\(\\d+\\) Pause (.*?) \\d.*");
    private static final Pattern DEOPTIMISATION_LINE = Pattern.compile("cid=.* trap_bci=\\d+ (\\S+) .*");
    private static final Pattern HANDSHAKE_LINE = Pattern.compile("Handshake \"(.*?)\".*");

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();

    private JvmLog() {}

    /** The option that makes a JVM write what {@link #read} reads. */
    static String option(Path file) {
        return "-Xlog:safepoint=info,gc=info,deoptimization=debug,handshake=info:file=" + file + ":tm,tg:filecount=0";
    }

    /** What was logged between two times of the wall clock. */
    static JvmLog read(Path file, long fromMs, long toMs) throws IOException {
        final JvmLog log = new JvmLog();
        for (final String line : Files.readAllLines(file)) {
            final Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                final long timeMs = Long.parseLong(matcher.group(1));
                if (timeMs >= fromMs && timeMs <= toMs) {
                    log.lines.add(line);
                    log.take(matcher.group(3));
                }
            }
        }
        return log;
    }

    private void take(String message) {
        count(SAFEPOINT, SAFEPOINT_LINE.matcher(message));
        count(COLLECTION, COLLECTION_LINE.matcher(message));
        count(DEOPTIMISATION, DEOPTIMISATION_LINE.matcher(message));
        count(HANDSHAKE, HANDSHAKE_LINE.matcher(message));
    }

    private void count(String kind, Matcher matcher) {
        if (matcher.matches()) {
            counts.merge(kind + ": " + matcher.group(1), 1, Integer::sum);
        }
    }

    /** How many of a kind, whatever their cause. */
    int count(String kind) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(kind))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Kinds with their causes, {@code safepoint: Cleanup}. */
    Map<String, Integer> counts() {
        return counts;
    }

    /** All that was logged. */
    List<String> lines() {
        return lines;
    }
}
