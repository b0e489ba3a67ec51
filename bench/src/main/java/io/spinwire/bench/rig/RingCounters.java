package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Beside each goodput on AF_XDP what its rings saw in the same round: drops of the receiver's NIC under the kernel's
 * own names, the sender's kicks, frames for each of them, and segments sent again. Sums are kept for the last line.
 */
final class RingCounters {
    private static final String RING_FULL = "rx_ring_full";
    private static final String FILL_EMPTY = "rx_fill_ring_empty";
    private static final String RETRANSMITTED = "retransmitted";
    private static final String[] DROPS = {RING_FULL, FILL_EMPTY, "rx_dropped"};

    private final RunFolder folder;
    private final Map<String, long[]> sums = new LinkedHashMap<>();

    RingCounters(RunFolder folder) {
        this.folder = folder;
    }

    /** Of both ends at one moment. */
    record Both(EndFigures server, EndFigures client) {
        static Both of(Ends.Two two) throws InterruptedException {
            return new Both(EndFigures.of(two.server()), EndFigures.of(two.client()));
        }
    }

    /**
     * A round, from {@code before} until now.
     *
     * @param frames that were sent where there is no TCP that counts them
     */
    void record(String part, RunFolder.Key key, Both before, Both after, long frames) {
        for (final String drop : DROPS) {
            folder.result(part, key, drop, after.server().since(before.server(), drop), "");
        }
        final long[] sum = sums.computeIfAbsent(key.subject(), any -> new long[2]);
        sum[0] += after.server().since(before.server(), RING_FULL);
        sum[1] += after.server().since(before.server(), FILL_EMPTY);
        final EndFigures sender = after.client();
        final long kicks = sender.since(before.client(), "kicks");
        final boolean isTcp = sender.has("TcpOutSegs");
        final long segments = isTcp ? sender.since(before.client(), "TcpOutSegs") : frames;
        folder.result(part, key, "kicks", kicks, "");
        folder.result(part, key, "segments per kick", (double) segments / Math.max(kicks, 1), "");
        if (isTcp) {
            folder.result(part, key, RETRANSMITTED, sender.since(before.client(), "TcpRetransSegs"), "segments");
        }
    }

    /** Of the kernel's TCP what it sent again, whoever had it send. */
    void recordKernel(String part, RunFolder.Key key, Both before, Both after) {
        final long retransmitted = after.client().since(before.client(), "KernelTcpRetransSegs");
        folder.result(part, key, RETRANSMITTED, retransmitted, "segments");
    }

    /** All measured rounds together, to stand below the ratios: {@code P4 and P4j: engine rx_ring_full 0, ...}. */
    void note(String title) {
        final StringBuilder line = new StringBuilder(title).append(", all rounds:");
        sums.forEach((subject, sum) -> line.append(line.charAt(line.length() - 1) == ':' ? " " : "; ")
                .append(subject + " " + RING_FULL + "=" + sum[0] + " " + FILL_EMPTY + "=" + sum[1]));
        folder.note(line.toString());
    }
}
