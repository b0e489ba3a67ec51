package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * P4 and P4j: one flow as fast as it goes, counted where it arrives, in turns: engines, raw frames of the same size,
 * and the kernel (with MTU-sized frames and with super-packets), at MTU 1500 and at the largest MTU that veth's XDP
 * takes. Sender at side b, receiver at side a. A round is cut into slices, each a flow of its own, since a kernel's
 * flow over veth may run at half the speed of the next one for as long as it lives.
 */
public final class Bulk {
    private static final String PART = "bulk";
    private static final String NIC = Profile.nicOptions("throughput"); // a full window fits its rings
    private static final String RECEIVING = Profile.engineOptions("throughput");
    private static final int HEADERS = 20 + 32; // of IPv4, and of TCP with timestamps
    private static final int MTU = 1_500;
    private static final int WARM_FLOWS = 4;
    private static final int WARM_BYTES = 4_096; // for each piece of work
    private static final double SMALL_BYTES = 64;
    private static final double NS_PER_S = 1e9;
    private static final int FLOWS = 7;
    private static final int RAW_FLOWS = 2;
    private static final String RAW = ",filter=all";
    private static final String ENGINE = "engine";
    private static final String KERNEL = "kernel-spin";
    private static final double RAW_END_S = 0.5; // nobody says when no more frames will come
    private static final int FIRST_PORT = 7_100;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final Rounds<String> rates = new Rounds<>();
    private final Set<Ends.Two> warm = new HashSet<>();
    private final RingCounters rings;
    private int port = FIRST_PORT;

    /** Who sends and receives, and where to. */
    private record Subject(String name, Ends.Two two, String transport, String address, int mtu) {
        boolean hasRings() {
            return !transport.equals(KERNEL);
        }

        /** Of a full segment. */
        int payload() {
            return mtu - HEADERS;
        }

        String words() {
            return " bytes=" + payload();
        }
    }

    /** Bytes that arrived, the time from the first to the last of them, and bytes that left. */
    private record Measured(long arrived, long ns, long sent) {
        Measured plus(Measured other) {
            return new Measured(arrived + other.arrived, ns + other.ns, sent + other.sent);
        }

        double bytesPerNs() {
            return arrived / (double) ns;
        }
    }

    public Bulk(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
        rings = new RingCounters(folder);
    }

