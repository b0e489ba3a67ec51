package io.spinwire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.spinwire.api.DataHandler;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Pipe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * The whole engine allocates nothing once warm: in both API styles, and also where the JIT may not remove allocations.
 */
class EngineAllocationTest {
    private static final int ROUNDS = 8_000;
    private static final int ATTEMPTS = 8;

    @Test
    void shouldAllocateNothingWithHandlersOnTheEngineThread() {
        assertEquals(0, allocated(new InlineStyle()));
    }

    @Test
    void shouldAllocateNothingWithSocketsOfAnotherThread() {
        assertEquals(0, allocated(new QueuedStyle()));
    }

    @Test
    void shouldAllocateNothingWithoutEscapeAnalysis() throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-XX:-DoEscapeAnalysis",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EngineAllocationTest.class.getName()));
        final Process child =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(child.getInputStream().readAllBytes());
        assertTrue(child.waitFor(1, TimeUnit.MINUTES), output);
        assertEquals(0, child.exitValue(), output);
    }

    /** Run in a JVM of its own: prints what each style allocates, and ends with 1 if that is anything. */
    public static void main(String[] args) {
        final long inline = allocated(new InlineStyle());
        final long queued = allocated(new QueuedStyle());
        System.out.println("inline " + inline + " B, queued " + queued + " B");
        System.exit(inline == 0 && queued == 0 ? 0 : 1);
    }

    /** Least bytes that one of several attempts allocated: compiling in between costs a few. */
    private static long allocated(Style style) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        style.rounds(2 * ROUNDS);
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least != 0; attempt++) {
            final long empty = threads.getCurrentThreadAllocatedBytes();
            final long before = threads.getCurrentThreadAllocatedBytes();
            style.rounds(ROUNDS);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before - (before - empty));
        }
        style.check();
        return least;
    }

    /** Two engines over a pipe in virtual time; a client sends messages of all sizes and takes their echoes. */
    private abstract static class Style {
        private static final long TURN_NS = 20_000;
        private static final long LONG_PAUSE_NS = 300_000_000; // timers run out: delayed ACKs, neighbours, idle restart

        final CachedNanoClock clock = new CachedNanoClock();
        final Pipe pipe = new Pipe();
        final UnsafeBuffer message = new UnsafeBuffer(new byte[8192]);
        final Engine client;
        final Engine server;
        long received;
        private long sent;

        Style() {
            clock.update(1_000_000_000L);
            client = Engine.create(config("10.0.0.1/24", 1), pipe.a());
            server = Engine.create(config("10.0.0.2/24", 2), pipe.b());
        }

        private EngineConfig config(String address, long seed) {
            return EngineConfig.builder()
                    .address(address)
                    .clock(clock)
                    .seed(seed)
                    .maxSockets(64)
                    .build();
        }

        static InetAddress serverAddress() {
            try {
                return InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
            } catch (final UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }

        void rounds(int count) {
            for (int i = 0; i < count; i++) {
                sent += Math.max(send(1 + i * 37 % message.capacity()), 0);
                for (int turn = 0; turn < 8; turn++) {
                    turn();
                }
                if ((i & 1023) == 0) {
                    clock.update(clock.nanoTime() + LONG_PAUSE_NS);
                }
            }
        }

        void turn() {
            clock.update(clock.nanoTime() + TURN_NS);
            client.doWork();
            server.doWork();
        }

        abstract int send(int length);

        void check() {
            for (int turn = 0; turn < 1000; turn++) {
                turn();
            }
            assertTrue(sent > 1 << 20, "only " + sent + " bytes were sent");
            assertEquals(sent, received);
        }
    }

    private static final class InlineStyle extends Style {
        private final TcpSocket socket;

        InlineStyle() {
            server.listen(7, SocketOptions.DEFAULTS, new Echo());
            socket = client.connect(serverAddress(), 7, SocketOptions.DEFAULTS, (s, buffer, offset, length) -> {
                received += length;
                return length;
            });
            for (int turn = 0; turn < 100; turn++) {
                turn();
            }
        }

        @Override
        int send(int length) {
            return socket.offer(message, 0, length);
        }
    }

    private static final class Echo implements TcpHandler, DataHandler {
        private TcpSocket polled;

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            return Math.max(socket.offer(buffer, offset, length), 0);
        }

        @Override
        public void onWritable(TcpSocket socket) {
            polled = socket;
            socket.poll(this, Integer.MAX_VALUE);
        }

        @Override
        public int onData(DirectBuffer buffer, int offset, int length) {
            return onData(polled, buffer, offset, length);
        }
    }

    private static final class QueuedStyle extends Style {
        private final TcpListener listener = server.listen(7, SocketOptions.DEFAULTS);
        private final SocketPoller serverPoller = server.newPoller();
        private final SocketPoller clientPoller = client.newPoller();
        private final TcpSocket socket = client.connect(serverAddress(), 7, SocketOptions.DEFAULTS);
        private final SocketPoller.ReadyHandler serverReady = this::echo;
        private final SocketPoller.ReadyHandler clientReady = this::take;
        private final DataHandler echoer = this::onServerData;
        private final DataHandler taker = this::onClientData;
        private TcpSocket accepted;

        QueuedStyle() {
            for (int turn = 0; turn < 100 && accepted == null; turn++) {
                super.turn();
                accepted = listener.accept();
            }
            serverPoller.add(accepted);
            clientPoller.add(socket);
        }

        @Override
        void turn() {
            super.turn();
            if (accepted != null) {
                serverPoller.poll(serverReady, 8);
                clientPoller.poll(clientReady, 8);
            }
        }

        @Override
        int send(int length) {
            return socket.offer(message, 0, length);
        }

        private void echo(TcpSocket ready) {
            ready.poll(echoer, Integer.MAX_VALUE);
        }

        private int onServerData(DirectBuffer buffer, int offset, int length) {
            return Math.max(accepted.offer(buffer, offset, length), 0);
        }

        private void take(TcpSocket ready) {
            ready.poll(taker, Integer.MAX_VALUE);
        }

        private int onClientData(DirectBuffer buffer, int offset, int length) {
            received += length;
            return length;
        }
    }
}
