package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * The deterministic seam (ARCHITECTURE section 5): the same seed and inputs give the same bytes at the same times;
 * nextDeadlineNs is never late, and a turn at that time changes something; what is at rest answers 0.
 */
class DeterminismTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PEER_MAC = 0x0200_0000_0001L;

    private final CachedNanoClock clock = new CachedNanoClock();
    private final List<String> sent = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    private void onFrame(byte[] frame) {
        sent.add(Arrays.toString(frame));
        times.add(clock.nanoTime());
    }

    private Engine engine(long seed, TcpConfig tcp) {
        clock.update(SECOND);
        final EngineConfig config = EngineConfig.builder()
                .address("10.0.0.2/24")
                .neighbour("10.0.0.1", PEER_MAC)
                .clock(clock)
                .maxSockets(64)
                .seed(seed)
                .tcp(tcp)
                .build();
        return Engine.create(config, new ScriptNic(TcpScript.STACK_MAC, this::onFrame));
    }

    // ---- The same bytes ----

    /** Frames of a lossy conversation in both styles, with what the applications saw. */
    private static List<Long> converse(EchoPair pair) {
        final List<Long> trace = new ArrayList<>();
        try (pair) {
            for (int i = 0; i < 200; i++) {
                pair.run(5);
                trace.add(pair.clock.nanoTime());
                trace.add(pair.sentHash());
            }
        }
        return trace;
    }

    @Test
    void shouldSendTheSameBytesAtTheSameTimesWhenSeedsAreTheSame() {
        assertEquals(converse(new InlineEchoPair(1)), converse(new InlineEchoPair(1)));
        assertEquals(converse(new QueuedEchoPair(1)), converse(new QueuedEchoPair(1)));
    }

    @Test
    void shouldSendOtherBytesWhenSeedsDiffer() {
        assertNotEquals(converse(new InlineEchoPair(1)), converse(new InlineEchoPair(2)));
    }

    // ---- Deadlines ----

    /** Connects to a peer that says nothing, with turns at the engine's deadlines only. */
    private void runByDeadlines(Engine engine, long endNs) {
        while (true) {
            atRest(engine);
            final long next = engine.nextDeadlineNs();
            if (next > endNs) {
                return;
            }
            assertTrue(next >= clock.nanoTime(), "at rest, but a turn is due");
            clock.update(next);
            final int work = engine.doWork();
            assertTrue(work > 0 || engine.nextDeadlineNs() > next, "a turn at the deadline changed nothing");
        }
    }

    private void runBySteps(Engine engine, long endNs, long stepNs) {
        while (clock.nanoTime() <= endNs) {
            atRest(engine);
            clock.update(clock.nanoTime() + stepNs);
        }
    }

    private static void atRest(Engine engine) {
        int turns = 0;
        while (engine.doWork() > 0) {
            assertTrue(++turns < 100, "no rest");
        }
        assertEquals(0, engine.doWork());
    }

    @Test
    void shouldSendTheSameWhenTurnsComeOnlyAtDeadlines() {
        final TcpConfig tcp = TcpConfig.builder().timestamps(false).build();
        final long endNs = 200 * SECOND;
        final Engine sparse = engine(5, tcp);
        scenario(sparse);
        runByDeadlines(sparse, endNs);
        final List<String> sparseSent = List.copyOf(sent);
        final List<Long> sparseTimes = List.copyOf(times);
        sent.clear();
        times.clear();
        final Engine dense = engine(5, tcp);
        scenario(dense);
        final long stepNs = 500_000;
        runBySteps(dense, endNs, stepNs);
        assertEquals(sparseSent, sent);
        assertEquals(11 + 3, sent.size()); // SYNs and ARP requests
        for (int i = 0; i < times.size(); i++) {
            final long lateNs = times.get(i) - sparseTimes.get(i);
            assertTrue(lateNs >= 0 && lateNs <= stepNs * (i + 1), "frame " + i + " differs by " + lateNs);
        }
    }

    /** SYNs that nobody answers, and a neighbour that is silent. */
    private void scenario(Engine engine) {
        engine.listen(80, SocketOptions.DEFAULTS, (socket, buffer, offset, length) -> length);
        final SocketOptions options = SocketOptions.builder().localPort(999).build();
        engine.connect(TcpScript.inet(TcpScript.PEER), 80, options, (socket, buffer, offset, length) -> length);
        engine.connect(TcpScript.inet(0x0A00_0063), 80, options, (socket, buffer, offset, length) -> length);
    }

    @Test
    void shouldWantATurnAtOnceWhenAnotherThreadAsksForSomething() {
        final Engine engine = engine(1, TcpConfig.DEFAULTS);
        atRest(engine);
        assertEquals(Long.MAX_VALUE, engine.nextDeadlineNs());
        engine.execute(() -> {});
        assertEquals(Long.MIN_VALUE, engine.nextDeadlineNs());
        atRest(engine);
        assertEquals(Long.MAX_VALUE, engine.nextDeadlineNs());
    }

    @Test
    void shouldWantATurnAtOnceWhenApplicationHasWritten() {
        clock.update(SECOND);
        final Pipe pipe = new Pipe();
        final EngineConfig config = EngineConfig.builder()
                .address("10.0.0.2/24")
                .clock(clock)
                .seed(1)
                .build();
        try (Engine engine = Engine.create(config, pipe.a())) {
            final Echo echo = new Echo();
            engine.listen(7, SocketOptions.DEFAULTS, echo);
            final TcpListener listener = engine.listen(8, SocketOptions.DEFAULTS);
            final TcpSocket queued = engine.connect(TcpScript.inet(TcpScript.STACK), 7, SocketOptions.DEFAULTS);
            final TcpSocket inline = engine.connect(TcpScript.inet(TcpScript.STACK), 8, SocketOptions.DEFAULTS, echo);
            atRest(engine);
            assertTrue(listener.accept() != null && engine.nextDeadlineNs() > clock.nanoTime());
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[10]);
            for (final TcpSocket socket : List.of(queued, inline)) {
                assertEquals(10, socket.offer(buffer, 0, 10));
                assertEquals(Long.MIN_VALUE, engine.nextDeadlineNs());
                atRest(engine);
                assertTrue(engine.nextDeadlineNs() > clock.nanoTime());
            }
            assertEquals(10, queued.available());
            queued.poll((data, offset, length) -> length, 10);
            queued.close();
            assertEquals(Long.MIN_VALUE, engine.nextDeadlineNs());
        }
    }

    private static final class Echo implements TcpHandler {
        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            return Math.max(socket.offer(buffer, offset, length), 0);
        }
    }
}
