package io.spinwire.daemon.demo;

import io.spinwire.nic.afxdp.Affinity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An echo service on a socket of the kernel, the best that it gives to the JVM without bypassing it: non-blocking,
 * never waiting in the kernel while a client is connected, Nagle off, on one CPU. Between clients it sleeps, so that it
 * takes nothing from what is measured then. The baseline of every round trip that is measured.
 */
public final class KernelEcho {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final int port;
    private final int cpu;

    /** A service on {@code port}; {@code cpu} is -1 for any. */
    public KernelEcho(int port, int cpu) {
        this.port = port;
        this.cpu = cpu;
    }

    /** Serves one client after another, for ever. */
    public void run() throws IOException {
        if (cpu >= 0) {
            Affinity.pin(cpu);
        }
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(port));
            System.out.println("ready port=" + port);
            while (true) {
                try (SocketChannel client = server.accept()) {
                    client.configureBlocking(false);
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    echo(client, buffer);
                } catch (final IOException e) {
                    System.out.println("client: " + e.getMessage());
                }
            }
        }
    }

    private static void echo(SocketChannel client, ByteBuffer buffer) throws IOException {
        int read = 0;
        while (read >= 0) {
            read = client.read(buffer);
            buffer.flip();
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
            buffer.clear();
        }
    }
}
