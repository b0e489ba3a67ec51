package io.spinwire.tcp;

import java.util.ArrayDeque;

/** Sockets whose application is to be told something, first come first served, each once. Engine thread only. */
final class OwedList {
    private final ArrayDeque<TcpSock> owed = new ArrayDeque<>();

    /** Something must be told to the application once the present work is done. */
    void add(TcpSock sock) {
        if (!sock.isDeliveryOwed) {
            sock.isDeliveryOwed = true;
            owed.addLast(sock);
        }
    }

    /** The one that has waited longest, taken out. Only when {@link #size} is above 0. */
    TcpSock poll() {
        final TcpSock sock = owed.pollFirst();
        sock.isDeliveryOwed = false;
        return sock;
    }

    int size() {
        return owed.size();
    }
}
