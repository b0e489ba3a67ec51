package io.spinwire.daemon.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.spinwire.nic.afxdp.XskFigure;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import java.util.Map;

/** A daemon's status for a terminal, made of the JSON that it answered. */
public final class StatusText {
    private static final String CONNECTION = "  %-6s %-21s %-12s %9s %7s %14s %14s %8s%n";

    private static final String NIC_FIGURES = "nicFigures";

    private final boolean isAll;

    /** With zeros, or without. */
    public StatusText(boolean isAll) {
        this.isAll = isAll;
    }

    /**
     * The status as text.
     *
     * @param previous the one before, whose difference is shown too; null for none
     */
    public String render(JsonNode status, JsonNode previous) {
        final StringBuilder out = new StringBuilder();
        out.append(status.path("name").asText())
                .append(": ")
                .append(status.path("nic").asText());
        status.path("addresses").forEach(address -> out.append(", ").append(address.asText()));
        status.path("services")
                .properties()
                .forEach(service -> out.append(", ")
                        .append(service.getKey())
                        .append(' ')
                        .append(service.getValue().asInt()));
        out.append(", process ").append(status.path("pid").asLong());
        out.append(", up ").append(status.path("uptimeSeconds").asLong()).append(" s\n");
        numbers(out, "drops", status, previous);
        if (!status.path(NIC_FIGURES).isEmpty()) { // a NIC in memory has none
            numbers(out, NIC_FIGURES, status, previous);
        }
        numbers(out, "counters", status, previous);
        connections(out, status);
        return out.toString();
    }

    private void numbers(StringBuilder out, String table, JsonNode status, JsonNode previous) {
        out.append(table.equals(NIC_FIGURES) ? "nic" : table).append('\n');
        boolean isEmpty = true;
        for (final Map.Entry<String, JsonNode> entry : status.path(table).properties()) {
            final long value = entry.getValue().asLong();
            if (value == 0 && !isAll) {
                continue;
            }
            isEmpty = false;
            final long change = previous == null
                    ? 0
                    : value - previous.path(table).path(entry.getKey()).asLong();
            out.append(String.format(
                    "  %-26s %16d %12s  %s%n",
                    entry.getKey(),
                    value,
                    change == 0 ? "" : String.format("%+d", change),
                    description(table, entry.getKey())));
        }
        if (isEmpty) {
            out.append("  none\n");
        }
    }

    /** A daemon of another version may count what this one does not know. */
    private static String description(String table, String name) {
        try {
            return switch (table) {
                case "drops" -> DropReason.valueOf(name).description();
                case NIC_FIGURES -> XskFigure.of(name).description();
                default -> Counter.valueOf(name).description();
            };
        } catch (final IllegalArgumentException e) {
            return "";
        }
    }

    private static void connections(StringBuilder out, JsonNode status) {
        final long total = status.path("connectionsTotal").asLong();
        out.append("connections: ").append(total).append('\n');
        if (total == 0) {
            return;
        }
        out.append(String.format(
                CONNECTION, "port", "peer", "state", "rtt us", "cwnd", "bytes in", "bytes out", "retrans"));
        for (final JsonNode connection : status.path("connections")) {
            out.append(String.format(
                    CONNECTION,
                    connection.path("localPort").asInt(),
                    connection.path("remote").asText() + ":"
                            + connection.path("remotePort").asInt(),
                    connection.path("state").asText(),
                    connection.path("rttUs").asInt(),
                    connection.path("sndCwnd").asInt(),
                    connection.path("bytesReceived").asLong(),
                    connection.path("bytesAcked").asLong(),
                    connection.path("totalRetrans").asInt()));
        }
        final long listed = status.path("connectionsListed").asLong();
        if (listed < total) {
            out.append("  ").append(total - listed).append(" more are not listed\n");
        }
    }
}
