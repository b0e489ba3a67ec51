package io.spinwire.tcp;

/**
 * Sockets that have something to send, first come first served; each is in it at most once, so it needs no memory of
 * its own. One that the NIC refused goes to the back. Engine thread only.
 */
final class OutputList {
    private TcpSock head;
    private TcpSock tail;
    private int size;

    void add(TcpSock sock) {
        if (sock.isInOutputList) {
            return;
        }
        sock.isInOutputList = true;
        sock.nextInList = null;
        if (tail == null) {
            head = sock;
        } else {
            tail.nextInList = sock;
        }
        tail = sock;
        size++;
    }

    /** The one that has waited longest, taken out; null when there is none. */
    TcpSock poll() {
        final TcpSock sock = head;
        if (sock != null) {
            head = sock.nextInList;
            if (head == null) {
                tail = null;
            }
            sock.nextInList = null;
            sock.isInOutputList = false;
            size--;
        }
        return sock;
    }

    int size() {
        return size;
    }
}
