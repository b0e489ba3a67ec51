package io.spinwire.daemon.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Pipe;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The services allocate nothing per message, nor do the two engines below them. */
@Timeout(120)
final class ServiceAllocationTest {
    private static final int ROUNDS = 20_000;
    private static final int ATTEMPTS = 5;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Pipe pipe = new Pipe();
    private final Engine server =
            Engine.create(EngineConfig.builder().address("10.0.0.2/24").build(), pipe.a());
    private final Engine client =
            Engine.create(EngineConfig.builder().address("10.0.0.1/24").build(), pipe.b());
    private InetAddress address;

    @BeforeEach
    void resolve() throws Exception {
        address = InetAddress.getByName("10.0.0.2");
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        pipe.close();
    }

    @Test
    void shouldAllocateNothingWhenEchoing() {
        server.listen(7, SocketOptions.DEFAULTS, new EchoService());
        final PingClient ping = new PingClient(
                handler -> client.connect(address, 7, SocketOptions.DEFAULTS, handler), SystemNanoClock.INSTANCE, 64);
        assertNothingAllocated(() -> {
            final long end = ping.roundTripsNs().getTotalCount() + ROUNDS;
            while (ping.roundTripsNs().getTotalCount() < end) {
                ping.doWork();
                turn();
            }
        });
        assertEquals(0, ping.mismatches());
    }

    @Test
    void shouldAllocateNothingWhenServingPages() {
        server.listen(80, SocketOptions.DEFAULTS, new HttpService(List.of(new HttpPage("/", "text/plain", out -> {
            for (int i = 0; i < 100; i++) {
                out.text("line ").number(i).text("\n");
            }
        }))));
        final Requester requester = new Requester();
        client.connect(address, 80, SocketOptions.DEFAULTS, requester);
        assertNothingAllocated(() -> {
            final int end = requester.responses + ROUNDS;
            while (requester.responses < end) {
                assertEquals(CloseReason.NONE, requester.reason);
                turn();
            }
        });
    }

    private void turn() {
        client.doWork();
        server.doWork();
    }

    /** The JIT needs a while; after that, one attempt without a byte is proof, and none is a failure. */
    private void assertNothingAllocated(Runnable rounds) {
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && allocated > 0; i++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            rounds.run();
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(allocated < ROUNDS / 100, allocated + " bytes for " + ROUNDS + " messages");
    }

    /** Asks for the page again when it is there: a blank line ends the head, whose length is the same each time. */
    private static final class Requester implements TcpHandler {
        private final byte[] request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        private final UnsafeBuffer buffer = new UnsafeBuffer(request);
        private CloseReason reason = CloseReason.NONE;
        private int responses;
        private int received;
        private int length;

        @Override
        public void onConnected(TcpSocket socket) {
            socket.offer(buffer, 0, request.length);
        }

        @Override
        public int onData(TcpSocket socket, DirectBuffer from, int offset, int available) {
            received += available;
            if (length == 0) {
                length = received; // the first response fits one segment
            }
            if (received == length) {
                received = 0;
                responses++;
                socket.offer(buffer, 0, request.length);
            }
            return available;
        }

        @Override
        public void onClosed(TcpSocket socket, CloseReason why) {
            reason = why;
        }
    }
}
