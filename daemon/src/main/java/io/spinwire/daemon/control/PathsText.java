package io.spinwire.daemon.control;

import com.fasterxml.jackson.databind.JsonNode;

/** What a daemon knows of paths, for a terminal: made of the JSON that it answered. */
public final class PathsText {
    private static final String ROW = "%-15s %-15s %7s %9s %9s %8s %6s %10s %6s%n";

    private PathsText() {}

    /** A table of the paths. */
    public static String render(JsonNode answer) {
        final long total = answer.path("pathsTotal").asLong();
        if (total == 0) {
            return "nothing is known of any path\n";
        }
        final StringBuilder out = new StringBuilder(String.format(
                ROW, "host", "from", "age s", "rtt us", "rttvar us", "ssthresh", "cwnd", "reordering", "cookie"));
        for (final JsonNode path : answer.path("paths")) {
            out.append(String.format(
                    ROW,
                    path.path("remote").asText(),
                    path.path("local").asText(),
                    path.path("ageMs").asLong() / 1000,
                    known(path, "rttUs"),
                    known(path, "rttVarUs"),
                    known(path, "ssthresh"),
                    known(path, "cwnd"),
                    known(path, "reordering"),
                    path.path("fastOpenCookieLength").asInt() > 0 ? "yes" : "-"));
        }
        final long left = total - answer.path("paths").size();
        return left > 0 ? out.append(left).append(" more are not listed\n").toString() : out.toString();
    }

    private static String known(JsonNode path, String field) {
        final int value = path.path(field).asInt();
        return value == 0 ? "-" : Integer.toString(value);
    }
}
