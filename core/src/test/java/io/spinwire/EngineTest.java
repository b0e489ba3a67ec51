package io.spinwire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two engines over a pipe, in virtual time: the whole way of a segment. */
class EngineTest {
    private final CachedNanoClock clock = new CachedNanoClock();
    private final Pipe pipe = new Pipe();
    private final Engine client = Engine.create(config("10.0.0.1/24", 1), pipe.a());
    private final Engine server = Engine.create(config("10.0.0.2/24", 2), pipe.b());
    private final List<String> events = new ArrayList<>();

    private EngineConfig config(String address, long seed) {
        clock.update(1_000_000_000L);
        return EngineConfig.builder().address(address).clock(clock).seed(seed).build();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void shouldEchoWhatWasSent() throws Exception {
        final byte[] content = new byte[1 << 20];
        new Random(7).nextBytes(content);
        final byte[] received = new byte[content.length];
        server.listen(7, SocketOptions.DEFAULTS, new Echo());
        final Sender sender = new Sender(content, received);
        client.connect(InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, sender);
        runUntilIdle(200_000);
        assertEquals(content.length, sender.receivedLength, () -> "events " + events);
        assertArrayEquals(content, received);
        assertEquals(List.of("connected", "closed NORMAL"), events);
        assertEquals(0, client.counters().totalDrops());
        assertEquals(0, server.counters().totalDrops());
        server.publishGauges();
        client.publishGauges();
        for (final Engine engine : List.of(client, server)) {
            assertEquals(0, engine.counters().get(Counter.EngineSocketsInUse));
            assertEquals(0, engine.counters().get(Counter.EngineSlabBytesInUse));
        }
    }

    @Test
    void shouldCloseAtTheEndOfTheTurnWhenAHandlerClosesTheEngine() throws Exception {
        server.listen(7, SocketOptions.DEFAULTS, new TcpHandler() {
            @Override
            public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
                server.close();
                events.add("closes in " + socket.state());
                return length;
            }

            @Override
            public void onClosed(TcpSocket socket, CloseReason reason) {
                events.add("server " + reason);
            }
        });
        client.connect(
                InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, new Sender(new byte[1], new byte[1]));
        runUntilIdle(1000);
        assertEquals(List.of("connected", "closes in ESTABLISHED", "server ABORTED", "closed RESET"), events);
        assertEquals(0, server.doWork());
        assertEquals(0, server.counters().get(Counter.TcpHandlerErrors));
    }

    @Test
    void shouldRefuseATurnWhenAHandlerAsksForOne() throws Exception {
        server.listen(7, SocketOptions.DEFAULTS, new TcpHandler() {
            @Override
            public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
                assertThrows(IllegalStateException.class, server::doWork);
                events.add("refused");
                return length;
            }
        });
        client.connect(
                InetAddress.getByName("10.0.0.2"), 7, SocketOptions.DEFAULTS, new Sender(new byte[1], new byte[1]));
        for (int turn = 0; turn < 20; turn++) {
            client.doWork();
            server.doWork();
        }
        assertEquals(List.of("connected", "refused"), events);
    }

    private void runUntilIdle(int limit) {
        for (int turn = 0; turn < limit; turn++) {
            if (client.doWork() + server.doWork() > 0) {
                clock.update(clock.nanoTime() + 10_000);
                continue;
            }
            final long next = Math.min(client.nextDeadlineNs(), server.nextDeadlineNs());
            if (next == Long.MAX_VALUE) {
                return;
            }
            clock.update(Math.max(clock.nanoTime() + 1, next));
        }
        assertTrue(false, "not idle after " + limit + " turns: " + events);
    }

    private static final class Echo implements TcpHandler {
        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            return Math.max(socket.offer(buffer, offset, length), 0);
        }

        @Override
        public void onWritable(TcpSocket socket) {
            socket.poll((buffer, offset, length) -> onData(socket, buffer, offset, length), Integer.MAX_VALUE);
        }
    }

    private final class Sender implements TcpHandler {
        private final UnsafeBuffer content;
        private final UnsafeBuffer received;
        private int sent;
        private int receivedLength;

        Sender(byte[] content, byte[] received) {
            this.content = new UnsafeBuffer(content);
            this.received = new UnsafeBuffer(received);
        }

        @Override
        public void onConnected(TcpSocket socket) {
            events.add("connected");
            onWritable(socket);
        }

        @Override
        public void onWritable(TcpSocket socket) {
            while (sent < content.capacity()) {
                final int taken = socket.offer(content, sent, content.capacity() - sent);
                if (taken < 0) {
                    return;
                }
                sent += taken;
            }
        }

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            received.putBytes(receivedLength, buffer, offset, length);
            receivedLength += length;
            if (receivedLength == received.capacity()) {
                socket.close();
            }
            return length;
        }

        @Override
        public void onClosed(TcpSocket socket, CloseReason reason) {
            events.add("closed " + reason);
        }
    }
}
