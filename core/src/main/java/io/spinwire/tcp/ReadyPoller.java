package io.spinwire.tcp;

import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpSocket;
import io.spinwire.queue.Doorbell;
import io.spinwire.queue.DoorbellQueue;
import java.lang.invoke.VarHandle;

/** Ready sockets of one application thread: the engine rings, the application polls. */
final class ReadyPoller implements SocketPoller {
    private final DoorbellQueue<Place> bells;

    /**
     * A socket in one poller. It has a bell of its own: one that still waits in another poller's queue would be silent
     * here.
     */
    static final class Place {
        private final ReadyPoller poller;
        private final QueuedSocket socket;
        private final Doorbell<Place> bell = new Doorbell<>(this);

        private Place(ReadyPoller poller, QueuedSocket socket) {
            this.poller = poller;
            this.socket = socket;
        }

        void ring() {
            poller.bells.ring(bell);
        }
    }

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
        if (!isIn(queued)) {
            queued.setPlace(new Place(this, queued));
        }
        queued.place().ring();
    }

    /**
     * Engine thread, after it has published news of the socket. Ringing is a fence, and the place is read once more
     * behind it: a poller that the socket is just being added to either sees the news by itself, or is told here.
     */
    static void tell(QueuedSocket socket) {
        final Place seen = socket.place();
        if (seen == null) {
            VarHandle.fullFence();
        } else {
            seen.ring();
        }
        final Place newest = socket.place();
        if (newest != null && newest != seen) {
            newest.ring();
        }
    }

    private boolean isIn(QueuedSocket socket) {
        final Place place = socket.place();
        return place != null && place.poller == this;
    }

    @Override
    public void remove(TcpSocket socket) {
        if (socket instanceof QueuedSocket queued && isIn(queued)) {
            queued.setPlace(null);
        }
    }

    @Override
    public int poll(ReadyHandler handler, int limit) {
        int count = 0;
        while (count < limit) {
            final Place place = bells.poll();
            if (place == null) {
                break;
            }
            if (place.socket.place() == place) {
                handler.onReady(place.socket);
                count++;
            }
        }
        return count;
    }
}
