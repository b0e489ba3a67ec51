package io.spinwire.tcp;

import io.spinwire.api.Readiness;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.queue.Doorbell;
import io.spinwire.queue.DoorbellQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Sockets and listeners of one application thread: the engine notes what is new and rings, the application looks at
 * those that rang and at those that were ready last time. Idle ones are never looked at. All lists are chained through
 * the places themselves, so that any number may come and go. Linux: {@code ep_poll_callback()},
 * {@code ep_send_events()}.
 */
final class ReadyPoller implements SocketPoller {
    private static final int ALWAYS = Readiness.ERR | Readiness.HUP;
    private static final int DEFAULT_INTEREST = Readiness.IN | Readiness.OUT | Readiness.RDHUP | EDGE;

    private final DoorbellQueue<Place> bells;
    private final PlaceList all = new PlaceList();
    private final ReadyList ready = new ReadyList();

    /**
     * Something in one poller. It has a bell of its own: one that still waits in another poller's queue would be silent
     * here.
     */
    static final class Place {
        private static final VarHandle NEWS;

        static {
            try {
                NEWS = MethodHandles.lookup().findVarHandle(Place.class, "news", int.class);
            } catch (final ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }

        private final ReadyPoller poller;
        private final Pollable source;
        private final Doorbell<Place> bell = new Doorbell<>(this);

        /** Bits that the engine has set since the application took them. */
        private int news;

        // Application thread.
        private int interest;
        private boolean isGone;
        private boolean isSpent;
        Place next;
        Place previous;
        Place nextReady;
        Place previousReady;
        boolean isReady;

        private Place(ReadyPoller poller, Pollable source, int interest) {
            this.poller = poller;
            this.source = source;
            this.interest = interest;
        }

        /** Engine thread. A full fence on the way: what was published before is seen by who takes the bits. */
        private void ring(int bits) {
            NEWS.getAndBitwiseOr(this, bits);
            poller.bells.ring(bell);
        }

        private int takeNews() {
            return (int) NEWS.getAndSet(this, 0);
        }

        /** Application thread: what it is for may be ready now, by the application's own doing. */
        void look() {
            if (!isSpent) {
                poller.ready.add(this);
            }
        }

        /** Application thread: what it was for is closed, or taken out. */
        void leave() {
            isGone = true;
            source.setPlace(null);
            poller.all.remove(this);
            poller.ready.remove(this);
        }
    }

    /** @param bells that may wait at once; more are made up for by looking at everything */
    ReadyPoller(int bells) {
        this.bells = new DoorbellQueue<>(bells);
    }

    /**
     * Engine thread, after it has published news of a socket or listener. Ringing is a fence, and the place is read
     * once more behind it: a poller that it is just being added to either sees the news by itself, or is told here.
     */
    static void tell(Pollable source, int bits) {
        final Place seen = source.place();
        if (seen == null) {
            VarHandle.fullFence();
        } else {
            seen.ring(bits);
        }
        final Place newest = source.place();
        if (newest != null && newest != seen) {
            newest.ring(bits);
        }
    }

    // ---- Application thread ----

    @Override
    public void add(TcpSocket socket) {
        add(socket, DEFAULT_INTEREST);
    }

    @Override
    public void add(TcpSocket socket, int interest) {
        if (!(socket instanceof QueuedSocket queued)) {
            throw new IllegalArgumentException(
                    "a poller takes sockets without handler only: this one's handler is called by the engine");
        }
        put(queued, interest);
    }

    @Override
    public void add(TcpListener newListener, int interest) {
        if (!(newListener instanceof QueuedListener queued)) {
            throw new IllegalArgumentException("a poller takes listeners of an engine only");
        }
        put(queued, interest);
    }

    private void put(Pollable source, int interest) {
        final Place old = source.place();
        if (old != null && old.poller != this) {
            throw new IllegalStateException("it is in another poller: remove it there first");
        }
        if (old != null) {
            old.interest = interest;
            old.isSpent = false;
            ready.add(old);
            return;
        }
        final Place place = new Place(this, source, interest);
        all.add(place);
        ready.add(place); // looked at in the next poll, whether the engine rings or not
        source.setPlace(place);
        VarHandle.fullFence(); // see tell()
    }

    @Override
    public void remove(TcpSocket socket) {
        if (socket instanceof QueuedSocket queued) {
            takeOut(queued);
        }
    }

    @Override
    public void remove(TcpListener oldListener) {
        if (oldListener instanceof QueuedListener queued) {
            takeOut(queued);
        }
    }

    private void takeOut(Pollable source) {
        final Place place = source.place();
        if (place != null && place.poller == this) {
            place.leave();
        }
    }

    @Override
    public int poll(ReadyHandler handler, int limit) {
        answerBells();
        int count = 0;
        for (int left = ready.size(); left > 0 && count < limit; left--) {
            final Place place = ready.poll();
            final int bits = place.source.readiness() & (place.interest | ALWAYS);
            if (bits == 0) {
                continue; // read or filled meanwhile: the engine rings when that changes
            }
            if ((place.interest & ONE_SHOT) != 0) {
                place.isSpent = true;
            } else if ((place.interest & EDGE) == 0) {
                ready.add(place); // level: looked at again, until it is not ready
            }
            place.source.report(handler, bits);
            count++;
            left = Math.min(left, ready.size() + 1); // the handler may have taken others out
        }
        return count;
    }

    private void answerBells() {
        for (Place place = bells.poll(); place != null; place = bells.poll()) {
            final int news = place.takeNews();
            if (!place.isGone && !place.isSpent && (news & (place.interest | ALWAYS)) != 0) {
                ready.add(place);
            }
        }
        if (bells.takeOverrun()) {
            for (Place place = all.first(); place != null; place = place.next) {
                if (!place.isSpent) {
                    ready.add(place);
                }
            }
        }
    }
}
