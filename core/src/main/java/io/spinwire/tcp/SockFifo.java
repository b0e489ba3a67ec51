package io.spinwire.tcp;

/** Sockets in the order in which they came, without a limit but theirs; grows and stays so. Engine thread only. */
final class SockFifo {
    private TcpSock[] ring = new TcpSock[16];
    private int head;
    private int size;

    int size() {
        return size;
    }

    void add(TcpSock sock) {
        if (size == ring.length) {
            grow();
        }
        ring[head + size & ring.length - 1] = sock;
        size++;
    }

    /** The one that came first, taken out; null when there is none. */
    TcpSock poll() {
        if (size == 0) {
            return null;
        }
        final TcpSock first = ring[head];
        ring[head] = null;
        head = head + 1 & ring.length - 1;
        size--;
        return first;
    }

    private void grow() {
        final TcpSock[] larger = new TcpSock[2 * ring.length];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[head + i & ring.length - 1];
        }
        ring = larger;
        head = 0;
    }
}
