package io.spinwire.tcp;

import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpSocket;
import io.spinwire.queue.DoorbellQueue;

/** Ready sockets of one application thread: the engine rings, the application polls. */
final class ReadyPoller implements SocketPoller {
    private final DoorbellQueue<QueuedSocket> bells;

    /** @param sockets that may be in it at once */
    ReadyPoller(int sockets) {
        bells = new DoorbellQueue<>(sockets);
    }

    @Override
    public void add(TcpSocket socket) {
        if (!(socket instanceof QueuedSocket queued)) {
            throw new IllegalArgumentException(
                    "a poller takes sockets without handler only: this one's handler is called by the engine");
        }
        queued.setPoller(this);
        ring(queued);
    }

    @Override
    public void remove(TcpSocket socket) {
        if (socket instanceof QueuedSocket queued && queued.poller() == this) {
            queued.setPoller(null);
        }
    }

    @Override
    public int poll(ReadyHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            final QueuedSocket socket = bells.poll();
            if (socket == null) {
                break;
            }
            if (socket.poller() == this) {
                handler.onReady(socket);
                count++;
            }
        }
        return count;
    }

    void ring(QueuedSocket socket) {
        bells.ring(socket.pollerBell);
    }
}
