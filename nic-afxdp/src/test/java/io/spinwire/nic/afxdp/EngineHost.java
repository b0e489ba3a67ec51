package io.spinwire.nic.afxdp;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.EngineConfigBuilder;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.nic.FaultNic;
import io.spinwire.nic.FaultProfile;
import io.spinwire.nic.Nic;
import io.spinwire.stats.Counter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.SystemNanoClock;

/** An engine on AF_XDP in a {@link RouterLab}, on a thread of its own. */
final class EngineHost implements AutoCloseable {
    private final Engine engine;
    private final Thread thread;
    private volatile boolean isStopping;

    /**
     * Starts it.
     *
     * @param faults of its NIC, both ways, by the seed 1; null for none
     */
    EngineHost(RouterLab lab, UnaryOperator<EngineConfigBuilder> settings, FaultProfile faults) {
        final EngineConfig config = settings.apply(EngineConfig.builder()
                        .address(RouterLab.ENGINE + "/24")
                        .gateway(RouterLab.ENGINE_GATEWAY)
                        .acceptPartialChecksums(true))
                .build();
        final XskSpecification specification =
                XskSpecification.parse("afxdp:" + RouterLab.INTERFACE + ",netns=" + lab.engine());
        final Nic nic = XskNic.open(specification, config.filter());
        engine = Engine.create(
                config, faults == null ? nic : new FaultNic(nic, SystemNanoClock.INSTANCE, 1, faults, faults));
        thread = Thread.ofPlatform().name("engine").start(this::run);
    }

    private void run() {
        while (!isStopping) {
            if (engine.doWork() == 0) {
                Thread.yield(); // the kernel's side has to run on these processors as well
            }
        }
        engine.close();
    }

    /** Serves the next connection to this port with a handler. */
    void listen(int port, SocketOptions options, TcpHandler handler) {
        onEngine(() -> engine.listen(port, options, handler));
    }

    void connect(String address, int port, SocketOptions options, TcpHandler handler) {
        onEngine(() -> engine.connect(inet(address), port, options, handler));
    }

    private void onEngine(Runnable task) {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        final boolean isTaken = engine.execute(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (final RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        if (!isTaken) {
            throw new IllegalStateException("the engine's queue of tasks is full");
        }
        done.join();
    }

    private static InetAddress inet(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (final UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    long count(Counter counter) {
        return engine.counters().get(counter);
    }

    @Override
    public void close() {
        isStopping = true;
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
