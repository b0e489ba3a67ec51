package io.spinwire.nic.afxdp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.util.concurrent.CompletableFuture;
import org.agrona.DirectBuffer;

/**
 * One end of a connection that is the engine's: writes so many bytes and ends its stream, reads so many and the end.
 */
final class EngineEnd implements TcpHandler {
    /** When the last byte was read, by {@link System#nanoTime}; complete when the connection is over. */
    final CompletableFuture<Long> done = new CompletableFuture<>();

    private final long sendBytes;
    private final long expectBytes;
    private long sent;
    private long received;
    private long lastNs;
    private boolean isPeerClosed;

    /** When the connection was established; 0 before. */
    volatile long connectedNs;

    EngineEnd(long sendBytes, long expectBytes) {
        this.sendBytes = sendBytes;
        this.expectBytes = expectBytes;
    }

    @Override
    public void onConnected(TcpSocket socket) {
        connectedNs = System.nanoTime();
        lastNs = connectedNs;
        write(socket);
    }

    @Override
    public void onWritable(TcpSocket socket) {
        write(socket);
    }

    private void write(TcpSocket socket) {
        while (sent < sendBytes) {
            final int piece = Content.piece(sendBytes - sent);
            final int taken = socket.offer(Content.BUFFER, Content.index(sent), piece);
            if (taken <= 0) {
                return;
            }
            sent += taken;
        }
        if (isPeerClosed) {
            socket.close();
        } else {
            socket.shutdownOutput();
        }
    }

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        if (!Content.isRight(received, buffer, offset, length)) {
            done.completeExceptionally(
                    new AssertionError("engine: wrong bytes from " + received + " on, " + length + " read"));
        }
        received += length;
        lastNs = System.nanoTime();
        return length;
    }

    @Override
    public void onPeerClosed(TcpSocket socket) {
        isPeerClosed = true;
        if (sent == sendBytes) {
            socket.close();
        }
    }

    @Override
    public void onClosed(TcpSocket socket, CloseReason reason) {
        if (reason == CloseReason.NORMAL && received == expectBytes && sent == sendBytes) {
            done.complete(lastNs);
        } else {
            done.completeExceptionally(new AssertionError("engine: closed " + reason + " after reading " + received
                    + " of " + expectBytes + " and writing " + sent + " of " + sendBytes));
        }
    }
}
