package io.spinwire.script;

import io.spinwire.wire.TcpHeader;
import java.util.Locale;

/**
 * Writes down as a script what a stack did: the lines of a script that says only what peer and application do, and
 * between them the segments that were emitted. A beginning for the writer, who then says what it shows.
 */
public final class Recorder {
    private static final double NS_PER_MS = 1e6;
    private static final double AT_ONCE_MS = 2.5;

    private final Script script;
    private final StringBuilder text = new StringBuilder();
    private double lastMs;
    private int lastLine;

    private Recorder(Script script) {
        this.script = script;
    }

    public static String record(Script script, Walk walk) {
        final Recorder recorder = new Recorder(script);
        walk.steps().forEach(recorder::step);
        return recorder.text.toString();
    }

    private void step(Walk.Step step) {
        final String line = script.lines().stream()
                .filter(candidate -> candidate.number() == step.line())
                .map(Script.Line::text)
                .findFirst()
                .orElse("");
        if (line.startsWith("given") && step.line() == lastLine) {
            lastMs = step.timeNs() / NS_PER_MS;
            return;
        }
        final double passedMs = step.timeNs() / NS_PER_MS - lastMs;
        lastMs = step.timeNs() / NS_PER_MS;
        final String wait = passedMs < AT_ONCE_MS ? "" : String.format(Locale.ROOT, "+%dms ", Math.round(passedMs));
        if (step.segment() != null) {
            line(wait, step.text().split(" ")[0].replace('(', '.').replace(")", "") + " " + print(step.segment()));
            return;
        }
        lastLine = step.line();
        if (line.startsWith("given")) {
            line("", line);
        } else if (line.startsWith("quiet")) {
            line("", "quiet " + (wait.isEmpty() ? "5ms" : wait.substring(1).strip()));
        } else if (line.contains("app")) {
            line(
                    wait,
                    line.replaceFirst("^(?:\\+\\S+\\s+)?(app\\S*) .*", "$1 ")
                            + step.text()
                                    .replaceFirst("app +", "")
                                    .replaceFirst("(info|state|error|readable|unsent) .* -> ", "$1 "));
        } else {
            line(wait, line.replaceFirst("^\\+\\S+\\s+", ""));
        }
    }

    private void line(String wait, String content) {
        text.append(wait).append(content).append('\n');
    }

    private static String print(Segment segment) {
        final String text = segment.toString();
        return segment.is(TcpHeader.SYN)
                ? text.replaceAll("ts=[0-9]+/", "ts=*/")
                : text.replaceAll(" (ts|win)=\\S+", "");
    }
}
