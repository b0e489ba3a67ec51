package io.spinwire.bench.end;

import java.io.IOException;

/** As many bytes as one wire carries one way, counted where they arrive. */
final class BulkLoad {
    private static final long QUIET_NS = 500_000_000L;

    private BulkLoad() {}

    /** Bytes that arrived, and the time from the first to the last. */
    record Arrived(long bytes, long durationNs) {}

    /**
     * Sends in pieces of {@code chunkBytes} for this time, and as many bytes as are given at least.
     *
     * @return bytes taken by the transport
     */
    static long send(Wire wire, int chunkBytes, long durationNs, long leastBytes) throws IOException {
        final long startNs = System.nanoTime();
        final long endNs = startNs + durationNs;
        long nowNs = startNs;
        long sent = 0;
        while (nowNs - endNs < 0 || sent < leastBytes && nowNs - startNs < RoundTripLoad.LONGEST_WARM_UP_NS) {
            final int taken = wire.send(chunkBytes);
            sent += taken;
            if (taken == 0) {
                wire.turn();
            }
            nowNs = System.nanoTime();
        }
        wire.finish();
        return sent;
    }

    /** Receives until the other side ends, or, on a wire without end, until nothing has come for half a second. */
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
