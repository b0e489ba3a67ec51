package io.spinwire.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two CPUs that this process may use, one for each end of a measurement: of different cores where there are two,
 * because two spinning threads of one core halve each other.
 */
record CpuPair(int server, int client) {
    private static final String ALLOWED = "Cpus_allowed_list:";

    /** The pair to use here, or null when there is but one CPU. */
    static CpuPair find() {
        final List<Integer> allowed = allowed();
        if (allowed.size() < 2) {
            return null;
        }
        final int first = allowed.getFirst();
        final List<Integer> siblings = siblings(first);
        final int second = allowed.stream()
                .filter(cpu -> !siblings.contains(cpu) && cpu != first)
                .findFirst()
                .orElse(allowed.get(1));
        return new CpuPair(first, second);
    }

    private static List<Integer> allowed() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(ALLOWED))
                    .map(line -> parse(line.substring(ALLOWED.length())))
                    .findFirst()
                    .orElse(List.of());
        } catch (final IOException e) {
            return List.of();
        }
    }

    private static List<Integer> siblings(int cpu) {
        try {
            return parse(
                    Files.readString(Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list")));
        } catch (final IOException e) {
            return List.of();
        }
    }

    /** The kernel's lists of CPUs, {@code 0-3,8}. */
    static List<Integer> parse(String list) {
        final List<Integer> cpus = new ArrayList<>();
        for (final String range : list.strip().split(",")) {
            final String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }
}
