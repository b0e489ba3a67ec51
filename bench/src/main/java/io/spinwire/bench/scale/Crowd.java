package io.spinwire.bench.scale;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two engines with so many connections between them, all on one thread and a clock of their own. Every message is
 * acknowledged at once, so that an exchange is a data segment one way and an ACK the other.
 */
final class Crowd implements TcpHandler, AutoCloseable {
    private static final int RING_FRAMES = 256;
    private static final int AT_ONCE = 512; // below Linux's limits of requests and of those to be accepted
    private static final int FIRST_PORT = 2_000;
    private static final int PORTS = 32;
    private static final long TURN_NS = 1_000;
    private static final int PATIENCE = 100_000;
    private static final int MESSAGE_BYTES = 64;
    private static final long KEEP_ALIVE_NS = 7_200_000_000_000L; // Linux: tcp_keepalive_time

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Pipe pipe = new Pipe(Pipe.DEFAULT_MTU, RING_FRAMES);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
    private final Server server = new Server();
    private final TcpSocket[] sockets;
    private final Engine a;
    private final Engine b;
    private int connected;
    private int closed;

    /** @param connections each of which has two endpoints here */
    Crowd(int connections) {
        clock.update(1_000_000_000L);
        sockets = new TcpSocket[connections];
        a = Engine.create(config("10.0.0.1/16", connections, 1), pipe.a());
        b = Engine.create(config("10.0.0.2/16", connections, 2), pipe.b());
    }

    private EngineConfig config(String address, int connections, long seed) {
        return EngineConfig.builder()
                .address(address)
                .clock(clock)
                .seed(seed)
                .firstPort(1_024)
                .lastPort(65_535)
                .maxSockets(connections + 1)
                .build();
    }

    /** Opens them all. */
    void connect() {
        final SocketOptions options = SocketOptions.builder()
                .noDelay(true)
                .quickAck(true)
                .keepAlive(true)
                .keepAliveIdleNs(KEEP_ALIVE_NS)
                .build();
        for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
            b.listen(port, options, server);
        }
        final InetAddress address = serverAddress();
        // The first one is alone: only so many packets wait for the neighbour's address.
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = a.connect(address, FIRST_PORT + i % PORTS, options, this);
            if (i % AT_ONCE == 0 || i == sockets.length - 1) {
                awaitConnected(i + 1);
            }
        }
    }

    private void awaitConnected(int wanted) {
        for (int turn = 0; connected < wanted || server.connected < wanted; turn++) {
            if (turn > PATIENCE || closed > 0) {
                throw new IllegalStateException(
                        connected + " of " + wanted + " connections, " + closed + " of them closed");
            }
            turn();
        }
    }

    private static InetAddress serverAddress() {
        try {
            return InetAddress.getByName("10.0.0.2");
        } catch (final UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    int connections() {
        return sockets.length;
    }

    /** Sends a message over one of them, and has it taken and acknowledged. */
    void exchange(int index) {
        final long wanted = server.bytes + MESSAGE_BYTES;
        if (sockets[index].offer(message, 0, MESSAGE_BYTES) != MESSAGE_BYTES) {
            throw new IllegalStateException("connection " + index + " did not take a message");
        }
        clock.advance(TURN_NS);
        a.doWork();
        b.doWork();
        if (server.bytes != wanted) {
            throw new IllegalStateException("connection " + index + " did not deliver its message in a turn");
        }
    }

    /** One turn of both. */
    int turn() {
        clock.advance(TURN_NS);
        return a.doWork() + b.doWork();
    }

    /**
     * Lets the keepalive timers of all connections fire, two hours later.
     *
     * @return probes sent
     */
    long keepAlive() {
        clock.advance(KEEP_ALIVE_NS + TURN_NS);
        int work;
        do {
            work = turn();
        } while (work > 0 || Math.min(a.nextDeadlineNs(), b.nextDeadlineNs()) <= clock.nanoTime());
        return a.counters().get(Counter.TcpKeepAlive) + b.counters().get(Counter.TcpKeepAlive);
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }

    @Override
    public void onConnected(TcpSocket socket) {
        connected++;
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return length;
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
        closed++;
    }

    private static final class Server implements TcpHandler {
        private int connected;
        private long bytes;

        @Override
        public void onConnected(TcpSocket socket) {
            connected++;
        }

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            bytes += length;
            return length;
        }
    }
}
