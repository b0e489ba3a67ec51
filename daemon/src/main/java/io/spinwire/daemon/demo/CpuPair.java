package io.spinwire.daemon.demo;

import io.spinwire.nic.afxdp.Affinity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Two CPUs that this process may use, one for each end of a measurement: of different cores where there are two,
 * because two spinning threads of one core halve each other.
 */
record CpuPair(int server, int client) {
    /** The pair to use here, or null when there is but one CPU. */
    static CpuPair find() {
        final List<Integer> allowed = Affinity.allowed();
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

    private static List<Integer> siblings(int cpu) {
        try {
            return Affinity.parse(
                    Files.readString(Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list")));
        } catch (final IOException e) {
            return List.of();
        }
    }
}
