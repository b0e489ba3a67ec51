package io.spinwire.tcp;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Pipe;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.agrona.concurrent.CachedNanoClock;

/**
 * Two engines over a pipe that loses a frame now and then, on a clock that moves by 10 us a turn, or to the next
 * deadline when nothing happens. Applications in either style come with the subclasses. Once it runs, it allocates
 * nothing itself.
 */
abstract class EchoPair implements AutoCloseable {
    static final int PORT = 7;
    static final SocketOptions OPTIONS = SocketOptions.builder().noDelay(true).build();
    private static final long TURN_NS = 10_000;
    private static final int PATIENCE = 100; // turns without work before time jumps
    private static final int LOST = 211; // every so many frames
    private static final Counter[] HARD = {
        Counter.TcpHPHits, Counter.TcpLossProbes, Counter.TcpFastRetrans, Counter.TcpOFOQueue, Counter.TcpDelayedAcks
    };
    private static final int[] LENGTHS = {1, 64, 64, 64, 1460, 5_000, 15_000};

    final CachedNanoClock clock = new CachedNanoClock();
    private final LossyNic clientNic;
    private final LossyNic serverNic;
    final Engine client;
    final Engine server;
    volatile long rounds;
    private int idleTurns;
    private int kind;

    EchoPair(long seed) {
        clock.update(1_000_000_000L);
        final Pipe pipe = new Pipe();
        clientNic = new LossyNic(pipe.a(), LOST);
        serverNic = new LossyNic(pipe.b(), LOST + 2);
        client = engine("10.0.0.1/24", seed, clientNic);
        server = engine("10.0.0.2/24", seed + 1_000, serverNic);
    }

    private Engine engine(String address, long seed, Nic nic) {
        final EngineConfig config = EngineConfig.builder()
                .address(address)
                .clock(clock)
                .seed(seed)
                .maxSockets(64)
                .build();
        return Engine.create(config, nic);
    }

    static InetAddress serverAddress() {
        try {
            return InetAddress.getByName("10.0.0.2");
        } catch (final UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** One turn of both engines. */
    final void turn() {
        final int work = client.doWork() + server.doWork();
        idleTurns = work > 0 ? 0 : idleTurns + 1;
        long nextNs = clock.nanoTime() + TURN_NS;
        if (idleTurns > PATIENCE) {
            idleTurns = 0;
            final long deadlineNs = Math.min(client.nextDeadlineNs(), server.nextDeadlineNs());
            nextNs = deadlineNs == Long.MAX_VALUE ? nextNs : Math.max(nextNs, deadlineNs);
        }
        clock.update(nextNs);
    }

    /** Lets the application do what it does not do inside the engine's turn. */
    abstract void application();

    /** Drives everything on this thread until so many messages have gone to and fro. */
    final void run(int count) {
        final long end = rounds + count;
        while (rounds < end) {
            turn();
            application();
        }
    }

    /** Length of the next message; one has come back. */
    final int nextLength() {
        rounds++;
        kind = kind + 1 == LENGTHS.length ? 0 : kind + 1;
        return LENGTHS[kind];
    }

    /** The slow roads were taken too. */
    final void checkThatItWasHard() {
        for (final Counter counter : HARD) {
            if (client.counters().get(counter) + server.counters().get(counter) == 0) {
                throw new AssertionError(counter + " is 0: the measurement is too easy");
            }
        }
    }

    /** A hash over all frames sent so far, both ways. */
    final long sentHash() {
        return 31 * clientNic.hash() + serverNic.hash();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
