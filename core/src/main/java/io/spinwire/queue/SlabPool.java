package io.spinwire.queue;

import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Lends off-heap blocks in power-of-two size classes, 4 KiB to 64 MiB, under one hard limit. Engine thread only.
 *
 * <p>A buddy allocator inside arenas, fronted by a short last-in-first-out cache per class, so that a connection that
 * borrows and returns a block for every message neither splits nor merges. Arenas are made on first need (or by
 * {@link #reserve}) and kept for life. Invariant: lent + cached + free = reserved, and reserved never passes the limit.
 */
public final class SlabPool {
    /** Returned by {@link #allocate} when the limit, or the machine's memory, has no block of that class left. */
    public static final long EXHAUSTED = -1;

    public static final int SMALLEST_CLASS = 4 << 10;
    public static final int LARGEST_CLASS = 64 << 20;

    private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(SMALLEST_CLASS);
    private static final int CLASSES = Integer.numberOfTrailingZeros(LARGEST_CLASS) - PAGE_SHIFT + 1;

    /** Arenas have 4 MiB (more for a bigger class, less at the limit): about a millisecond to map, once. */
    private static final int ARENA_CLASS = 10;

    private static final int CHUNK_SHIFT = ARENA_CLASS;
    private static final int ARENA_ALIGNMENT = SMALLEST_CLASS;
    private static final int CACHE_BLOCKS = 64;
    private static final int NONE = -1;

    // State of a page that begins a block: one of these plus the block's class. Other pages: INTERIOR.
    private static final byte INTERIOR = 0;
    private static final int FREE = 0x20;
    private static final int CACHED = 0x40;
    private static final int LENT = 0x60;
    private static final int CLASS_MASK = 0x1F;

    private final int[] freeHeads = new int[CLASSES];
    private final int[] cacheHeads = new int[CLASSES];
    private final int[] cacheSizes = new int[CLASSES];

    // By page number. Every arena begins at a multiple of 2^CHUNK_SHIFT pages.
    private byte[] states = new byte[0];
    private int[] nexts = new int[0];
    private int[] prevs = new int[0];

    // By chunk number.
    private UnsafeBuffer[] arenas = new UnsafeBuffer[0];
    private int[] arenaPages = new int[0];
    private byte[] arenaClasses = new byte[0];

    private int chunks;
    private long limitBytes;
    private long reservedBytes;
    private long bytesInUse;

    /** @param limitBytes that all arenas together may have; at least one block of the smallest class */
    public SlabPool(long limitBytes) {
        if (limitBytes < SMALLEST_CLASS) {
            throw new IllegalArgumentException(
                    "slab limit " + limitBytes + " < one slab of " + SMALLEST_CLASS + " bytes");
        }
        this.limitBytes = limitBytes;
        Arrays.fill(freeHeads, NONE);
        Arrays.fill(cacheHeads, NONE);
    }

    /**
     * Makes arenas ahead of need, so that no turn has to. Control plane: throws when the limit or the machine refuses.
     */
    public void reserve(long bytes) {
        while (reservedBytes < bytes) {
            if (!addArena(0)) {
                throw new IllegalStateException("slab pool could reserve " + reservedBytes + " of " + bytes
                        + " bytes (limit " + limitBytes + "): raise the limit, or -XX:MaxDirectMemorySize");
            }
        }
    }

    /**
     * Borrows a block.
     *
     * @param capacity in bytes, 1 to {@link #LARGEST_CLASS}; rounded up to a class
     * @return handle, or {@link #EXHAUSTED}. The block's content is undefined
     */
    public long allocate(int capacity) {
        if (capacity > LARGEST_CLASS) {
            return EXHAUSTED;
        }
        final int sizeClass = classOf(capacity);
        int page = cacheHeads[sizeClass];
        if (page != NONE) {
            cacheHeads[sizeClass] = nexts[page];
            cacheSizes[sizeClass]--;
        } else {
            page = take(sizeClass);
            if (page == NONE) {
                return EXHAUSTED;
            }
        }
        states[page] = (byte) (LENT | sizeClass);
        bytesInUse += bytesOf(sizeClass);
        return page;
    }

    /** Returns a block. The handle is dead afterwards. */
    public void free(long handle) {
        final int page = (int) handle;
        assert (states[page] & ~CLASS_MASK) == LENT : "slab " + handle + " is not lent";
        final int sizeClass = states[page] & CLASS_MASK;
        bytesInUse -= bytesOf(sizeClass);
        if (cacheSizes[sizeClass] < cacheLimit(sizeClass)) {
            states[page] = (byte) (CACHED | sizeClass);
            nexts[page] = cacheHeads[sizeClass];
            cacheHeads[sizeClass] = page;
            cacheSizes[sizeClass]++;
        } else {
            merge(page, sizeClass);
        }
    }

    /** The memory that the block lies in, at {@link #offset}. */
    public UnsafeBuffer arena(long handle) {
        return arenas[(int) handle >>> CHUNK_SHIFT];
    }

    /** Where the block begins in its {@link #arena}. */
    public int offset(long handle) {
        final int page = (int) handle;
        return (page - arenaPages[page >>> CHUNK_SHIFT]) << PAGE_SHIFT;
    }

    /** Bytes in the block: its size class. */
    public int capacity(long handle) {
        return (int) bytesOf(states[(int) handle] & CLASS_MASK);
    }

    /** Points {@code buffer} at the block. */
    public void wrap(long handle, UnsafeBuffer buffer) {
        buffer.wrap(arena(handle), offset(handle), capacity(handle));
    }

    /** Bytes lent now. */
    public long bytesInUse() {
        return bytesInUse;
    }

    /** The limit; lower than configured once the machine has refused memory. */
    public long limitBytes() {
        return limitBytes;
    }

    /** Bytes of all arenas, lent or not. */
    public long reservedBytes() {
        return reservedBytes;
    }

    private int take(int sizeClass) {
        int page = takeFree(sizeClass);
        if (page == NONE && drainCaches()) {
            page = takeFree(sizeClass);
        }
        if (page == NONE && addArena(sizeClass)) {
            page = takeFree(sizeClass);
        }
        return page;
    }

    private int takeFree(int sizeClass) {
        int from = sizeClass;
        while (from < CLASSES && freeHeads[from] == NONE) {
            from++;
        }
        if (from == CLASSES) {
            return NONE;
        }
        final int page = freeHeads[from];
        unlinkFree(page, from);
        while (from > sizeClass) {
            from--;
            pushFree(page + (1 << from), from);
        }
        return page;
    }

    /** Merges everything cached; bounded by the caches' limits. */
    private boolean drainCaches() {
        boolean drained = false;
        for (int sizeClass = 0; sizeClass < CLASSES; sizeClass++) {
            while (cacheHeads[sizeClass] != NONE) {
                final int page = cacheHeads[sizeClass];
                cacheHeads[sizeClass] = nexts[page];
                merge(page, sizeClass);
                drained = true;
            }
            cacheSizes[sizeClass] = 0;
        }
        return drained;
    }

    private void merge(int page, int sizeClass) {
        final int chunk = page >>> CHUNK_SHIFT;
        final int base = arenaPages[chunk];
        int merged = page;
        int mergedClass = sizeClass;
        while (mergedClass < arenaClasses[chunk]) {
            final int buddy = base + ((merged - base) ^ (1 << mergedClass));
            if (states[buddy] != (FREE | mergedClass)) {
                break;
            }
            unlinkFree(buddy, mergedClass);
            states[Math.max(merged, buddy)] = INTERIOR;
            merged = Math.min(merged, buddy);
            mergedClass++;
        }
        pushFree(merged, mergedClass);
    }

    private void pushFree(int page, int sizeClass) {
        final int head = freeHeads[sizeClass];
        states[page] = (byte) (FREE | sizeClass);
        nexts[page] = head;
        prevs[page] = NONE;
        if (head != NONE) {
            prevs[head] = page;
        }
        freeHeads[sizeClass] = page;
    }

    private void unlinkFree(int page, int sizeClass) {
        final int next = nexts[page];
        final int prev = prevs[page];
        if (prev == NONE) {
            freeHeads[sizeClass] = next;
        } else {
            nexts[prev] = next;
        }
        if (next != NONE) {
            prevs[next] = prev;
        }
    }

    private boolean addArena(int sizeClass) {
        final long room = limitBytes - reservedBytes;
        int arenaClass = Math.max(sizeClass, ARENA_CLASS);
        while (arenaClass > sizeClass && bytesOf(arenaClass) > room) {
            arenaClass--;
        }
        if (bytesOf(arenaClass) > room) {
            return false;
        }
        final UnsafeBuffer arena = map((int) bytesOf(arenaClass));
        if (arena == null) {
            return false;
        }
        final int page = chunks << CHUNK_SHIFT;
        final int newChunks = Math.max(1, 1 << arenaClass >>> CHUNK_SHIFT);
        growTables(chunks + newChunks);
        for (int chunk = chunks; chunk < chunks + newChunks; chunk++) {
            arenas[chunk] = arena;
            arenaPages[chunk] = page;
            arenaClasses[chunk] = (byte) arenaClass;
        }
        chunks += newChunks;
        reservedBytes += arena.capacity();
        pushFree(page, arenaClass);
        return true;
    }

    private UnsafeBuffer map(int bytes) {
        try {
            return new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes, ARENA_ALIGNMENT));
        } catch (OutOfMemoryError refused) {
            limitBytes =
                    reservedBytes; // what there is stays usable, and the JVM is not asked (and made to collect) again
            return null;
        }
    }

    private void growTables(int neededChunks) {
        if (neededChunks <= arenas.length) {
            return;
        }
        final int newChunks = Math.max(neededChunks, arenas.length * 2);
        arenas = Arrays.copyOf(arenas, newChunks);
        arenaPages = Arrays.copyOf(arenaPages, newChunks);
        arenaClasses = Arrays.copyOf(arenaClasses, newChunks);
        states = Arrays.copyOf(states, newChunks << CHUNK_SHIFT);
        nexts = Arrays.copyOf(nexts, newChunks << CHUNK_SHIFT);
        prevs = Arrays.copyOf(prevs, newChunks << CHUNK_SHIFT);
    }

    /** Walks all pages; for tests. Answers the bytes of lent blocks. */
    long checkInvariants() {
        long lent = 0;
        long rest = 0;
        for (int page = 0; page < chunks << CHUNK_SHIFT; page++) {
            final int state = states[page] & 0xFF;
            final long bytes = state == INTERIOR ? 0 : bytesOf(state & CLASS_MASK);
            if ((state & ~CLASS_MASK) == LENT) {
                lent += bytes;
            } else {
                rest += bytes;
            }
        }
        assert lent == bytesInUse : lent + " lent, " + bytesInUse + " counted";
        assert lent + rest == reservedBytes : lent + " + " + rest + " of " + reservedBytes;
        assert reservedBytes <= limitBytes : reservedBytes + " over " + limitBytes;
        return lent;
    }

    private static int classOf(int capacity) {
        return capacity <= SMALLEST_CLASS ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1) - PAGE_SHIFT;
    }

    private static long bytesOf(int sizeClass) {
        return (long) SMALLEST_CLASS << sizeClass;
    }

    /** At most 4 MiB per class lie in its cache, but always one block. */
    private static int cacheLimit(int sizeClass) {
        return Math.clamp(1 << ARENA_CLASS >>> sizeClass, 1, CACHE_BLOCKS);
    }
}
