package io.spinwire.bench.end;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/**
 * A service on kernel sockets for many connections: one thread, epoll through the JDK, asked without waiting. Echoes;
 * or answers a request with as many bytes and closes first, as P9 wants it.
 */
final class KernelService implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final boolean isClosing;

    /** @param isClosing whether a connection ends with its first answer */
    KernelService(int firstPort, int ports, boolean isClosing) throws IOException {
        this.isClosing = isClosing;
        for (int port = firstPort; port < firstPort + ports; port++) {
            final ServerSocketChannel server = KernelWire.listen(port);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        }
    }

    void run(BooleanSupplier isWanted) throws IOException {
        while (isWanted.getAsBoolean()) {
            selector.selectNow(this::onReady);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel());
            } else {
                serve((SocketChannel) key.channel());
            }
        } catch (final IOException e) {
            close(key);
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        for (SocketChannel accepted = server.accept(); accepted != null; accepted = server.accept()) {
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            accepted.register(selector, SelectionKey.OP_READ);
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        buffer.clear();
        final int read = channel.read(buffer);
        if (read > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
        if (read < 0 || isClosing && read > 0) {
            channel.close();
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (final IOException e) {
            key.cancel(); // it is gone already
        }
    }

    @Override
    public void close() throws IOException {
        for (final SelectionKey key : selector.keys()) {
            close(key);
        }
        selector.close();
    }
}
