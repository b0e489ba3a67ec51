package io.spinwire.api;

import org.agrona.DirectBuffer;

/**
 * An application on the engine thread. Before each call all state of the connection is final; calls made on the socket
 * inside only change state and queue it for the output step of the same turn. A handler must not block; one that throws
 * aborts its connection, which is counted. One handler may serve many connections: see {@link TcpSocket#attach}.
 */
public interface TcpHandler {

    /** The handshake is complete, on either side. */
    default void onConnected(TcpSocket socket) {}

    /**
     * Bytes in order, straight from the NIC frame where possible; valid only during the call.
     *
     * @return bytes taken, 0 to {@code length}. The rest is kept, and offered again together with newer bytes at the
     *     next event of the connection, or read by {@link TcpSocket#poll}
     */
    int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length);

    /**
     * There is room to write again, after an {@link TcpSocket#offer} that was not taken whole; before
     * {@link #onConnected} where a connect waits for it, with Fast Open.
     */
    default void onWritable(TcpSocket socket) {}

    /**
     * The peer has sent its FIN, and all bytes before it were offered to this handler. The default closes this side
     * too.
     */
    default void onPeerClosed(TcpSocket socket) {
        socket.close();
    }

    /**
     * The connection has ended, and the socket must not be used after this call. The last callback of every connection,
     * once, whoever closed it; after the application's own close it comes when the engine has let go of the connection.
     */
    default void onClosed(TcpSocket socket, CloseReason reason) {}
}
