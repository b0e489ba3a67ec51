package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.EngineConfig;
import io.spinwire.nic.Nic;
import io.spinwire.nic.Pipe;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two engines joined by a pipe, each driven by a thread: the test's own is the client's. */
final class EnginesOnPipe implements AutoCloseable {
    private static final String CLIENT = "10.0.0.1";
    private static final String SERVER = "10.0.0.2";

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Pipe pipe = new Pipe();
    final Engine client = engine(CLIENT, pipe.a());
    final Engine server = engine(SERVER, pipe.b());
    private volatile boolean isEnding;

    private static Engine engine(String address, Nic nic) {
        return Engine.create(EngineConfig.builder().address(address + "/24").build(), nic);
    }

    /** A port of the server's. */
    static InetSocketAddress to(int port) {
        return new InetSocketAddress(SERVER, port);
    }

    /** Has the server do something on its thread, and turn afterwards until the end. */
    <T> Future<T> serve(Callable<T> work) {
        final CompletableFuture<T> done = new CompletableFuture<>();
        thread.submit(() -> {
            try {
                done.complete(work.call());
            } catch (final Exception e) {
                done.completeExceptionally(e);
            }
            while (!isEnding) {
                server.doWork();
                Thread.onSpinWait();
            }
        });
        return done;
    }

    @Override
    public void close() {
        isEnding = true;
        thread.close();
        client.close();
        server.close();
    }
}
