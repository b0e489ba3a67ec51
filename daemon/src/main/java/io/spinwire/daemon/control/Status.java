package io.spinwire.daemon.control;

import io.spinwire.Cidr;
import io.spinwire.Engine;
import io.spinwire.api.TcpInfo;
import io.spinwire.daemon.service.HttpPage;
import io.spinwire.daemon.service.TextBuffer;
import io.spinwire.ip.AddressPair;
import io.spinwire.nic.FigureVisitor;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.tcp.Tcp;
import java.util.List;
import org.agrona.concurrent.EpochClock;

/**
 * The status of a daemon, written as HTML and as JSON: who it is, its counters, its drops by reason, its NIC, its
 * connections. Rendered on the engine thread, where connections hold still; nothing is allocated.
 */
public final class Status {
    /** Connections listed at the most: a status must not hold up the engine for long. */
    static final int MAX_CONNECTIONS = 1000;

    private static final Counter[] COUNTERS = Counter.values();
    private static final DropReason[] REASONS = DropReason.values();
    private static final String STYLE = "<style>body{font:15px/1.4 system-ui,sans-serif;margin:2em auto;max-width:60em;"
            + "padding:0 1em;color:#222;background:#fff}h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}"
            + "table{border-collapse:collapse;width:100%}td,th{padding:.15em .6em;border-bottom:1px solid #ddd;"
            + "text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
            + "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:#444}"
            + "a{color:#8bf}}</style>";

    private final Identity identity;
    private final Engine engine;
    private final Counters counters;
    private final EpochClock clock;
    private final Tcp.ConnectionVisitor htmlRow = this::htmlRow;
    private final Tcp.ConnectionVisitor jsonRow = this::jsonRow;
    private final FigureVisitor htmlFigure = this::htmlFigure;
    private final FigureVisitor jsonFigure = this::jsonFigure;

    private TextBuffer out;
    private int rows;

    /** The status of one engine; {@code clock} tells how long it has been up. */
    public Status(Identity identity, Engine engine, EpochClock clock) {
        this.identity = identity;
        this.engine = engine;
        this.counters = engine.counters();
        this.clock = clock;
    }

    /** Pages of the HTTP service. */
    public List<HttpPage> pages() {
        return List.of(
                new HttpPage("/", "text/html; charset=utf-8", this::html),
                new HttpPage("/connections", "text/html; charset=utf-8", this::htmlConnections),
                new HttpPage("/status.json", "application/json", this::json));
    }

    /** Everything as one JSON object. */
    public void json(TextBuffer to) {
        engine.publishGauges();
        to.text("{\"name\":").json(identity.name());
        to.text(",\"version\":").json(identity.version());
        to.text(",\"pid\":").number(identity.pid());
        to.text(",\"nic\":").json(identity.nic());
        to.text(",\"uptimeSeconds\":").number(uptimeSeconds());
        to.text(",\"addresses\":[");
        for (int i = 0; i < identity.addresses().size(); i++) {
            final Cidr own = identity.addresses().get(i);
            to.text(i == 0 ? "\"" : ",\"").address(own.address());
            to.text("/").number(own.prefixLength()).text("\"");
        }
        to.text("],\"services\":{");
        for (int i = 0; i < identity.services().size(); i++) {
            final Identity.ServicePort service = identity.services().get(i);
            to.text(i == 0 ? "" : ",").json(service.service()).text(":").number(service.port());
        }
        to.text("},\"counters\":{");
        for (int i = 0; i < COUNTERS.length; i++) {
            to.text(i == 0 ? "" : ",").json(COUNTERS[i].name());
            to.text(":").number(counters.get(COUNTERS[i]));
        }
        to.text("},\"drops\":{");
        for (int i = 0; i < REASONS.length; i++) {
            to.text(i == 0 ? "" : ",").json(REASONS[i].name());
            to.text(":").number(counters.get(REASONS[i]));
        }
        to.text("},\"nicFigures\":{");
        visitNic(to, jsonFigure);
        to.text("},\"connections\":[");
        visit(to, jsonRow);
        to.text("],\"connectionsListed\":").number(Math.min(rows, MAX_CONNECTIONS));
        to.text(",\"connectionsTotal\":").number(rows).text("}\n");
    }

