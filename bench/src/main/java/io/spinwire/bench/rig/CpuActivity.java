package io.spinwire.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the kernel has had each processor do since it started: interrupts and softirqs by name, and stolen time. */
final class CpuActivity {
    private static final int STEAL = 8; // proc(5): cpuN user nice system idle iowait irq softirq steal
    private static final long TICK_MS = 10; // USER_HZ is 100 everywhere
    private static final Map<String, String> INTERRUPTS = Map.of(
            "LOC:", "timer interrupts",
            "RES:", "rescheduling interrupts",
            "CAL:", "function call interrupts",
            "TLB:", "TLB shootdowns");
    private static final List<String> SOFTIRQS = List.of("TIMER:", "NET_TX:", "NET_RX:", "SCHED:", "RCU:");

    private final Map<String, Long> figures = new LinkedHashMap<>();

    private CpuActivity() {}

    /** Until now. */
    static CpuActivity now(int cpu) {
        final CpuActivity activity = new CpuActivity();
        long devices = 0;
        for (final String[] words : table("/proc/interrupts")) {
            if (words.length > cpu + 1 && words[cpu + 1].matches("\\d+")) {
                final String name = INTERRUPTS.get(words[0]);
                if (name != null) {
                    activity.figures.put(name, Long.parseLong(words[cpu + 1]));
                } else if (words[0].matches("\\d+:")) {
                    devices += Long.parseLong(words[cpu + 1]);
                }
            }
        }
        activity.figures.put("device interrupts", devices);
        for (final String[] words : table("/proc/softirqs")) {
            if (SOFTIRQS.contains(words[0])) {
                activity.figures.put("softirq " + words[0].replace(":", ""), Long.parseLong(words[cpu + 1]));
            }
        }
        for (final String[] words : table("/proc/stat")) {
            if (words[0].equals("cpu" + cpu)) {
                activity.figures.put("stolen ms", Long.parseLong(words[STEAL]) * TICK_MS);
            }
        }
        return activity;
    }

    private static List<String[]> table(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By name, what happened since {@code before}, a second. */
    Map<String, Double> perSecondSince(CpuActivity before, double seconds) {
        final Map<String, Double> rates = new LinkedHashMap<>();
        figures.forEach((name, value) -> rates.put(name, (value - before.figures.getOrDefault(name, 0L)) / seconds));
        return rates;
    }
}
