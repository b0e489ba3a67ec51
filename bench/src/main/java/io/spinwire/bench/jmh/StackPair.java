package io.spinwire.bench.jmh;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.NanoClock;

/**
 * Two engines joined by a pipe in memory and driven by one thread, with one connection from a to b. Timestamps are on
 * and checksums are computed and verified, as by default; hooks are off. Both ends are told of data inline.
 */
final class StackPair implements AutoCloseable {
    private static final String ADDRESS_A = "10.0.0.1";
    private static final String ADDRESS_B = "10.0.0.2";
    private static final int PORT = 7;
    private static final int CONNECT_TURNS = 1_000; // a handshake takes three, and two for ARP

    private static final SocketOptions OPTIONS =
            SocketOptions.builder().noDelay(true).build();

    private final Pipe pipe = new Pipe();
    private final Engine a;
    private final Engine b;

    StackPair(NanoClock clock) {
        this(clock, nic -> nic, nic -> nic);
    }

    /** With something between each engine and its end of the pipe. */
    StackPair(NanoClock clock, UnaryOperator<Nic> aroundA, UnaryOperator<Nic> aroundB) {
        a = Engine.create(config(ADDRESS_A, clock, 1), aroundA.apply(pipe.a()));
        b = Engine.create(config(ADDRESS_B, clock, 2), aroundB.apply(pipe.b()));
    }

    private static EngineConfig config(String address, NanoClock clock, long seed) {
        return EngineConfig.builder()
                .address(address + "/24")
                .clock(clock)
                .seed(seed)
                .build();
    }

    /** Connects {@code client} at a to {@code server} at b, and returns a's socket. */
    TcpSocket connect(TcpHandler client, TcpHandler server) {
        b.listen(PORT, OPTIONS, server);
        final TcpSocket socket = a.connect(address(), PORT, OPTIONS, client);
        awaitConnection();
        return socket;
    }

    /** Both sockets of a connection whose applications have threads of their own. */
    record Queued(TcpSocket a, TcpSocket b) {}

    /** Connects such sockets. */
    Queued connectQueued() {
        final TcpListener listener = b.listen(PORT, OPTIONS);
        final TcpSocket socket = a.connect(address(), PORT, OPTIONS);
        awaitConnection();
        return new Queued(socket, listener.accept());
    }

    private void awaitConnection() {
        for (int turn = 0; turn < CONNECT_TURNS; turn++) {
            turnA();
            turnB();
        }
        if (a.counters().get(Counter.TcpActiveOpens) != 1 || b.counters().get(Counter.TcpPassiveOpens) != 1) {
            throw new IllegalStateException("no connection after " + CONNECT_TURNS + " turns of both ends");
        }
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByName(ADDRESS_B);
        } catch (final UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    int turnA() {
        return a.doWork();
    }

    int turnB() {
        return b.doWork();
    }

    /**
     * Fails when the run was not what it says: nothing may be dropped, retransmitted, or take the slow path for long.
     */
    void check() {
        for (final Engine engine : new Engine[] {a, b}) {
            final long drops = engine.counters().totalDrops();
            final long retransmits = engine.counters().get(Counter.TcpRetransSegs);
            if (drops != 0 || retransmits != 0) {
                throw new IllegalStateException(
                        engine.roleName() + ": " + drops + " drops, " + retransmits + " retransmissions");
            }
        }
    }

    /** A counter of both ends together. */
    long count(Counter counter) {
        return a.counters().get(counter) + b.counters().get(counter);
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
