package io.spinwire.tcp;

/** Sockets whose application is to be told something, first come first served, each once. Engine thread only. */
final class OwedList {
    private final SockFifo owed = new SockFifo();

    /** Something must be told to the application once the present work is done. */
    void add(TcpSock sock) {
        if (!sock.isDeliveryOwed) {
            sock.isDeliveryOwed = true;
            owed.add(sock);
        }
    }

    /** The one that has waited longest, taken out. Only when {@link #size} is above 0. */
    TcpSock poll() {
        final TcpSock sock = owed.poll();
        sock.isDeliveryOwed = false;
        return sock;
    }

    int size() {
        return owed.size();
    }
}
