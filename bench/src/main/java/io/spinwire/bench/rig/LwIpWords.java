package io.spinwire.bench.rig;

import io.spinwire.bench.record.BenchException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The words that the program with two lwIPs prints, and what they must say for its figures to count. */
final class LwIpWords {
    static final String ROUND_TRIP = "roundTrip";
    static final String BULK = "bulk";

    /** What it measures. */
    static final List<String> MODES = List.of(ROUND_TRIP, BULK);

    private static final int CHECKS = 4; // data and headers, from either end
    private static final int FRAME_BYTES = 14 + 20 + 32 + 64; // Ethernet, IP, TCP with timestamps, message
    private static final int OTHER_FRAMES = 10; // ARP, that refreshes what it knows

    private LwIpWords() {}

    /** What lwIP gave on ARCHITECTURE's reference machine. */
    static double reference(String mode) {
        return mode.equals(BULK) ? 14.5 : 412;
    }

    static String unit(String mode) {
        return mode.equals(BULK) ? "Gbit/s" : "ns";
    }

    /** Fails unless each frame with a wrong bit was dropped. */
    static void check(String output) {
        final List<String> lines = output.lines().toList();
        if (lines.size() != CHECKS
                || !lines.stream().allMatch(line -> line.startsWith("dropped ") && line.endsWith(" yes"))) {
            throw new BenchException("its checksums are not verified: " + output);
        }
    }

    /** The figure of a process with one iteration; fails when it was another exchange than the one that is meant. */
    static double figure(String mode, String output) {
        double figure = Double.NaN;
        Map<String, Long> counted = Map.of();
        for (final String line : output.lines().toList()) {
            final String[] words = line.split(" ");
            if (words.length == 5 && words[0].equals("iteration") && words[1].equals(mode)) {
                figure = Double.parseDouble(words[3]);
            } else if (words[0].equals("counted")) {
                counted = counted(words);
            }
        }
        if (Double.isNaN(figure) || counted.isEmpty()) {
            throw new BenchException("lwIP's program did not measure " + mode + ": " + output);
        }
        if (counted.get("faults") != 0 || !mode.equals(BULK) && !isExchange(counted)) {
            throw new BenchException("lwIP's " + mode + " was not the exchange that is meant: " + counted);
        }
        return figure;
    }

    /** Two frames a round trip, each with the message and timestamps. */
    private static boolean isExchange(Map<String, Long> counted) {
        final long frames = 2 * counted.get("messages");
        return frames > 0
                && Math.abs(counted.get("frames") - frames) <= OTHER_FRAMES
                && Math.abs(counted.get("frameBytes") - frames * FRAME_BYTES) <= OTHER_FRAMES * FRAME_BYTES;
    }

    private static Map<String, Long> counted(String[] words) {
        final Map<String, Long> counted = new HashMap<>();
        for (int i = 2; i < words.length; i++) {
            final int equals = words[i].indexOf('=');
            counted.put(words[i].substring(0, equals), Long.parseLong(words[i].substring(equals + 1)));
        }
        return counted;
    }
}
