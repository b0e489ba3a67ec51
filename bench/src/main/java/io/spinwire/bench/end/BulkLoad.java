package io.spinwire.bench.end;

import java.io.IOException;

/** As many bytes as one wire carries one way, counted where they arrive. */
final class BulkLoad {
    private static final long QUIET_NS = 2_000_000_000L;

    private BulkLoad() {}

    /** Bytes that arrived, and the time from the first to the last. */
    record Arrived(long bytes, long durationNs) {}

    /** Sends for this time, in pieces of {@code chunkBytes}. Returns bytes taken by the transport. */
    static long send(Wire wire, int chunkBytes, long durationNs) throws IOException {
        final long endNs = System.nanoTime() + durationNs;
        long sent = 0;
        while (System.nanoTime() - endNs < 0) {
            final int taken = wire.send(chunkBytes);
            sent += taken;
            if (taken == 0) {
                wire.turn();
            }
        }
        wire.finish();
        return sent;
    }

    /** Receives until the other side ends, or, on a wire without end, until nothing has come for two seconds. */
    static Arrived receive(Wire wire) throws IOException {
        long bytes = 0;
        long firstNs = 0;
        long lastNs = System.nanoTime();
        while (true) {
            final int received = wire.receive();
            if (received == Wire.END) {
                break;
            }
            final long nowNs = System.nanoTime();
            if (received > 0) {
                firstNs = bytes == 0 ? nowNs : firstNs;
                lastNs = nowNs;
                bytes += received;
            } else if (bytes > 0 && nowNs - lastNs > QUIET_NS) {
                break;
            }
        }
        return new Arrived(bytes, lastNs - firstNs);
    }
}
