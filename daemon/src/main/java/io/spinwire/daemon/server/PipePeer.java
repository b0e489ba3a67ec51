package io.spinwire.daemon.server;

import io.spinwire.Cidr;
import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.api.SocketOptions;
import io.spinwire.daemon.config.DaemonConfig;
import io.spinwire.daemon.service.PingClient;
import io.spinwire.nic.Nic;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The other end of a pipe: a second engine in the same process, on a thread of its own, whose client pings the first
 * one's echo service. With it anybody can see Spinwire at work without a NIC and without being root.
 */
final class PipePeer implements Agent, AutoCloseable {
    private static final int PING_BYTES = 64;

    private final Engine engine;
    private final PingClient client;
    private final AgentRunner runner;

    PipePeer(Nic nic, DaemonConfig served, IdleStrategy idle) {
        final Cidr server = served.addresses().getFirst();
        final NanoClock clock = SystemNanoClock.INSTANCE;
        engine = Engine.create(
                EngineConfig.builder()
                        .address(new Cidr(neighbour(server), server.prefixLength()).toString())
                        .build(),
                nic);
        final InetAddress address = inet(server.address());
        client = new PingClient(
                handler -> engine.connect(address, served.echoPort(), SocketOptions.DEFAULTS, handler),
                clock,
                PING_BYTES);
        runner = new AgentRunner(idle, Throwable::printStackTrace, null, this);
    }

    void start() {
        AgentRunner.startOnThread(runner, Thread.ofPlatform().daemon()::unstarted);
    }

    /** What the client has measured, for people; after the end. */
    String summary() {
        final Histogram times = client.roundTripsNs();
        return "the pipe's client sent " + times.getTotalCount() + " messages of " + PING_BYTES
                + " bytes that came back, " + client.mismatches() + " of them changed; round trip p50 "
                + times.getValueAtPercentile(50) / 1000.0 + " us, p99 "
                + times.getValueAtPercentile(99) / 1000.0 + " us";
    }

    @Override
    public int doWork() {
        return engine.doWork() + client.doWork();
    }

    @Override
    public void onClose() {
        client.stop();
        engine.close();
    }

    @Override
    public String roleName() {
        return "spinwire-pipe-peer";
    }

    /** Ends the client and its engine, before the engine that serves it. */
    @Override
    public void close() {
        runner.close();
    }

    /** The next address of the same network, or the one before. */
    static int neighbour(Cidr cidr) {
        final int next = cidr.address() + 1;
        final boolean isHost =
                (next & cidr.mask()) == (cidr.address() & cidr.mask()) && (next & ~cidr.mask()) != ~cidr.mask();
        return isHost ? next : cidr.address() - 1;
    }

    static InetAddress inet(int address) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
                    });
        } catch (final UnknownHostException e) {
            throw new IllegalStateException(e); // four bytes are always an address
        }
    }
}
