package io.spinwire.bench.scale;

/**
 * What one dependent load from a random line costs in so much memory of the Java heap: each line holds the number of
 * the next, in an order that visits all of them and that no prefetcher guesses.
 */
final class RandomLoads {
    private static final int LINE_LONGS = 8;
    private static final int CHUNK_LINES = 1 << 20;
    private static final int CHUNK_SHIFT = 20;
    private static final long MULTIPLIER = 6_364_136_223_846_793_005L; // full period for any power of two
    private static final long INCREMENT = 1_442_695_040_888_963_407L;

    private final long[][] chunks;
    private final long mask;
    private long seen;

    /** @param bytes rounded up to a power of two */
    RandomLoads(long bytes) {
        final long lines = Math.max(Long.highestOneBit(Math.max(bytes / 64, 2) - 1) << 1, 2);
        mask = lines - 1;
        chunks = new long[(int) Math.max(lines / CHUNK_LINES, 1)][];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = new long[(int) Math.min(lines, CHUNK_LINES) * LINE_LONGS];
        }
        for (long line = 0; line < lines; line++) {
            chunks[(int) (line >> CHUNK_SHIFT)][(int) (line & CHUNK_LINES - 1) * LINE_LONGS] =
                    line * MULTIPLIER + INCREMENT & mask;
        }
    }

    /** Nanoseconds for one load, over {@code loads} of them. */
    double measureNs(int loads) {
        long line = seen & mask;
        for (int i = 0; i < loads / 10; i++) {
            line = next(line);
        }
        final long startNs = System.nanoTime();
        for (int i = 0; i < loads; i++) {
            line = next(line);
        }
        final long durationNs = System.nanoTime() - startNs;
        seen = line;
        return durationNs / (double) loads;
    }

    private long next(long line) {
        return chunks[(int) (line >> CHUNK_SHIFT)][(int) (line & CHUNK_LINES - 1) * LINE_LONGS];
    }
}
