package io.spinwire.bench.rig;

import io.spinwire.bench.record.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processor's own counters, where the machine lets them be read: cycles and instructions of an operation. */
final class PerfCounters {
    /** What is counted, as perf calls it. */
    static final List<String> EVENTS = List.of("cycles", "instructions");

    private static final Path PARANOIA = Path.of("/proc/sys/kernel/perf_event_paranoid");

    private PerfCounters() {}

    /** Why they cannot be counted, or null where they can. */
    static String missing() {
        return missing(Programs.output(List.of("perf", "stat", "-x", ",", "-e", String.join(",", EVENTS), "true")));
    }

    /** From what perf says. */
    static String missing(String output) {
        if (output.contains("<not supported>")) {
            return "not counted: perf finds no such counters, as in most virtual machines: "
                    + output.lines().findFirst().orElse("");
        }
        if (output.contains("<not counted>")) {
            return "not counted: perf could not count: "
                    + output.lines().findFirst().orElse("");
        }
        if (EVENTS.stream().allMatch(output::contains) && !output.startsWith("(")) {
            return null;
        }
        return "not counted: perf cannot be run here (" + PARANOIA + " is there: " + Files.exists(PARANOIA)
                + "; Debian: apt install linux-perf): "
                + output.lines().findFirst().orElse("");
    }
}
