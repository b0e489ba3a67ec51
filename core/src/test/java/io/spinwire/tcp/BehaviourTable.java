package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.nic.FaultProfile;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * How the stack behaves on paths of all kinds: what arrives in ten seconds of virtual time over a link of 20 Mbit/s,
 * and what it cost, for each loss rate, delay, congestion control and length of the queue before the link. Follows from
 * the code only, so that a change that makes recovery worse shows.
 */
final class BehaviourTable {
    static final String HEADER =
            "loss %,round trip ms,congestion control,queue BDP,goodput kbit/s,retransmitted,timeouts";

    private static final long MS = Bottleneck.MS;
    private static final long RATE = 20_000_000;
    private static final long DURATION_NS = 10_000 * MS;
    private static final double[] LOSSES = {0, 0.1, 1, 5};
    private static final int[] ROUND_TRIPS_MS = {10, 40, 160};
    private static final String[] CONTROLS = {"reno", "cubic", "dctcp", "bbr"};
    private static final double[] QUEUES = {0.25, 1, 4};
    private static final int FRAME_BYTES = 1514;

    private BehaviourTable() {}

    /** A path, and who sends over it. */
    record Cell(double lossPercent, int roundTripMs, String control, double queueBdp) {
        /** As the table names it. */
        String key() {
            return String.format(Locale.ROOT, "%s,%d,%s,%s", lossPercent, roundTripMs, control, queueBdp);
        }

        /** What comes of it, as the table says it. */
        String measure() {
            final long bdp = RATE / 8 * roundTripMs / 1000;
            final FaultProfile.Builder path = FaultProfile.builder()
                    .loss(lossPercent / 100)
                    .rate(RATE, Math.max((long) (bdp * queueBdp), FRAME_BYTES))
                    .delay(roundTripMs * MS / 2, 0)
                    .holdFrames(10_000);
            if (control.equals("dctcp")) {
                path.mark(Math.max(bdp / 7, 2 * FRAME_BYTES)); // RFC 8257 section 3.1, after its source
            }
            final TcpConfigBuilder tcp = TcpConfig.builder().congestionControl(control);
            try (Bottleneck flow = new Bottleneck(tcp, path.build(), roundTripMs * MS / 2)) {
                final long kilobits = flow.goodput(DURATION_NS) * 8 / 1_000;
                return kilobits + "," + flow.sender.counters().get(Counter.TcpRetransSegs) + ","
                        + flow.sender.counters().get(Counter.TcpTimeouts);
            }
        }
    }

    static List<Cell> cells() {
        final List<Cell> cells = new ArrayList<>();
        for (final double loss : LOSSES) {
            for (final int roundTripMs : ROUND_TRIPS_MS) {
                addCells(cells, loss, roundTripMs);
            }
        }
        return cells;
    }

    private static void addCells(List<Cell> cells, double loss, int roundTripMs) {
        for (final String control : CONTROLS) {
            for (final double queue : QUEUES) {
                cells.add(new Cell(loss, roundTripMs, control, queue));
            }
        }
    }

    /** The lines of a table without its header, by their keys. */
    static Map<String, String> parse(Stream<String> lines) {
        final Map<String, String> table = new LinkedHashMap<>();
        lines.filter(line -> !line.isBlank() && !line.equals(HEADER)).forEach(line -> {
            int comma = -1;
            for (int i = 0; i < 4; i++) {
                comma = line.indexOf(',', comma + 1);
            }
            table.put(line.substring(0, comma), line.substring(comma + 1));
        });
        return table;
    }

    /** What has changed, a line each. */
    static List<String> differences(Map<String, String> before, Map<String, String> now) {
        final List<String> changes = new ArrayList<>();
        now.forEach((key, value) -> {
            final String was = before.get(key);
            if (!Objects.equals(was, value)) {
                changes.add(was == null ? key + ": new, " + words(value) : key + ": " + difference(was, value));
            }
        });
        before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(key -> changes.add(key + ": is gone"));
        return changes;
    }

    private static String difference(String was, String is) {
        final double before = Double.parseDouble(was.substring(0, was.indexOf(',')));
        final double now = Double.parseDouble(is.substring(0, is.indexOf(',')));
        final double percent = before == 0 ? 0 : (now / before - 1) * 100;
        return words(was) + " -> " + words(is) + String.format(Locale.ROOT, " (%+.1f %%)", percent);
    }

    private static String words(String value) {
        final String[] columns = value.split(",");
        return columns[0] + " kbit/s, " + columns[1] + " retransmitted, " + columns[2] + " timeouts";
    }
}
