package io.spinwire.sim;

import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of one direction that have reached an end, as offsets from the initial sequence number: up to where without
 * a hole, which pieces beyond, and what came more than once.
 */
final class WireReceived {
    private long next;
    private final TreeMap<Long, Long> ahead = new TreeMap<>();
    private final TreeMap<Long, Long> twice = new TreeMap<>();

    void clear() {
        next = 0;
        ahead.clear();
        twice.clear();
    }

    /** First offset that has not come. */
    long next() {
        return next;
    }

    void add(long start, long end) {
        if (start < next) {
            merge(twice, start, Math.min(end, next));
        }
        if (end <= next) {
            return;
        }
        final long from = Math.max(start, next);
        if (ahead.isEmpty() && from == next) {
            next = end;
            return;
        }
        addAgain(from, end);
        merge(ahead, from, end);
        if (ahead.firstKey() <= next) {
            next = ahead.pollFirstEntry().getValue();
        }
    }

    /** What of it lies ahead already. */
    private void addAgain(long from, long end) {
        Map.Entry<Long, Long> piece = ahead.lowerEntry(end);
        while (piece != null && piece.getValue() > from) {
            merge(twice, Math.max(from, piece.getKey()), Math.min(end, piece.getValue()));
            piece = ahead.lowerEntry(piece.getKey());
        }
    }

    private static void merge(TreeMap<Long, Long> pieces, long start, long end) {
        long from = start;
        long to = end;
        Map.Entry<Long, Long> piece = pieces.floorEntry(to);
        while (piece != null && piece.getValue() >= from) {
            from = Math.min(from, piece.getKey());
            to = Math.max(to, piece.getValue());
            pieces.remove(piece.getKey());
            piece = pieces.floorEntry(to);
        }
        pieces.put(from, to);
    }

    /** Whether all of it has come. */
    boolean has(long start, long end) {
        return end <= next || isWithin(ahead, Math.max(start, next), end);
    }

    /** Whether all of it has come more than once. */
    boolean hasTwice(long start, long end) {
        return isWithin(twice, start, end);
    }

    private static boolean isWithin(TreeMap<Long, Long> pieces, long start, long end) {
        final Map.Entry<Long, Long> piece = pieces.floorEntry(start);
        return piece != null && piece.getValue() >= end;
    }

    @Override
    public String toString() {
        return next + " and " + ahead + ", twice " + twice;
    }
}
