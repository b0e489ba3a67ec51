package io.spinwire.tcp;

/** Inline sockets whose offer found no memory: their applications are told when there may be some. Engine thread. */
final class MemoryWaiters {
    private final LentQueues queues;
    private final OwedList owed;
    private final SockFifo waiting = new SockFifo();

    MemoryWaiters(LentQueues queues, OwedList owed) {
        this.queues = queues;
        this.owed = owed;
    }

    void add(TcpSock sock) {
        if (!sock.isStarved) {
            sock.isStarved = true;
            waiting.add(sock);
        }
    }

    /**
     * Memory may have come back since the last turn. Those told, and refused once more, wait for the next; those that
     * have ended wait no more, for they hold memory that others wait for.
     */
    void feed() {
        for (int left = waiting.size(); left > 0; left--) {
            final TcpSock sock = waiting.poll();
            if (sock.isFinished || queues.hasMemory()) {
                sock.isStarved = false;
                owed.add(sock);
            } else {
                waiting.add(sock);
            }
        }
    }
}