    /** Measures, and leaves results and ratios in the folder. */
    public void run() throws Exception {
        folder.param(PART + ".slices of a round", effort.slices());
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair xdp = wiring.bare("bulk");
            final Ends.Two engine = ends.startOn("engine", xdp, NIC, RECEIVING);
            final Ends.Two raw = ends.startOn("raw", wiring.bare("flood"), NIC + RAW, null);
            final Ends.Two kernel = ends.start("kernel");
            final Wiring.Pair segments = wiring.segments("kseg", kernel.server());
            final Wiring.Pair big = wiring.bare("big", Wiring.BIG_MTU);
            final Ends.Two bigEngine = ends.startOn("engine big", big, NIC, RECEIVING);
            final Ends.Two bigRaw = ends.startOn("raw big", wiring.bare("bigflood", Wiring.BIG_MTU), NIC + RAW, null);
            final Wiring.Pair kernelBig = wiring.kernel("kbig", Wiring.BIG_MTU);
            final Ends.Two bigKernel = ends.start("kernel big");
            final String superPackets = wiring.kernel("kplain", MTU).address("a"); // the same processes
            final List<Subject> subjects = List.of(
                    new Subject("engine", engine, ENGINE, xdp.address("a"), MTU),
                    new Subject("raw", raw, "raw", "0.0.0.0", MTU),
                    new Subject("kernel MTU-sized", kernel, KERNEL, segments.address("a"), MTU),
                    new Subject("kernel", bigKernel, KERNEL, superPackets, MTU),
                    new Subject("engine big", bigEngine, ENGINE, big.address("a"), Wiring.BIG_MTU),
                    new Subject("raw big", bigRaw, "raw", "0.0.0.0", Wiring.BIG_MTU),
                    new Subject("kernel big", bigKernel, KERNEL, kernelBig.address("a"), Wiring.BIG_MTU));
            for (int round = 1; round <= effort.rounds(); round++) {
                flows(round, subjects);
                if (round <= effort.roundsOfLess()) {
                    messages(round, "engine", engine, ENGINE, xdp.address("a"));
                    messages(round, "kernel", bigKernel, KERNEL, kernelBig.address("a"));
                }
            }
            describe("engine sender", engine.client());
            describe("engine receiver", engine.server());
            describe("engine big sender", bigEngine.client());
            describe("engine big receiver", bigEngine.server());
        }
        summarise();
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final double round = Effort.CHANGE_S + effort.roundMs() / 1e3;
        final double sliced = round + (effort.slices() - 1) * Effort.CHANGE_S;
        return (FLOWS - 1) * (Effort.TWO_PROCESSES_S + effort.jitS()) // two flows have the same processes
                + FLOWS * effort.rounds() * sliced
                + RAW_FLOWS * (WARM_FLOWS + effort.rounds() * effort.slices()) * RAW_END_S
                + effort.roundsOfLess() * 2 * round;
    }

    private void describe(String name, End end) throws InterruptedException {
        folder.environment(PART + ": " + name + " at its end", end.ask("figures"));
    }

    /** A round of everybody, in slices. */
    private void flows(int round, List<Subject> subjects) throws InterruptedException {
        final Map<Subject, Measured> measured = new LinkedHashMap<>();
        final Map<Subject, RingCounters.Both> before = new LinkedHashMap<>();
        for (final Subject subject : subjects) {
            if (warm.add(subject.two())) {
                warmUp(subject, subject.words(), (long) effort.jitWork() * WARM_BYTES);
            }
            if (subject.hasRings()) {
                before.put(subject, RingCounters.Both.of(subject.two()));
            }
        }
        for (int slice = 0; slice < effort.slices(); slice++) {
            for (final Subject subject : subjects) {
                final Measured flow = measure(subject, subject.words(), " ms=" + effort.sliceMs());
                measured.merge(subject, flow, Measured::plus);
            }
        }
        for (final Subject subject : subjects) {
            record(round, subject, measured.get(subject), before.get(subject));
        }
    }

    private void record(int round, Subject subject, Measured measured, RingCounters.Both before)
            throws InterruptedException {
        final double rate = measured.bytesPerNs() * Byte.SIZE;
        final RunFolder.Key key = new RunFolder.Key(subject.name(), "mtu=" + subject.mtu(), "" + round);
        folder.result(PART, key, "goodput", rate, "Gbit/s");
        if (subject.hasRings()) {
            final RingCounters.Both after = RingCounters.Both.of(subject.two());
            rings.record(PART, key, before, after, measured.sent() / subject.payload());
        }
        rates.add(subject.name(), rate);
        effort.progress(subject.name() + " round " + round + ": " + Math.round(rate * 100) / 100.0 + " Gbit/s");
    }

    /** Messages of 64 bytes, each offered by itself without Nagle, one way. */
    private void messages(int round, String name, Ends.Two two, String transport, String address)
            throws InterruptedException {
        final String words = " bytes=64 chunk=64";
        final Subject subject = new Subject(name, two, transport, address, MTU);
        if (round == 1) {
            warmUp(subject, words, (long) effort.jitWork() * (int) SMALL_BYTES);
        }
        final double rate = measure(subject, words, " ms=" + effort.roundMs()).bytesPerNs() / SMALL_BYTES * NS_PER_S;
        folder.result("messages", new RunFolder.Key(name, "64 B", "" + round), "delivered", rate, "1/s");
        effort.progress(name + " small messages round " + round + ": " + Math.round(rate) + "/s");
    }

    /**
     * So many bytes that all is compiled, whatever time they take. Over several connections: what was compiled while
     * one ran is thrown away at its end, and when the next begins, since it never saw either.
     */
    private void warmUp(Subject subject, String words, long bytes) throws InterruptedException {
        for (int i = 0; i < WARM_FLOWS; i++) {
            measure(subject, words, " ms=0 least=" + bytes / WARM_FLOWS);
        }
    }

    /** One flow for a round, counted where it arrives. */
    private Measured measure(Subject subject, String words, String length) throws InterruptedException {
        port++;
        final End server = subject.two().server();
        server.ask("sink transport=" + subject.transport() + " port=" + port + words);
        final String sent = subject.two()
                .client()
                .ask("source transport=" + subject.transport() + " to=" + subject.address() + ":" + port + words
                        + length);
        final String[] arrived = server.answer().split(" ");
        return new Measured(Long.parseLong(arrived[0]), Long.parseLong(arrived[1]), Long.parseLong(sent.strip()));
    }

    private void summarise() {
        rates.forEachMedian(
                (name, rate) -> folder.result(PART, new RunFolder.Key(name, "", "median"), "goodput", rate, "Gbit/s"));
        folder.ratio(
                "P4", "engines / raw AF_XDP frames, MTU 1500", rates.median("engine") / rates.median("raw"), ">= 0.8");
        folder.ratio(
                "P4",
                "engines / kernel cubic with MTU-sized frames",
                rates.median("engine") / rates.median("kernel MTU-sized"),
                ">= 1.2");
        folder.ratio(
                "P4j",
                "engines / kernel cubic with all offloads, MTU " + Wiring.BIG_MTU,
                rates.median("engine big") / rates.median("kernel big"),
                ">= 1.0");
        allows("raw", "kernel MTU-sized", "P4 / kernel");
        allows("raw big", "kernel big", "P4j");
        allows("engine", "kernel", "MTU 1500 and all offloads of the kernel");
        allows("engine big", "raw big", "MTU " + Wiring.BIG_MTU);
        rings.note("P4 and P4j");
    }

    /** A ratio without a goal: between floor and kernel it is what the driver's floor itself allows. */
    private void allows(String above, String below, String of) {
        final RunFolder.Key key = new RunFolder.Key(above + " / " + below, of, "median");
        folder.result(PART, key, "ratio", rates.median(above) / rates.median(below), "");
    }
}
