package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many flows between two ends, in memory for engines and on loopback for the kernel. */
@Timeout(60)
class FlowsTest {
    private static final int FLOWS = 16;
    private static final int PORT = 7;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final long MS = 1_000_000L;

    private static FlowsPlan plan(InetSocketAddress to, int flows) {
        return new FlowsPlan(to, flows, CHUNK_BYTES, 1_000 * MS, 0); // some RTOs: each flow has its turn
    }

    /** The window is a part of what was sent, and each flow has its share of it. */
    private static void check(String words, long sent) {
        final String[] parts = words.split(" ");
        final long durationNs = Long.parseLong(parts[0]);
        assertTrue(durationNs > 50 * MS, words);
        final long[] bytes =
                Stream.of(parts[1].split(",")).mapToLong(Long::parseLong).toArray();
        assertEquals(FLOWS, bytes.length);
        long all = 0;
        for (final long flow : bytes) {
            assertTrue(flow > 0, words);
            all += flow;
        }
        assertTrue(all < sent, all + " bytes came of " + sent);
    }

    @Test
    void shouldCountEachFlowWhenEnginesSend() throws Exception {
        try (EnginesOnPipe engines = new EnginesOnPipe()) {
            final CountDownLatch listening = new CountDownLatch(1);
            final Future<String> arrived = engines.serve(() ->
                    new EngineFlowSink(engines.server, new FlowTally(FLOWS, 50 * MS)).run(PORT, listening::countDown));
            assertTrue(listening.await(10, TimeUnit.SECONDS));
            final long sent = new EngineFlows(engines.client, plan(EnginesOnPipe.to(PORT), FLOWS)).run();
            while (!arrived.isDone()) {
                engines.client.doWork();
            }
            check(arrived.get(), sent);
        }
    }

    @Test
    void shouldFailWhenNobodyListensForAnEngine() {
        try (EnginesOnPipe engines = new EnginesOnPipe()) {
            engines.serve(() -> null);
            final EngineFlows flows = new EngineFlows(engines.client, plan(EnginesOnPipe.to(PORT), FLOWS));
            final IOException e = assertThrows(IOException.class, flows::run);
            assertEquals("0 of 16 connected: REFUSED", e.getMessage());
        }
    }

    @Test
    void shouldCountEachFlowWhenTheKernelSends() throws Exception {
        final InetSocketAddress to = freePort();
        final CountDownLatch listening = new CountDownLatch(1);
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            final Future<String> arrived = thread.submit(
                    () -> new KernelFlowSink(new FlowTally(FLOWS, 50 * MS)).run(to.getPort(), listening::countDown));
            assertTrue(listening.await(10, TimeUnit.SECONDS));
            final long sent = new KernelFlows(plan(to, FLOWS)).run();
            check(arrived.get(), sent);
        }
    }

    @Test
    void shouldSayHowManyConnectedWhenNobodyListensOnTheKernel() throws IOException {
        final KernelFlows flows = new KernelFlows(plan(freePort(), FLOWS));
        final IOException e = assertThrows(IOException.class, flows::run);
        assertTrue(e.getMessage().startsWith("0 of 16 connected: Connection refused"), e.getMessage());
    }

    @Test
    void shouldSendAsManyBytesAsWarmingUpWantsWhateverTheTime() {
        final FlowsPlan warming = new FlowsPlan(EnginesOnPipe.to(PORT), FLOWS, CHUNK_BYTES, 0, 100);
        assertTrue(warming.goesOn(99, 1));
        assertEquals(false, warming.goesOn(100, 1));
        assertEquals(false, warming.goesOn(99, RoundTripLoad.LONGEST_WARM_UP_NS));
    }

    static InetSocketAddress freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }
}
