package io.spinwire.bench.end;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/**
 * Round trips over one wire. Closed: a message, its echo, the next message. Open: messages leave at a fixed rate
 * whether or not echoes have come, and each is measured from the moment at which it should have left, so that a stall
 * is charged to every message that it held up (no coordinated omission).
 */
final class RoundTripLoad {
    /** Warming up is so much work, but on a machine that is too busy for it no longer than this. */
    static final long LONGEST_WARM_UP_NS = 4_000_000_000L;

    static final long MAX_TRACKED_NS = 10_000_000_000L;

    private static final int MAX_OUTSTANDING = 1 << 16;
    private static final long STALL_NS = 10_000_000_000L;
    private static final int LOOKS_PER_CHECK = 1 << 16;

    private final Wire wire;
    private final int messageBytes;
    private final Histogram histogram = new Histogram(MAX_TRACKED_NS, 3);

    RoundTripLoad(Wire wire, int messageBytes) {
        this.wire = wire;
        this.messageBytes = messageBytes;
    }

    /** What was measured, in nanoseconds. */
    Histogram histogram() {
        return histogram;
    }

    /** One message after the other for this time. */
    void closed(long durationNs) throws IOException {
        final long endNs = System.nanoTime() + durationNs;
        long startNs = System.nanoTime();
        while (startNs - endNs < 0) {
            exchange(startNs);
            final long nowNs = System.nanoTime();
            histogram.recordValue(Math.min(nowNs - startNs, MAX_TRACKED_NS));
            startNs = nowNs;
        }
    }

    /** So many, which are not recorded. */
    void warm(long trips) throws IOException {
        final long beganNs = System.nanoTime();
        long nowNs = beganNs;
        for (long i = 0; i < trips && nowNs - beganNs < LONGEST_WARM_UP_NS; i++) {
            exchange(nowNs);
            nowNs = System.nanoTime();
        }
    }

    private void exchange(long startNs) throws IOException {
        int unsent = messageBytes;
        while (unsent > 0) {
            unsent -= wire.send(unsent);
        }
        int missing = messageBytes;
        int looks = 0;
        while (missing > 0) {
            missing -= received();
            if (++looks % LOOKS_PER_CHECK == 0 && System.nanoTime() - startNs > STALL_NS) {
                throw new IOException("no echo in 10 s");
            }
        }
    }

    /**
     * At a rate as far as a client gets that blocks until each echo has come: a message whose time has passed meanwhile
     * leaves at once, and is measured from that time all the same.
     *
     * @return messages sent in a second, to be compared with the rate
     */
    double openBlocking(long messagesPerSecond, long durationNs) throws IOException {
        final double intervalNs = 1e9 / messagesPerSecond;
        final long startNs = System.nanoTime();
        final long total = (long) (durationNs / intervalNs);
        long lastSentNs = startNs;
        for (long sent = 0; sent < total; sent++) {
            final long dueNs = startNs + (long) (sent * intervalNs);
            lastSentNs = System.nanoTime();
            while (lastSentNs - dueNs < 0) {
                lastSentNs = System.nanoTime();
            }
            exchange(lastSentNs);
            histogram.recordValue(Math.min(System.nanoTime() - dueNs, MAX_TRACKED_NS));
        }
        return total * 1e9 / Math.max(lastSentNs - startNs, 1);
    }

    private int received() throws IOException {
        final int received = wire.receive();
        if (received == Wire.END) {
            throw new IOException("the other side has closed");
        }
        return received;
    }

    /**
     * At a rate, for this time, and until the last echo has come.
     *
     * @return messages sent in a second, to be compared with the rate
     */
    double open(long messagesPerSecond, long durationNs) throws IOException {
        final long[] dueNs = new long[MAX_OUTSTANDING];
        final double intervalNs = 1e9 / messagesPerSecond;
        final long startNs = System.nanoTime();
        final long total = (long) (durationNs / intervalNs);
        long sent = 0;
        long answered = 0;
        int unsent = 0;
        int arrived = 0;
        long lastSentNs = startNs;
        long movedNs = startNs;
        while (answered < total) {
            final long nowNs = System.nanoTime();
            final long nextNs = startNs + (long) (sent * intervalNs);
            if (unsent == 0 && sent < total && sent - answered < MAX_OUTSTANDING && nowNs - nextNs >= 0) {
                dueNs[(int) (sent++ & MAX_OUTSTANDING - 1)] = nextNs;
                unsent = messageBytes;
                lastSentNs = nowNs;
            }
            if (unsent > 0) {
                unsent -= wire.send(unsent);
            }
            arrived += received();
            if (arrived >= messageBytes) {
                final long arrivedNs = System.nanoTime();
                movedNs = arrivedNs;
                for (; arrived >= messageBytes; arrived -= messageBytes) {
                    final long roundTripNs = arrivedNs - dueNs[(int) (answered++ & MAX_OUTSTANDING - 1)];
                    histogram.recordValue(Math.min(roundTripNs, MAX_TRACKED_NS));
                }
            } else if (nowNs - movedNs > STALL_NS) {
                throw new IOException("no echo in 10 s, " + (sent - answered) + " outstanding");
            }
        }
        return sent * 1e9 / Math.max(lastSentNs - startNs, 1);
    }
}
