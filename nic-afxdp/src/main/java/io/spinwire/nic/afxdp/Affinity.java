package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;

/** Keeps a thread on one CPU, so that its caches stay warm and nothing moves it away. Control plane. */
public final class Affinity {
    /** Length of the kernel's mask of CPUs in bytes: 1,024 of them, as {@code cpu_set_t}. */
    private static final int MASK_LENGTH = 128;

    private Affinity() {}

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
