package io.spinwire.daemon.control;

import io.spinwire.Engine;
import io.spinwire.api.PathRecord;
import io.spinwire.daemon.service.TextBuffer;

/** What a daemon has learnt of paths to other hosts, as JSON, and forgetting it. Rendered on the engine thread. */
final class Paths {
    /** Listed at the most: an answer must not hold up the engine for long. */
    private static final int MAX_LISTED = 1000;

    private final Engine engine;
    private TextBuffer out;
    private int rows;

    Paths(Engine engine) {
        this.engine = engine;
    }

    void json(TextBuffer to) {
        to.text("{\"paths\":[");
        visit(to, this::row);
        to.text("],\"pathsTotal\":").number(rows).text("}\n");
    }

    /** Linux: {@code ip tcp_metrics flush}. */
    void flush(TextBuffer to) {
        visit(to, path -> rows++);
        engine.flushPathMetrics();
        to.text("{\"forgotten\":").number(rows).text("}\n");
    }

    private void visit(TextBuffer to, PathRecord.Visitor visitor) {
        out = to;
        rows = 0;
        engine.forEachPath(visitor);
        out = null;
    }

    private void row(PathRecord path) {
        if (++rows > MAX_LISTED) {
            return;
        }
        out.text(rows == 1 ? "" : ",").text("{\"remote\":\"").address(path.remote);
        out.text("\",\"local\":\"").address(path.local).text("\"");
        number("ageMs", path.ageMs);
        number("rttUs", path.rttUs);
        number("rttVarUs", path.rttVarUs);
        number("ssthresh", path.ssthresh);
        number("cwnd", path.cwnd);
        number("reordering", path.reordering);
        number("fastOpenMss", path.fastOpenMss);
        number("fastOpenCookieLength", path.fastOpenCookieLength);
        number("fastOpenSynDrops", path.fastOpenSynDrops);
        out.text("}");
    }

    private void number(String name, long value) {
        out.text(",\"").text(name).text("\":").number(value);
    }
}
