package io.spinwire.bench.rig;

import io.spinwire.bench.record.RunFolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * P4 and P4j: one flow as fast as it goes, counted where it arrives, in turns: engines, raw frames of the same size,
 * and the kernel, at MTU 1500 and at the largest MTU that veth's XDP takes. Sender at side b, receiver at side a.
 */
public final class Bulk {
    private static final String PART = "bulk";
    private static final String NIC = Profile.nicOptions("throughput"); // a full window fits its rings
    private static final String RECEIVING = Profile.engineOptions("throughput");
    private static final int HEADERS = 20 + 32; // of IPv4, and of TCP with timestamps
    private static final int MTU = 1_500;
    private static final int WARM_BYTES = 4_096; // for each piece of work
    private static final double SMALL_BYTES = 64;
    private static final double NS_PER_S = 1e9;
    private static final int FLOWS = 5;
    private static final double RAW_END_S = 0.5; // nobody says when no more frames will come
    private static final int FIRST_PORT = 7_100;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private int port = FIRST_PORT;

    public Bulk(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
    }

    /** Measures, and leaves results and ratios in the folder. */
    public void run() throws Exception {
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair xdp = wiring.bare("bulk");
            final Ends.Two engine = ends.startOn("engine", xdp, NIC, RECEIVING);
            final Ends.Two raw = ends.startOn("raw", wiring.bare("flood"), NIC + ",filter=all", null);
            final Wiring.Pair segments = wiring.kernel("kseg", MTU);
            wiring.disableOffloads(segments, "b");
            final Ends.Two kernel = ends.start("kernel");
            // Native XDP that passes everything on: its filter is for an address that nobody has.
            kernel.server().ask("open nic=afxdp:" + segments.device("a") + " filter-address=192.0.2.1");
            final Wiring.Pair big = wiring.bare("big", Wiring.BIG_MTU);
            final Ends.Two bigEngine = ends.startOn("engine big", big, NIC, RECEIVING);
            final Wiring.Pair kernelBig = wiring.kernel("kbig", Wiring.BIG_MTU);
            final Ends.Two bigKernel = ends.start("kernel big");
            for (int round = 1; round <= effort.rounds(); round++) {
                flow(round, "engine", engine, "engine", xdp.address("a"), MTU);
                flow(round, "raw", raw, "raw", "0.0.0.0", MTU);
                flow(round, "kernel MTU-sized", kernel, "kernel-spin", segments.address("a"), MTU);
                if (round <= effort.roundsOfLess()) {
                    messages(round, "engine", engine, "engine", xdp.address("a"));
                    messages(round, "kernel", bigKernel, "kernel-spin", kernelBig.address("a"));
                }
                flow(round, "engine big", bigEngine, "engine", big.address("a"), Wiring.BIG_MTU);
                flow(round, "kernel big", bigKernel, "kernel-spin", kernelBig.address("a"), Wiring.BIG_MTU);
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
        return FLOWS * (Effort.TWO_PROCESSES_S + effort.jitS() + effort.rounds() * round)
                + effort.rounds() * RAW_END_S
                + effort.roundsOfLess() * 2 * round;
    }

    private void describe(String name, End end) throws InterruptedException {
        folder.environment(PART + ": " + name + " at its end", end.ask("figures"));
    }

    private void flow(int round, String name, Ends.Two two, String transport, String address, int mtu)
            throws InterruptedException {
        final String words = " bytes=" + (mtu - HEADERS);
        if (round == 1) { // so many bytes that all is compiled, whatever time they take
            bytesPerNs(two, transport, address, words, " ms=0 least=" + (long) effort.jitWork() * WARM_BYTES);
        }
        final double rate = bytesPerNs(two, transport, address, words, " ms=" + effort.roundMs()) * Byte.SIZE;
        folder.result(PART, new RunFolder.Key(name, "mtu=" + mtu, "" + round), "goodput", rate, "Gbit/s");
        rates.computeIfAbsent(name, any -> new ArrayList<>()).add(rate);
        effort.progress(name + " round " + round + ": " + Math.round(rate * 100) / 100.0 + " Gbit/s");
    }

    /** Messages of 64 bytes, each offered by itself without Nagle, one way. */
    private void messages(int round, String name, Ends.Two two, String transport, String address)
            throws InterruptedException {
        final String words = " bytes=64 chunk=64";
        if (round == 1) {
            bytesPerNs(two, transport, address, words, " ms=0 least=" + (long) effort.jitWork() * (int) SMALL_BYTES);
        }
        final double rate =
                bytesPerNs(two, transport, address, words, " ms=" + effort.roundMs()) / SMALL_BYTES * NS_PER_S;
        folder.result("messages", new RunFolder.Key(name, "64 B", "" + round), "delivered", rate, "1/s");
        effort.progress(name + " small messages round " + round + ": " + Math.round(rate) + "/s");
    }

    /** One flow for a round, counted where it arrives. */
    private double bytesPerNs(Ends.Two two, String transport, String address, String words, String length)
            throws InterruptedException {
        port++;
        two.server().ask("sink transport=" + transport + " port=" + port + words);
        two.client().ask("source transport=" + transport + " to=" + address + ":" + port + words + length);
        final String[] arrived = two.server().answer().split(" ");
        return Long.parseLong(arrived[0]) / (double) Long.parseLong(arrived[1]);
    }

    private void summarise() {
        rates.keySet()
                .forEach(name ->
                        folder.result(PART, new RunFolder.Key(name, "", "median"), "goodput", median(name), "Gbit/s"));
        folder.ratio("P4", "engines / raw AF_XDP frames, MTU 1500", median("engine") / median("raw"), ">= 0.8");
        folder.ratio(
                "P4",
                "engines / kernel cubic with MTU-sized frames",
                median("engine") / median("kernel MTU-sized"),
                ">= 1.2");
        folder.ratio(
                "P4j",
                "engines / kernel cubic with all offloads, MTU " + Wiring.BIG_MTU,
                median("engine big") / median("kernel big"),
                ">= 1.0");
    }

    private double median(String name) {
        final double[] sorted =
                rates.get(name).stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
