package io.spinwire.bench.rig;

import io.spinwire.bench.record.Fairness;
import io.spinwire.bench.record.RunFolder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Many flows at once between the same two ends at MTU 1500, beside one: bytes a second of all together where they
 * arrive, and how alike they fared. Engines, the kernel with super-packets and, in a full run, with MTU-sized frames,
 * in turns; the kernel's ends spin on epoll. Senders at side b, receivers at side a.
 */
public final class Flows {
    private static final String PART = "flows";
    private static final String NIC = Profile.nicOptions("throughput"); // a full window fits its rings
    private static final String RECEIVING = Profile.engineOptions("throughput");
    private static final String GOODPUT = "goodput";
    private static final String ENGINE = "engine";
    private static final String KERNEL = "kernel";
    private static final String SEGMENTS = "kernel MTU-sized";
    private static final int[] FLOWS = {1, 16, 256};
    private static final int MTU = 1_500;
    private static final int[] WARM_FLOWS = {16, 256}; // what is compiled in the first is thrown away when they end
    private static final long WARM_BYTES = 2_048; // for each piece of work
    private static final double WARM_BYTES_PER_S = 1e9;
    private static final int SHORTER = 4; // than a round of the headline figures
    private static final int LEAST_MS = 200;
    private static final int SETTLING = 10; // the part of a window from the last handshake to its begin
    private static final int LEAST_SETTLE_MS = 50;
    private static final int FIRST_PORT = 7_500;

    private final RunFolder folder;
    private final Wiring wiring;
    private final Effort effort;
    private final Rounds<Case> rates = new Rounds<>();
    private final RingCounters rings;
    private int port = FIRST_PORT;

    /** Who sends and receives, and where to. */
    private record Subject(String name, Ends.Two two, String transport, String address) {}

    /** What a figure is of. */
    private record Case(String subject, int flows) {
        private RunFolder.Key key(String round) {
            return new RunFolder.Key(subject, "flows=" + flows, round);
        }
    }

    public Flows(RunFolder folder, Wiring wiring, Effort effort) {
        this.folder = folder;
        this.wiring = wiring;
        this.effort = effort;
        rings = new RingCounters(folder);
    }

    /** Measures, and leaves results in the folder. */
    public void run() throws Exception {
        try (Ends ends = new Ends(folder, PART, wiring)) {
            final Wiring.Pair xdp = wiring.bare("flows");
            final Ends.Two engines = ends.startOn(ENGINE, xdp, NIC, RECEIVING);
            final Ends.Two kernels = ends.start(KERNEL);
            final Wiring.Pair plain = wiring.kernel("kflows", MTU);
            final Wiring.Pair segments = wiring.segments("kfseg", kernels.server());
            final List<Subject> subjects = Stream.of(
                            new Subject(ENGINE, engines, ENGINE, xdp.address("a")),
                            new Subject(KERNEL, kernels, KERNEL, plain.address("a")),
                            new Subject(SEGMENTS, kernels, KERNEL, segments.address("a")))
                    .limit(subjects(effort))
                    .toList();
            warmUp(subjects.get(0));
            warmUp(subjects.get(1));
            for (int round = 1; round <= effort.roundsOfLess(); round++) {
                for (final int flows : FLOWS) {
                    for (final Subject subject : subjects) {
                        measure(round, subject, flows);
                    }
                }
            }
            folder.environment(
                    PART + ": engine sender at its end", engines.client().ask("figures"));
            folder.environment(
                    PART + ": engine receiver at its end", engines.server().ask("figures"));
        }
        summarise();
    }

    private static int subjects(Effort effort) {
        return effort.isQuick() ? 2 : 3;
    }

    private static int windowMs(Effort effort) {
        return Math.max(effort.roundMs() / SHORTER, LEAST_MS);
    }

    private static int settleMs(Effort effort) {
        return Math.max(windowMs(effort) / SETTLING, LEAST_SETTLE_MS);
    }

    /** What it takes. */
    public static double seconds(Effort effort) {
        final double round = (settleMs(effort) + windowMs(effort)) / 1e3 + Effort.CHANGE_S;
        return 2 * Effort.TWO_PROCESSES_S
                + 2 * WARM_FLOWS.length * Math.max(effort.jitWork() * WARM_BYTES / WARM_BYTES_PER_S, LEAST_MS / 1e3)
                + effort.roundsOfLess() * subjects(effort) * FLOWS.length * round;
    }

    /**
     * So many bytes that all is compiled, whatever time they take, and at least a window, in which the buffers of all
     * flows are touched for the first time: 100 MB of pages that the kernel has to find and clear.
     */
    private void warmUp(Subject subject) throws InterruptedException {
        for (final int flows : WARM_FLOWS) {
            ask(subject, flows, 0, " ms=" + LEAST_MS + " least=" + effort.jitWork() * WARM_BYTES);
        }
    }

    private void measure(int round, Subject subject, int flows) throws InterruptedException {
        final Case measured = new Case(subject.name(), flows);
        final RunFolder.Key key = measured.key("" + round);
        final RingCounters.Both before = RingCounters.Both.of(subject.two());
        final String[] words = ask(subject, flows, settleMs(effort), " ms=" + (settleMs(effort) + windowMs(effort)));
        final RingCounters.Both after = RingCounters.Both.of(subject.two());
        final long[] bytes =
                Stream.of(words[1].split(",")).mapToLong(Long::parseLong).toArray();
        final double rate = Arrays.stream(bytes).sum() * (double) Byte.SIZE / Long.parseLong(words[0]);
        final double jain = Fairness.jain(bytes);
        rates.add(measured, rate);
        folder.result(PART, key, GOODPUT, rate, "Gbit/s");
        folder.result(PART, key, "Jain's index", jain, "");
        if (subject.transport().equals(ENGINE)) {
            rings.record(PART, key, before, after, 0);
        } else {
            rings.recordKernel(PART, key, before, after);
        }
        effort.progress(String.format(
                Locale.ROOT,
                "%s %d flows round %d: %.2f Gbit/s, Jain's index %.3f",
                subject.name(),
                flows,
                round,
                rate,
                jain));
    }

    /** Answers nanoseconds, and the bytes of each flow. */
    private String[] ask(Subject subject, int flows, int settleMs, String length) throws InterruptedException {
        port++;
        final End server = subject.two().server();
        final String words = " transport=" + subject.transport() + " flows=" + flows;
        server.ask("flow-sink port=" + port + " settle=" + settleMs + words);
        subject.two().client().ask("flows to=" + subject.address() + ":" + port + words + length);
        return server.answer().split(" ");
    }

    private void summarise() {
        rates.forEachMedian((measured, rate) -> folder.result(PART, measured.key("median"), GOODPUT, rate, "Gbit/s"));
        for (final int flows : FLOWS) {
            against(KERNEL, flows);
            against(SEGMENTS, flows);
        }
        rings.note("Many flows");
    }

    /** A ratio without a goal. */
    private void against(String other, int flows) {
        final double ratio = rates.median(new Case(ENGINE, flows)) / rates.median(new Case(other, flows));
        if (!Double.isNaN(ratio)) {
            folder.result(PART, new Case(ENGINE + " / " + other, flows).key("median"), "ratio", ratio, "");
        }
    }
}
