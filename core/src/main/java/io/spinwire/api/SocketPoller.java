package io.spinwire.api;

/**
 * Tells one application thread which of its sockets and listeners are ready, so that idle ones are never scanned. Made
 * by the engine; it and what is in it are used by one thread. Linux: {@code epoll}.
 */
public interface SocketPoller {
    /**
     * Added to an interest: reported once for each piece of news, not for as long as it is ready. What it was ready for
     * must then be used up before the next poll can be relied upon. EPOLLET.
     */
    int EDGE = 1 << 31;

    /** Added to an interest: reported once, and then not before it is added again. EPOLLONESHOT. */
    int ONE_SHOT = 1 << 30;

    /** Takes what is ready. */
    @FunctionalInterface
    interface ReadyHandler {
        /** @param readiness bits of {@link Readiness}: those asked for, ERR and HUP */
        void onReady(TcpSocket socket, int readiness);

        /** Connections can be accepted. To be overridden by who adds listeners. */
        default void onAcceptable(TcpListener listener) {
            throw new UnsupportedOperationException(
                    "a listener was added to the poller: its handler must override onAcceptable");
        }
    }

    /** As {@link #add(TcpSocket, int)} with IN, OUT, RDHUP and {@link #EDGE}. */
    void add(TcpSocket socket);

    /**
     * Adds a socket, or changes what is asked of one that is in; what it is ready for now is reported by the next poll.
     * One poller a socket.
     *
     * @param interest bits of {@link Readiness}, and perhaps {@link #EDGE} and {@link #ONE_SHOT}; ERR and HUP are
     *     always reported
     */
    void add(TcpSocket socket, int interest);

    /** Adds a listener, which is ready for {@link Readiness#IN} when it has a connection to accept. */
    void add(TcpListener listener, int interest);

    /** Removes it; it is not reported any more. Closing a socket removes it too. */
    void remove(TcpSocket socket);

    /** Removes it; it is not reported any more. Closing a listener removes it too. */
    void remove(TcpListener listener);

    /**
     * Reports what is ready, at most {@code limit}; who is still ready and was added without {@link #EDGE} goes to the
     * back of the line.
     *
     * @return sockets and listeners reported
     */
    int poll(ReadyHandler handler, int limit);
}
