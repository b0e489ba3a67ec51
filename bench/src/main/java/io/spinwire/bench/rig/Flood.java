package io.spinwire.bench.rig;

import io.spinwire.daemon.lab.Lab;
import io.spinwire.nic.afxdp.NetNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Frames of one length sent at side a of a pair while it is measured, as the kernel counts them at the interface, to a
 * sink at side b that drops them; both rest meanwhile.
 *
 * @param name as in the results
 * @param sender begins and ends sending
 * @param sink has a NIC of its own open on side b
 */
record Flood(String name, Competitor.Service sender, End sink, Lab lab, Wiring.Pair pair) {
    private static final int TX_PACKETS = 9; // column of /proc/net/dev after the name

    /**
     * What an interface had sent at a time.
     *
     * @param atNs of System.nanoTime()
     */
    record Count(long frames, long atNs) {
        /** Frames a second since an earlier count. */
        double rateSince(Count before) {
            return (frames - before.frames) * 1e9 / (atNs - before.atNs);
        }
    }

    /** Sends for a while that is not counted and then for one that is; answers frames a second. */
    double measure(int settleMs, int ms) throws InterruptedException {
        sink.ask("serve transport=raw what=discard");
        try {
            sender.begin();
            try {
                Thread.sleep(settleMs);
                final Count before = count();
                Thread.sleep(ms);
                return count().rateSince(before);
            } finally {
                sender.end();
            }
        } finally {
            sink.ask("figures"); // any command ends a service
        }
    }

    private Count count() {
        return NetNamespace.call(lab.namespace("a"), () -> {
            final List<String> lines = Files.readAllLines(Path.of("/proc/thread-self/net/dev"));
            return new Count(sent(lines, pair.device("a")), System.nanoTime());
        });
    }

    /** Frames that an interface has sent, by the lines of /proc/net/dev. */
    static long sent(List<String> lines, String device) {
        final String prefix = device + ":";
        return lines.stream()
                .map(String::strip)
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip().split("\\s+"))
                .mapToLong(columns -> Long.parseLong(columns[TX_PACKETS]))
                .sum();
    }
}
