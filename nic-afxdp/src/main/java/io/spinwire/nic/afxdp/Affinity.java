package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keeps a thread on one CPU, so that its caches stay warm and nothing moves it away. Control plane. */
public final class Affinity {
    /** Length of the kernel's mask of CPUs in bytes: 1,024 of them, as {@code cpu_set_t}. */
    private static final int MASK_LENGTH = 128;

    private static final String ALLOWED = "Cpus_allowed_list:";

    private Affinity() {}

    /** The CPUs that this process may use, in ascending order; none where the kernel does not tell. See proc(5). */
    public static List<Integer> allowed() {
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

    /** The kernel's lists of CPUs, {@code 0-3,8}. */
    public static List<Integer> parse(String list) {
        final List<Integer> cpus = new ArrayList<>();
        for (final String range : list.strip().split(",")) {
            final String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                cpus.add(cpu);
            }
        }
        return cpus;
    }

    /**
     * Keeps the calling thread on {@code cpu} from now on. Linux: sched_setaffinity(2).
     *
     * @throws NicException when there is no such CPU, or this process may not run on it
     */
    public static void pin(int cpu) {
        if (cpu < 0 || cpu >= MASK_LENGTH * Byte.SIZE) {
            throw new NicException("cpu " + cpu + ": allowed are 0 to " + (MASK_LENGTH * Byte.SIZE - 1));
        }
        try (Struct mask = new Struct(MASK_LENGTH)) {
            final int word = cpu / Long.SIZE * Long.BYTES; // the mask is an array of unsigned longs
            mask.u64(word, 1L << cpu);
            final int result = Libc.schedSetAffinity(MASK_LENGTH, mask);
            if (result < 0) {
                throw new NicException("cannot stay on cpu " + cpu + ": " + Errno.name(-result)
                        + ": \"taskset -pc $$\" lists the CPUs that this process may use");
            }
        }
    }
}
