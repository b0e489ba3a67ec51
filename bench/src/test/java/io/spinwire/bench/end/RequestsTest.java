package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.daemon.service.EchoService;
import io.spinwire.stats.Counter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests over several connections, in memory for engines and on loopback for the kernel. */
@Timeout(60)
class RequestsTest {
    private static final int CONNECTIONS = 20;
    private static final int BYTES = 64;
    private static final int WARM = 100;
    private static final int PORT = 7;
    private static final long MS = 1_000_000L;

    private static RequestPlan plan(InetSocketAddress to, int bytes) {
        return new RequestPlan(to, CONNECTIONS, bytes, WARM, 100 * MS);
    }

    private static void check(RequestPlan.Result result) {
        assertTrue(result.answered() > CONNECTIONS, result.answered() + " answers");
        assertTrue(result.durationNs() >= 100 * MS, result.durationNs() + " ns");
        assertEquals(result.answered(), result.histogram().getTotalCount());
    }

    private static RequestPlan.Result onEngines(TcpHandler service, int bytes) throws Exception {
        try (EnginesOnPipe engines = new EnginesOnPipe()) {
            engines.serve(() -> {
                engines.server.listen(PORT, SocketOptions.DEFAULTS, service);
                return null;
            });
            final RequestPlan.Result result =
                    new EngineRequests(engines.client, plan(EnginesOnPipe.to(PORT), bytes)).run();
            assertEquals(CONNECTIONS, engines.client.counters().get(Counter.TcpActiveOpens));
            assertTrue(engines.client.counters().get(Counter.TcpOutRsts) >= CONNECTIONS, "reset, without TIME_WAIT");
            return result;
        }
    }

    /** Serves on loopback until the load is done. */
    private static RequestPlan.Result onKernel(boolean isClosing, int bytes) throws Exception {
        final InetSocketAddress to = FlowsTest.freePort();
        final AtomicBoolean isWanted = new AtomicBoolean(true);
        try (ExecutorService thread = Executors.newSingleThreadExecutor();
                KernelService service = new KernelService(to.getPort(), 1, isClosing)) {
            final Future<?> served = thread.submit(() -> {
                service.run(isWanted::get);
                return null;
            });
            try {
                return new KernelRequests(plan(to, bytes)).run();
            } finally {
                isWanted.set(false);
                served.get();
            }
        }
    }

    @Test
    void shouldRecordAnAnswerToEachRequestOnEngines() throws Exception {
        check(onEngines(new EchoService(), BYTES));
    }

    @Test
    void shouldTakeSeveralSegmentsForOneAnswerOnEngines() throws Exception {
        check(onEngines(new EchoService(), 4_000));
    }

    @Test
    void shouldFailWhenAConnectionEndsOnEngines() {
        final IOException e = assertThrows(IOException.class, () -> onEngines(new EngineService(), BYTES));
        assertTrue(e.getMessage().startsWith("a connection has ended: "), e.getMessage());
    }

    @Test
    void shouldRecordAnAnswerToEachRequestOnTheKernel() throws Exception {
        check(onKernel(false, BYTES));
    }

    @Test
    void shouldTakeSeveralReadsForOneAnswerOnTheKernel() throws Exception {
        check(onKernel(false, 4_000));
    }

    @Test
    void shouldFailWhenAConnectionEndsOnTheKernel() {
        assertThrows(IOException.class, () -> onKernel(true, BYTES));
    }
}