    private void html(TextBuffer to) {
        engine.publishGauges();
        head(to);
        to.text("<p><a href=\"/connections\">connections</a> &middot; <a href=\"/status.json\">JSON</a></p>");
        to.text("<h2>Drops by reason</h2><table>");
        for (final DropReason reason : REASONS) {
            if (counters.get(reason) != 0) {
                row(to, reason.name(), reason.description(), counters.get(reason));
            }
        }
        row(to, "all", "drops for all reasons together", counters.totalDrops());
        to.text("</table>");
        visitNic(to, htmlFigure);
        to.text(rows == 0 ? "" : "</table>").text("<h2>Counters</h2><table>");
        for (final Counter counter : COUNTERS) {
            row(to, counter.name(), counter.description(), counters.get(counter));
        }
        to.text("</table></body></html>\n");
    }

    private void htmlConnections(TextBuffer to) {
        head(to);
        to.text("<p><a href=\"/\">status</a></p><h2>Connections</h2><table><tr><th class=n>port<th>peer<th>state");
        to.text("<th class=n>rtt us<th class=n>cwnd<th class=n>bytes in<th class=n>bytes out<th class=n>retransmitted");
        visit(to, htmlRow);
        to.text("</table>");
        if (rows > MAX_CONNECTIONS) {
            to.text("<p>").number(rows - MAX_CONNECTIONS).text(" more are not listed.</p>");
        }
        to.text("</body></html>\n");
    }

    private void head(TextBuffer to) {
        to.text("<!doctype html><html lang=en><meta charset=utf-8><title>Spinwire ")
                .html(identity.name());
        to.text("</title>").text(STYLE).text("<body><h1>Spinwire ").html(identity.name());
        to.text("</h1><p>").html(identity.nic()).text(", up ").number(uptimeSeconds());
        to.text(" s, process ").number(identity.pid()).text(", version ").html(identity.version());
        to.text("</p>");
    }

    private static void row(TextBuffer to, String name, String description, long value) {
        to.text("<tr><td>")
                .text(name)
                .text("<td>")
                .html(description)
                .text("<td class=n>")
                .number(value);
    }

    private void visit(TextBuffer to, Tcp.ConnectionVisitor row) {
        out = to;
        rows = 0;
        engine.forEachConnection(row);
        out = null;
    }

    private void visitNic(TextBuffer to, FigureVisitor figure) {
        out = to;
        rows = 0;
        engine.visitNicFigures(figure);
        out = null;
    }

    private void htmlFigure(String name, String description, long value) {
        out.text(rows++ == 0 ? "<h2>NIC</h2><table>" : "");
        row(out, name, description, value);
    }

    private void jsonFigure(String name, String description, long value) {
        out.text(rows++ == 0 ? "" : ",").json(name).text(":").number(value);
    }

    private void htmlRow(long addressPair, int localPort, int remotePort, TcpInfo info) {
        if (++rows > MAX_CONNECTIONS) {
            return;
        }
        out.text("<tr><td class=n>").number(localPort).text("<td>").address(AddressPair.remote(addressPair));
        out.text(":").number(remotePort).text("<td>").text(info.state.name());
        out.text("<td class=n>").number(info.rttUs).text("<td class=n>").number(info.sndCwnd);
        out.text("<td class=n>").number(info.bytesReceived).text("<td class=n>").number(info.bytesAcked);
        out.text("<td class=n>").number(info.totalRetrans);
    }

    private void jsonRow(long addressPair, int localPort, int remotePort, TcpInfo info) {
        if (++rows > MAX_CONNECTIONS) {
            return;
        }
        out.text(rows == 1 ? "" : ",").text("{\"localPort\":").number(localPort);
        out.text(",\"remote\":\"")
                .address(AddressPair.remote(addressPair))
                .text("\",\"remotePort\":")
                .number(remotePort);
        out.text(",\"state\":\"").text(info.state.name());
        out.text("\",\"rttUs\":").number(info.rttUs).text(",\"sndCwnd\":").number(info.sndCwnd);
        out.text(",\"bytesReceived\":").number(info.bytesReceived);
        out.text(",\"bytesAcked\":").number(info.bytesAcked);
        out.text(",\"totalRetrans\":").number(info.totalRetrans);
        out.text(",\"unacked\":").number(info.unacked);
        out.text(",\"notsentBytes\":").number(info.notsentBytes);
        out.text(",\"sndWnd\":")
                .number(info.sndWnd)
                .text(",\"rcvWnd\":")
                .number(info.rcvWnd)
                .text("}");
    }

    private long uptimeSeconds() {
        return (clock.time() - identity.startedMs()) / 1000;
    }
}
