package io.spinwire.daemon.service;

import io.spinwire.api.DataHandler;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import org.agrona.DirectBuffer;

/**
 * RFC 862: sends back whatever comes, and closes after the peer has. Bytes that the send buffer has no room for are
 * left with the engine, which closes the window to the peer: a slow reader slows its own writing and nothing is
 * buffered here.
 */
public final class EchoService implements TcpHandler, DataHandler {
    private TcpSocket polled; // the socket whose waiting bytes are being polled; one thread, never nested

    @Override
    public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
        return Math.max(0, socket.offer(buffer, offset, length));
    }

    @Override
    public void onWritable(TcpSocket socket) {
        polled = socket;
        while (socket.poll(this, Integer.MAX_VALUE) > 0) {
            // the receive queue is a ring: one poll reaches its end, the next goes on at its start
        }
        polled = null;
        closeAfterLastByte(socket);
    }

    @Override
    public int onData(DirectBuffer buffer, int offset, int length) {
        return onData(polled, buffer, offset, length);
    }

    @Override
    public void onPeerClosed(TcpSocket socket) {
        closeAfterLastByte(socket);
    }

    /** A client that closes its sending side first still gets everything back. */
    private static void closeAfterLastByte(TcpSocket socket) {
        if (socket.isPeerClosed() && socket.available() == 0) {
            socket.close();
        }
    }
}
