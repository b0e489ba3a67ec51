package io.spinwire.nic.afxdp;

import io.spinwire.api.SocketOptions;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Transfers in a {@link RouterLab}, each over a new connection; every byte is compared. Answers are in Mbit/s, from the
 * handshake on: a SYN that is lost takes a second, and says nothing of bulk.
 */
final class Talk {
    private static final long LIMIT_S = 60;
    private static final double NS_TO_MBIT = 8_000;
    private static final int FIRST_PORT = 5000;

    private final RouterLab lab;
    private final EngineHost engine;
    private int port = FIRST_PORT;

    Talk(RouterLab lab, EngineHost engine) {
        this.lab = lab;
        this.engine = engine;
    }

    /** The engine connects and sends. */
    double engineToKernel(long bytes) throws Exception {
        return engineConnects(bytes, 0, SocketOptions.DEFAULTS);
    }

    /** The engine connects, and both send. */
    double bothWays(long bytes, SocketOptions options) throws Exception {
        return engineConnects(bytes, bytes, options);
    }

    double engineConnects(long toKernel, long toEngine, SocketOptions options) throws Exception {
        port++;
        try (ServerSocketChannel server = KernelEnd.listen(lab.peer(), RouterLab.PEER, port)) {
            final EngineEnd end = new EngineEnd(toKernel, toEngine);
            engine.connect(RouterLab.PEER, port, options, end);
            final CompletableFuture<SocketChannel> accepted = accept(server);
            final CompletableFuture<Long> read = KernelEnd.run(within(accepted), toEngine, toKernel);
            return finish(read, end, toKernel, end.connectedNs);
        }
    }

    private static double finish(CompletableFuture<Long> read, EngineEnd end, long bytes, long startNs)
            throws Exception {
        final long lastNs;
        try {
            lastNs = within(read);
        } catch (final IOException e) {
            if (end.done.isCompletedExceptionally()) {
                within(end.done); // what the engine says comes first
            }
            throw e;
        }
        within(end.done);
        return bytes * NS_TO_MBIT / (lastNs - startNs);
    }

    /** The kernel connects and sends. */
    double kernelToEngine(long bytes) throws Exception {
        return kernelConnects(bytes, 0, SocketOptions.DEFAULTS);
    }

    double kernelConnects(long toEngine, long toKernel, SocketOptions options) throws Exception {
        port++;
        final EngineEnd end = new EngineEnd(toKernel, toEngine);
        engine.listen(port, options, end);
        final SocketChannel channel = KernelEnd.connect(lab.peer(), RouterLab.ENGINE, port);
        final long startNs = System.nanoTime();
        finish(KernelEnd.run(channel, toEngine, toKernel), end, toKernel, startNs);
        return toEngine * NS_TO_MBIT / (within(end.done) - startNs);
    }

    /** The same path without the engine. */
    double kernelToKernel(String from, String address, String to, long bytes) throws Exception {
        port++;
        try (ServerSocketChannel server = KernelEnd.listen(to, address, port)) {
            final SocketChannel channel = KernelEnd.connect(from, address, port);
            final long startNs = System.nanoTime();
            final CompletableFuture<Long> read = KernelEnd.run(server.accept(), 0, bytes);
            within(KernelEnd.run(channel, bytes, 0));
            return bytes * NS_TO_MBIT / (within(read) - startNs);
        }
    }

    private static CompletableFuture<SocketChannel> accept(ServerSocketChannel server) {
        final CompletableFuture<SocketChannel> accepted = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                accepted.complete(server.accept());
            } catch (final IOException e) {
                accepted.completeExceptionally(e);
            }
        });
        return accepted;
    }

    private static <T> T within(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (final TimeoutException e) {
            throw new IOException("not finished within " + LIMIT_S + " s", e);
        } catch (final ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
