package io.spinwire.tcp;

import java.util.ArrayDeque;

/** Lends {@link Setbacks}; grows to the number in use at once and stays so. Engine thread only. */
final class SetbackPool {
    private final ArrayDeque<Setbacks> free = new ArrayDeque<>();

    /** Those of the socket, which has some from now on. */
    Setbacks of(TcpSock sock) {
        if (sock.setbacks == null) {
            sock.setbacks = free.isEmpty() ? new Setbacks() : free.pollLast();
        }
        return sock.setbacks;
    }

    /** The socket is freed. */
    void takeBack(TcpSock sock) {
        final Setbacks setbacks = sock.setbacks;
        if (setbacks != null) {
            sock.setbacks = null;
            setbacks.reset();
            free.addLast(setbacks);
        }
    }
}
