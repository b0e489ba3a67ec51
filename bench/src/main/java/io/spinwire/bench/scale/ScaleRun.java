package io.spinwire.bench.scale;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Measures a {@link Crowd} of one size and prints lines of {@code name=value}, and {@link #DONE}. */
public final class ScaleRun {
    /** The last line. */
    public static final String DONE = "done";

    private static final int ROUNDS = 5;
    private static final int EXCHANGES = 100_000;
    private static final int WARM_UP = 200_000;
    private static final int IDLE_TURNS = 200_000;
    private static final int LOADS = 4_000_000;
    private static final int SETTLE_ROUNDS = 3;
    private static final int SETTLE_MS = 100;
    private static final long KIB = 1024;

    private final int connections;
    private final PrintStream out;
    private long state = 0x9E37_79B9_7F4A_7C15L; // of the random choice

    /** Of so many endpoints, two for each connection. */
    public ScaleRun(int endpoints, PrintStream out) {
        connections = Math.max(endpoints / 2, 1);
        this.out = out;
    }

    /** Measures and prints. */
    public void run() throws IOException, InterruptedException {
        settle();
        final long heapBefore = heapBytes();
        final long directBefore = directBytes();
        final long residentBefore = residentBytes();
        warmUp();
        Crowd crowd = new Crowd(connections);
        final long startNs = System.nanoTime();
        crowd.connect();
        say("establish.ns", (System.nanoTime() - startNs) / (double) connections);
        settle();
        final long heap = heapBytes() - heapBefore;
        final long direct = directBytes() - directBefore;
        say("endpoints", 2L * connections);
        say("heap.bytes", heap);
        say("direct.bytes", direct);
        say("resident.bytes", residentBytes() - residentBefore);
        say("bytes.each", (heap + direct) / (2.0 * connections));
        exchanges(crowd, WARM_UP);
        say("exchange.ns", median(crowd));
        say("idle.turn.ns", idleTurn(crowd));
        keepAlive(crowd);
        crowd.close();
        crowd = null; // its memory is what the loads go to now
        System.gc();
        final RandomLoads loads = new RandomLoads(heap + direct);
        loads.measureNs(LOADS);
        say("random.load.ns", loads.measureNs(LOADS));
        out.println(DONE);
    }

    private void warmUp() {
        try (Crowd crowd = new Crowd(1)) {
            crowd.connect();
            exchanges(crowd, WARM_UP);
        }
    }

    private double median(Crowd crowd) {
        final double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            final long startNs = System.nanoTime();
            exchanges(crowd, EXCHANGES);
            rounds[round] = (System.nanoTime() - startNs) / (double) EXCHANGES;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private void exchanges(Crowd crowd, int count) {
        for (int i = 0; i < count; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            crowd.exchange((int) Math.multiplyHigh(state >>> 1, 2L * crowd.connections()));
        }
    }

    private static double idleTurn(Crowd crowd) {
        final long startNs = System.nanoTime();
        for (int i = 0; i < IDLE_TURNS; i++) {
            crowd.turn();
        }
        return (System.nanoTime() - startNs) / (2.0 * IDLE_TURNS);
    }

    private void keepAlive(Crowd crowd) {
        final long startNs = System.nanoTime();
        final long probes = crowd.keepAlive();
        say("keepalive.probes", probes);
        say("keepalive.ns", (System.nanoTime() - startNs) / (double) Math.max(probes, 1));
    }

    /** After what is unreachable has gone, buffers outside of the heap included. */
    private static void settle() throws InterruptedException {
        for (int i = 0; i < SETTLE_ROUNDS; i++) {
            System.gc();
            Thread.sleep(SETTLE_MS);
        }
    }

    private static long heapBytes() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                * KIB;
    }

    private void say(String name, double value) {
        out.printf(Locale.ROOT, "%s=%.3f%n", name, value);
    }
}
