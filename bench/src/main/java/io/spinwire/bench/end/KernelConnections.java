package io.spinwire.bench.end;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;

/** Many connections of kernel sockets on one selector, which is asked without waiting. */
final class KernelConnections implements AutoCloseable {
    private static final int FILES = 1_000; // of everything else

    private final Selector selector = Selector.open();
    private IOException failure;

    /** What is done with a connection that is ready. */
    @FunctionalInterface
    interface OnReady {
        void accept(SelectionKey key) throws IOException;
    }

    KernelConnections() throws IOException {}

    /**
     * Opens so many, one after the other: the server accepts meanwhile.
     *
     * @param ops for which one is ready
     * @param attachment for each of them
     */
    void open(InetSocketAddress to, int count, int ops, Supplier<Object> attachment) throws IOException {
        int connected = 0;
        try {
            for (; connected < count; connected++) {
                final SocketChannel channel = SocketChannel.open(to);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_LINGER, 0); // no TIME_WAIT: the next round needs the ports
                channel.configureBlocking(false);
                channel.register(selector, ops, attachment.get());
            }
        } catch (final IOException e) {
            throw new IOException(
                    connected + " of " + count + " connected: " + e.getMessage()
                            + " (where files are too few: ulimit -n " + (count + FILES) + ")",
                    e);
        }
    }

    /** Watches a listener as well. */
    void watch(ServerSocketChannel server) throws IOException {
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    Iterable<SelectionKey> keys() {
        return selector.keys();
    }

    /** Looks once for those that are ready. */
    void turn(OnReady onReady) throws IOException {
        selector.selectNow(key -> {
            try {
                onReady.accept(key);
            } catch (final IOException e) {
                failure = e;
            }
        });
        if (failure != null) {
            throw failure;
        }
    }

    /** Resets all. */
    @Override
    public void close() throws IOException {
        for (final SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
