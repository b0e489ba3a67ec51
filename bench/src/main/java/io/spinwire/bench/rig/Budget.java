package io.spinwire.bench.rig;

import io.spinwire.bench.end.Histograms;
import io.spinwire.bench.record.Quantiles;
import io.spinwire.bench.record.RunFolder;
import java.util.Locale;

/**
 * Where the time of a round trip goes, and that of a segment of a long flow: the pieces measured alone beside the
 * whole, in one run. What is left over when the pieces are taken away is said too, not hidden.
 */
public final class Budget {
    private static final String PART = "budget";
    private static final double COSTS_S = 3; // all pieces of one round
    private static final int HEADERS = 14 + 20 + 32; // of Ethernet, of IPv4, and of TCP with timestamps
    private static final int MESSAGE = 64;
    private static final int FULL = 14 + 1_500;
    private static final String TRIP = "round trip, ";
    private static final String RAW = TRIP + "raw frames";
    private static final String ENGINE = TRIP + "engines";
    private static final String SMALL_FRAME = frame(HEADERS + MESSAGE, 1);
    private static final String CROSSING = "a cache line to the other CPU and back";
    private static final String CALL = "a system call that does nothing";
    private static final String CLOCK = "reading the clock";
    private static final String IDLE = "an engine's idle turn";
    private static final int[] FRAMES_PER_KICK = {1, 3, 8, 32};

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final Rounds<String> costs = new Rounds<>();

    public Budget(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        return 2 * Effort.TWO_PROCESSES_S
                + effort.roundsOfLess() * (2 * (effort.jitS() + effort.roundS(0.5)) + COSTS_S);
    }

    /** Measures, and leaves results and a table of what they add up to in the folder. */
    public void run() throws Exception {
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair pair = wiring.bare("eng");
            final Ends.Two engines = ends.startOn("engine", pair, "", "");
            final Ends.Two raw = ends.startOn("raw", wiring.bare("frame"), ",filter=all", null);
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                ofEngines(round, engines, pair);
                ofFrames(round, raw);
            }
        }
        costs.forEachMedian((what, ns) -> folder.result(PART, new RunFolder.Key(what, "", "median"), "ns", ns, "ns"));
        folder.environment("where the time goes", table());
    }

    private void ofEngines(int round, Ends.Two engines, Wiring.Pair pair) throws InterruptedException {
        cost(round, engines.client(), CLOCK, "clock");
        cost(round, engines.client(), CALL, "system-call");
        cost(round, engines.client(), CROSSING, "crossing to-cpu=" + Ends.SERVER_CPU);
        cost(round, engines.client(), IDLE, "idle-turn");
        engines.server().ask("serve transport=engine");
        note(round, ENGINE, roundTrip(engines.client(), "engine", pair.address("a") + ":7"));
        engines.server().ask("figures");
    }

    private void ofFrames(int round, Ends.Two raw) throws InterruptedException {
        raw.server().ask("serve transport=raw");
        note(round, RAW, roundTrip(raw.client(), "raw", "0.0.0.0:0"));
        raw.server().ask("serve transport=raw what=discard");
        cost(round, raw.client(), SMALL_FRAME, "frame per-kick=1 bytes=" + (HEADERS + MESSAGE));
        for (final int perKick : FRAMES_PER_KICK) {
            cost(round, raw.client(), frame(FULL, perKick), "frame bytes=" + FULL + " per-kick=" + perKick);
        }
        raw.server().ask("figures");
    }

    private static String frame(int bytes, int perKick) {
        return "sending a frame of " + bytes + " bytes with " + perKick + " a kick";
    }

    private double roundTrip(End client, String transport, String to) throws InterruptedException {
        final String answer = client.ask("rtt transport=" + transport + " to=" + to + " bytes=" + MESSAGE + " warm="
                + effort.jitWork() + " ms=" + effort.roundMs() / 2);
        return Quantiles.of(Histograms.decode(answer.split(" ")[1])).p50();
    }

    private void cost(int round, End end, String what, String words) throws InterruptedException {
        note(round, what, Double.parseDouble(end.ask("cost of=" + words)));
    }

    private void note(int round, String what, double ns) {
        folder.result(PART, new RunFolder.Key(what, "", "" + round), "ns", ns, "ns");
        costs.add(what, ns);
        effort.progress(what + ": " + Math.round(ns) + " ns");
    }

    /** A round trip is two frames sent, two looks that find them, and what two stacks do between. */
    private String table() {
        final double whole = costs.median(ENGINE);
        final double kernel = 2 * costs.median(SMALL_FRAME);
        final double crossing = costs.median(CROSSING);
        final double looking = costs.median(IDLE);
        final double stacks = whole - costs.median(RAW);
        final StringBuilder text = new StringBuilder();
        line(text, "round trip of 64 bytes, engine to engine, p50", whole);
        line(text, "  the kernel's part of sending two frames (system call, copies, softirq, XDP)", kernel);
        line(text, "    of that entering and leaving the kernel twice", 2 * costs.median(CALL));
        line(text, "  two cache lines that cross between the CPUs", crossing);
        line(text, "  two looks that come late by half an idle turn", looking);
        line(text, "  what two stacks add to an echo of raw frames", stacks);
        line(text, "  not explained by these", whole - kernel - crossing - looking - stacks);
        return text.toString();
    }

    private static void line(StringBuilder text, String what, double ns) {
        text.append(String.format(Locale.ROOT, "%-80s %6.0f ns%n", what, ns));
    }
}
