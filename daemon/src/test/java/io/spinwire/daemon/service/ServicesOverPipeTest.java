package io.spinwire.daemon.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The services as applications of a real engine, and a client on another, joined in memory. */
@Timeout(60)
final class ServicesOverPipeTest {
    private final Pipe pipe = new Pipe();
    private final Engine server =
            Engine.create(EngineConfig.builder().address("10.0.0.2/24").build(), pipe.a());
    private final Engine client =
            Engine.create(EngineConfig.builder().address("10.0.0.1/24").build(), pipe.b());
    private InetAddress address;

    @BeforeEach
    void listen() throws Exception {
        address = InetAddress.getByName("10.0.0.2");
        server.listen(7, SocketOptions.DEFAULTS, new EchoService());
        server.listen(9, SocketOptions.DEFAULTS, new DiscardService());
        server.listen(19, SocketOptions.DEFAULTS, new ChargenService());
        server.listen(
                80,
                SocketOptions.DEFAULTS,
                new HttpService(List.of(new HttpPage("/", "text/plain", out -> out.text("good day")))));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        pipe.close();
    }

    @Test
    void shouldEchoEverythingWhenClientHalfCloses() {
        for (final int length : new int[] {1, 1000, 1448, 1449, 100_000, 3_000_000}) {
            final Collector collector = new Collector(content(length), Integer.MAX_VALUE);
            run(7, collector);
            assertEquals(CloseReason.NORMAL, collector.reason);
            assertTrue(collector.hasPeerClosed);
            assertEquals(new UnsafeBuffer(collector.request), collector.all());
        }
    }

    @Test
    void shouldEchoEverythingWhenClientTakesLittleAtATime() {
        final Collector collector = new Collector(content(300_000), 700);
        run(7, collector);
        assertEquals(CloseReason.NORMAL, collector.reason);
        assertEquals(new UnsafeBuffer(collector.request), collector.all());
    }

    @Test
    void shouldAnswerAndCloseWhenAskedForLastPage() {
        final Collector collector =
                new Collector("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(), Integer.MAX_VALUE);
        run(80, collector);
        assertEquals(CloseReason.NORMAL, collector.reason);
        assertTrue(
                collector.all().getStringWithoutLengthAscii(0, collector.length).endsWith("\r\n\r\ngood day"));
    }

    @Test
    void shouldTakeEverythingWhenDiscarding() {
        final Collector collector = new Collector(content(500_000), Integer.MAX_VALUE);
        run(9, collector);
        assertEquals(CloseReason.NORMAL, collector.reason);
        assertEquals(0, collector.length);
    }

    @Test
    void shouldSendAsLongAsClientReadsWhenGenerating() {
        final Collector collector = new Collector(new byte[0], Integer.MAX_VALUE);
        collector.isKeptOpen = true;
        client.connect(address, 19, SocketOptions.DEFAULTS, collector);
        drive(() -> collector.length > 1_000_000);
        for (int i = ChargenService.PERIOD; i < 1_000_000; i += 97) {
            assertEquals(collector.received.getByte(i % ChargenService.PERIOD), collector.received.getByte(i));
        }
        collector.socket.abort();
        drive(() -> server.counters().get(Counter.EngineSocketsInUse) == 0);
    }

    @Test
    void shouldPingAndReconnectWhenServerEndsTheConnection() {
        final PingClient ping = new PingClient(
                handler -> client.connect(address, 7, SocketOptions.DEFAULTS, handler), SystemNanoClock.INSTANCE, 64);
        drive(() -> ping.doWork() >= 0 && ping.roundTripsNs().getTotalCount() > 1000);
        assertEquals(0, ping.mismatches());
        assertEquals(1, ping.connects());
        ping.stop();
        drive(() -> server.counters().get(Counter.EngineSocketsInUse) == 0);
    }

    private void run(int port, Collector collector) {
        client.connect(address, port, SocketOptions.DEFAULTS, collector);
        drive(() -> {
            collector.readMore();
            return collector.reason != CloseReason.NONE;
        });
    }

    private void drive(BooleanSupplier isDone) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!isDone.getAsBoolean()) {
            client.doWork();
            server.doWork();
            assertTrue(System.nanoTime() - deadlineNs < 0, "not done in 20 s");
        }
    }

    private static byte[] content(int length) {
        final byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    /** Sends its request, half-closes, and keeps what comes, taking a limited part at a time. */
    private static final class Collector implements TcpHandler {
        private final byte[] request;
        private final int limit;
        private final ExpandableArrayBuffer received = new ExpandableArrayBuffer();
        private TcpSocket socket;
        private int sent;
        private int length;
        private boolean isKeptOpen;
        private boolean hasPeerClosed;
        private CloseReason reason = CloseReason.NONE;

        Collector(byte[] request, int limit) {
            this.request = request;
            this.limit = limit;
        }

        @Override
        public void onConnected(TcpSocket connected) {
            socket = connected;
            onWritable(connected);
        }

        @Override
        public void onWritable(TcpSocket to) {
            while (sent < request.length) {
                final int taken = to.offer(new UnsafeBuffer(request), sent, request.length - sent);
                if (taken <= 0) {
                    return;
                }
                sent += taken;
            }
            if (!isKeptOpen) {
                to.shutdownOutput();
            }
        }

        @Override
        public int onData(TcpSocket from, DirectBuffer buffer, int offset, int available) {
            final int taken = Math.min(limit, available);
            received.putBytes(length, buffer, offset, taken);
            length += taken;
            return taken;
        }

        /** What was not taken waits in the socket. */
        void readMore() {
            if (socket != null && reason == CloseReason.NONE && socket.available() > 0) {
                socket.poll((buffer, offset, available) -> onData(socket, buffer, offset, available), limit);
            }
        }

        @Override
        public void onPeerClosed(TcpSocket from) {
            hasPeerClosed = true;
            if (from.available() == 0) {
                from.close();
            }
        }

        @Override
        public void onClosed(TcpSocket from, CloseReason why) {
            reason = why;
        }

        DirectBuffer all() {
            return new UnsafeBuffer(received, 0, length);
        }
    }
}
