package io.spinwire.nic.afxdp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * One end of a connection that is the kernel's: writes so many bytes and ends its stream, reads so many and the end.
 */
final class KernelEnd {
    private static final int READ_LENGTH = 1 << 16;

    private KernelEnd() {}

    static ServerSocketChannel listen(String host, String address, int port) {
        return NetNamespace.call(host, () -> {
            final ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(address, port), 64);
            return server;
        });
    }

    static SocketChannel connect(String host, String address, int port) {
        return NetNamespace.call(host, () -> SocketChannel.open(new InetSocketAddress(address, port)));
    }

    /** Runs on threads of its own; answers when the last byte was read, by {@link System#nanoTime}. */
    static CompletableFuture<Long> run(SocketChannel channel, long sendBytes, long expectBytes) {
        final CompletableFuture<Void> written =
                CompletableFuture.runAsync(() -> write(channel, sendBytes), Thread.ofPlatform()::start);
        final CompletableFuture<Long> read =
                CompletableFuture.supplyAsync(() -> read(channel, expectBytes), Thread.ofPlatform()::start);
        return read.thenCombine(written, (lastNs, nothing) -> {
            try {
                channel.close();
            } catch (final IOException e) {
                throw new CompletionException(e);
            }
            return lastNs;
        });
    }

    private static void write(SocketChannel channel, long bytes) {
        try {
            long position = 0;
            while (position < bytes) {
                final ByteBuffer piece =
                        ByteBuffer.wrap(Content.BYTES, Content.index(position), Content.piece(bytes - position));
                position += channel.write(piece);
            }
            channel.shutdownOutput();
        } catch (final IOException e) {
            throw new CompletionException("kernel, writing", e);
        }
    }

    private static long read(SocketChannel channel, long bytes) {
        try {
            final byte[] into = new byte[READ_LENGTH];
            final ByteBuffer buffer = ByteBuffer.wrap(into);
            long position = 0;
            long lastNs = System.nanoTime();
            for (int length = channel.read(buffer); length >= 0; length = channel.read(buffer.clear())) {
                if (!Content.isRight(position, into, length)) {
                    throw new IOException("wrong bytes from " + position + " on, " + length + " read");
                }
                position += length;
                lastNs = System.nanoTime();
            }
            if (position != bytes) {
                throw new IOException("the stream ended after " + position + " of " + bytes + " bytes");
            }
            return lastNs;
        } catch (final IOException e) {
            throw new CompletionException("kernel, reading", e);
        }
    }
}
