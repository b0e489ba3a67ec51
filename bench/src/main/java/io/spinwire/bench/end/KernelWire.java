package io.spinwire.bench.end;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A kernel socket through the JDK: non-blocking and spinning, the best that the JVM gets from the kernel, or blocking
 * in read, as most programs do. Nagle off.
 */
final class KernelWire implements Wire {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private KernelWire(SocketChannel channel, boolean isBlocking) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(isBlocking);
    }

    static KernelWire connect(InetSocketAddress to, boolean isBlocking) throws IOException {
        return new KernelWire(SocketChannel.open(to), isBlocking);
    }

    /** Waits for one connection, and says when it can be made. */
    static KernelWire accept(int port, boolean isBlocking, Runnable onListening) throws IOException {
        try (ServerSocketChannel server = listen(port)) {
            onListening.run();
            return new KernelWire(server.accept(), isBlocking);
        }
    }

    static ServerSocketChannel listen(int port) throws IOException {
        final ServerSocketChannel server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return server.bind(new InetSocketAddress(port), 4096);
    }

    @Override
    public int send(int length) throws IOException {
        out.clear().limit(Math.min(length, BUFFER_BYTES));
        return channel.write(out);
    }

    @Override
    public int receive() throws IOException {
        in.clear();
        return channel.read(in);
    }

    @Override
    public void finish() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
