package io.spinwire.ip;

import java.util.Arrays;

/**
 * Path MTUs that routers have told of, by destination, each for ten minutes. Bounded: sets of a few entries, in which
 * the one that expires first makes room. Who has used what is here compares {@link #generation()}. Engine thread only.
 * RFC 1191. Linux: the route's exceptions, {@code __ip_rt_update_pmtu()}.
 */
final class PathMtuCache {
    /** What is not in the cache. */
    static final int UNKNOWN = Integer.MAX_VALUE;

    /** Linux: ip_rt_mtu_expires. */
    static final long EXPIRES_NS = 600_000_000_000L;

    /** A path that takes less gets this, in datagrams that may be fragmented. Linux: ip_rt_min_pmtu. */
    static final int MIN_PATH_MTU = 552;

    /** Linux: FNHE_HASH_SIZE, FNHE_RECLAIM_DEPTH. */
    private static final int SETS = 512;

    private static final int WAYS = 4;
    private static final int LOCKED = 1 << 16;
    private static final int MTU_MASK = LOCKED - 1;
    private static final int ABSENT = -1;

    private final int[] destinations = new int[SETS * WAYS];
    private final int[] mtus = new int[SETS * WAYS]; // 0 for a free entry
    private final long[] expiresNs = new long[SETS * WAYS];
    private long earliestNs = Long.MAX_VALUE;
    private int generation;

    PathMtuCache() {
        Arrays.fill(expiresNs, Long.MIN_VALUE);
    }

    /** Goes up with every change. */
    int generation() {
        return generation;
    }

    /** The path MTU to a destination, or {@link #UNKNOWN}. */
    int mtu(int destination) {
        final int entry = find(destination);
        return entry == ABSENT ? UNKNOWN : mtus[entry] & MTU_MASK;
    }

    /** Whether the path takes less than we send, so that datagrams have to be fragmented. Linux: ip_mtu_locked(). */
    boolean isLocked(int destination) {
        final int entry = find(destination);
        return entry != ABSENT && (mtus[entry] & LOCKED) != 0;
    }

    /**
     * A router has said what the path takes. More than is known already is not believed: only time makes it grow.
     *
     * @param mtu 0 from a router older than RFC 1191
     * @param known MTU of the path so far
     */
    void learn(int destination, int mtu, int known, long nowNs) {
        if (mtu > known) {
            return;
        }
        final int entry = findOrReplace(destination);
        final boolean isLocked = mtu < MIN_PATH_MTU || isLocked(destination);
        destinations[entry] = destination;
        mtus[entry] = Math.min(known, Math.max(mtu, MIN_PATH_MTU)) | (isLocked ? LOCKED : 0);
        expiresNs[entry] = nowNs + EXPIRES_NS;
        earliestNs = Math.min(earliestNs, expiresNs[entry]);
        generation++;
    }

    /** Forgets what is too old. */
    void expire(long nowNs) {
        if (nowNs < earliestNs) {
            return;
        }
        earliestNs = Long.MAX_VALUE;
        for (int entry = 0; entry < mtus.length; entry++) {
            if (mtus[entry] != 0 && expiresNs[entry] <= nowNs) {
                mtus[entry] = 0;
                expiresNs[entry] = Long.MIN_VALUE;
            } else if (mtus[entry] != 0) {
                earliestNs = Math.min(earliestNs, expiresNs[entry]);
            }
        }
        generation++;
    }

    private int find(int destination) {
        final int first = firstOf(destination);
        for (int entry = first; entry < first + WAYS; entry++) {
            if (mtus[entry] != 0 && destinations[entry] == destination) {
                return entry;
            }
        }
        return ABSENT;
    }

    private int findOrReplace(int destination) {
        final int found = find(destination);
        if (found != ABSENT) {
            return found;
        }
        final int first = firstOf(destination);
        int oldest = first;
        for (int entry = first + 1; entry < first + WAYS; entry++) {
            if (expiresNs[entry] < expiresNs[oldest]) {
                oldest = entry;
            }
        }
        mtus[oldest] = 0;
        return oldest;
    }

    private static int firstOf(int destination) {
        return (destination * 0x9E37_79B9 >>> 23) * WAYS; // the upper 9 bits choose one of 512 sets
    }
}
