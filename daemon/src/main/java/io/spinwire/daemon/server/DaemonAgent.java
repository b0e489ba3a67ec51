package io.spinwire.daemon.server;

import io.spinwire.Engine;
import io.spinwire.daemon.service.PingClient;
import io.spinwire.nic.afxdp.Affinity;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * The engine thread's loop body: a turn of the engine, then what else belongs to that thread: the ping client, a status
 * that was asked for, and the end. Asked to stop, it closes all connections in order, and after a bound lets the engine
 * reset the rest.
 */
final class DaemonAgent implements Agent {
    private static final int ANY_CPU = -1;

    private final Engine engine;
    private final PingClient ping; // or null
    private final NanoClock clock;
    private final int cpu;
    private final long shutdownTimeoutNs;
    private volatile boolean isStopRequested;
    private boolean isStopping;
    private boolean isDrained;
    private boolean isDone;
    private long resetAtNs;

    /** {@code ping} may be null; {@code cpu} is -1 for any. */
    DaemonAgent(Engine engine, PingClient ping, NanoClock clock, int cpu, long shutdownTimeoutNs) {
        this.engine = engine;
        this.ping = ping;
        this.clock = clock;
        this.cpu = cpu;
        this.shutdownTimeoutNs = shutdownTimeoutNs;
    }

    /** From any thread: end in order. */
    void requestStop() {
        isStopRequested = true;
    }

    /** Engine thread: whether the end has come. */
    boolean isDone() {
        return isDone;
    }

    /** After the end: whether every connection was closed in order. */
    boolean isDrained() {
        return isDrained;
    }

    @Override
    public void onStart() {
        if (cpu != ANY_CPU) {
            Affinity.pin(cpu);
        }
        engine.onStart();
    }

    @Override
    public int doWork() {
        int work = engine.doWork();
        if (ping != null) {
            work += ping.doWork();
        }
        if (isStopRequested) {
            stop();
        }
        return work;
    }

    private void stop() {
        if (!isStopping) {
            isStopping = true;
            resetAtNs = clock.nanoTime() + shutdownTimeoutNs;
            if (ping != null) {
                ping.stop();
            }
            engine.beginShutdown();
        }
        isDrained = engine.isDrained();
        isDone = isDrained || clock.nanoTime() - resetAtNs >= 0;
    }

    /** Resets what is still open, sends that, and detaches from the network. */
    @Override
    public void onClose() {
        engine.close();
    }

    @Override
    public String roleName() {
        return engine.roleName();
    }
}
