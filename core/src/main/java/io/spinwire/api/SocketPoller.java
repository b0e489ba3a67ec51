package io.spinwire.api;

/**
 * Tells one application thread which of its sockets have something to do, so that idle ones are never scanned; a socket
 * is in the ready queue at most once. Made by the engine; used by one thread.
 */
public interface SocketPoller {

    /** Something happened to a socket: data, room, the peer's FIN, the end. Find out by asking the socket. */
    @FunctionalInterface
    interface ReadyHandler {
        void onReady(TcpSocket socket);
    }

    /** Adds a socket or a listener's accepted socket; it is reported once at once. One poller a socket. */
    void add(TcpSocket socket);

    /** Removes it; it is not reported any more. Closing a socket removes it too. */
    void remove(TcpSocket socket);

    /**
     * Reports ready sockets, at most {@code limit}.
     *
     * @return sockets reported
     */
    int poll(ReadyHandler handler, int limit);
}
