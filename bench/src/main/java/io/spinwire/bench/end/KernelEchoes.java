package io.spinwire.bench.end;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/** Echoes one connection at a time on a kernel socket, spinning on it or blocking in it. */
final class KernelEchoes implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocketChannel server;
    private final boolean isBlocking;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    KernelEchoes(int port, boolean isBlocking) throws IOException {
        server = KernelWire.listen(port);
        server.configureBlocking(false);
        this.isBlocking = isBlocking;
    }

    void run(BooleanSupplier isWanted) throws IOException {
        while (isWanted.getAsBoolean()) {
            try (SocketChannel client = server.accept()) {
                if (client != null) {
                    client.configureBlocking(isBlocking);
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    echo(client, isWanted);
                }
            }
        }
    }

    private void echo(SocketChannel client, BooleanSupplier isWanted) throws IOException {
        while (isWanted.getAsBoolean()) {
            buffer.clear();
            if (client.read(buffer) < 0) {
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
