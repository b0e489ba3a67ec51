package io.spinwire.bench.end;

import java.io.IOException;

/**
 * Bytes of each of many flows where they arrive: from when all are there and have had time to settle, until the first
 * of them ends. What the others have left by then is not counted. The clock is read once a turn. One thread; engine and
 * kernel alike.
 */
final class FlowTally {
    private static final long QUIET_NS = 100_000_000L;
    private static final long STALL_NS = 20_000_000_000L;

    private final Flow[] flows;
    private final long settleNs;
    private int begun;
    private int ended;
    private boolean isSome; // since the last turn
    private long allThereNs;
    private long startNs; // 0 until the flows have settled
    private long endNs; // 0 until the first has ended
    private long lastNs = System.nanoTime();

    /** One of them. */
    static final class Flow {
        private final FlowTally tally;
        private long bytes; // in the window

        private Flow(FlowTally tally) {
            this.tally = tally;
        }

        void onBytes(int count) {
            tally.isSome = true;
            bytes += tally.ended == 0 ? count : 0;
        }

        void onEnd() {
            tally.isSome = true;
            tally.ended++;
        }
    }

    /** @param settleNs that flows are given after the last has come */
    FlowTally(int flows, long settleNs) {
        this.flows = new Flow[flows];
        this.settleNs = settleNs;
    }

    /** A flow has come. */
    Flow begin() throws IOException {
        if (begun == flows.length) {
            throw new IOException("more than the " + begun + " flows that were announced");
        }
        flows[begun] = new Flow(this);
        return flows[begun++];
    }

    /** Once in each turn, after what the turn brought. */
    void turn(long nowNs) throws IOException {
        lastNs = isSome ? nowNs : lastNs;
        isSome = false;
        if (begun == flows.length && allThereNs == 0) {
            allThereNs = nowNs;
        }
        if (allThereNs != 0 && startNs == 0 && nowNs - allThereNs >= settleNs) {
            startNs = nowNs;
            for (final Flow flow : flows) {
                flow.bytes = 0;
            }
        }
        if (ended > 0 && endNs == 0) {
            endNs = nowNs;
        }
        if (nowNs - lastNs > STALL_NS) {
            throw new IOException(
                    begun + " of " + flows.length + " flows came, " + ended + " ended, and no more bytes");
        }
    }

    /** Whether all have ended. One whose end was lost on the way is not waited for. */
    boolean isDone(long nowNs) {
        return ended == flows.length || ended > 0 && nowNs - lastNs > QUIET_NS;
    }

    /** {@code NANOSECONDS BYTES,BYTES,...}, a number for each flow. */
    String words() throws IOException {
        if (startNs == 0 || endNs - startNs <= 0) {
            throw new IOException(begun + " of " + flows.length + " flows came, and one ended before they had settled");
        }
        final StringBuilder text = new StringBuilder().append(endNs - startNs).append(' ');
        for (final Flow flow : flows) {
            text.append(flow.bytes).append(',');
        }
        return text.substring(0, text.length() - 1);
    }
}
