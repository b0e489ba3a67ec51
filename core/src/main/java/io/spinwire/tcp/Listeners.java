package io.spinwire.tcp;

import io.spinwire.ip.AddressPair;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;

/**
 * The listening ports of an engine. An exact address goes before all addresses. Engine thread only. Linux: inet_lhash2.
 */
final class Listeners {
    private final Int2ObjectHashMap<Listener> byPort = new Int2ObjectHashMap<>();
    private final List<Listener> all = new ArrayList<>(); // by index; null where one was forgotten
    private final IntArrayList free = new IntArrayList();
    private final int limit;
    private int open;

    Listeners(int limit) {
        this.limit = limit;
    }

    /** The listener for a segment to this address and port, or null. */
    Listener find(long addressPair, int port) {
        Listener any = null;
        for (Listener listener = byPort.get(port); listener != null; listener = listener.next) {
            if (listener.localAddress == AddressPair.local(addressPair)) {
                return listener;
            }
            if (listener.localAddress == 0) {
                any = listener;
            }
        }
        return any;
    }

    /** Whether somebody listens on this port, on any address. */
    boolean isTaken(int port) {
        return byPort.containsKey(port);
    }

    /** By {@link Listener#index}; closed ones are found too, as long as they have requests. */
    Listener get(int index) {
        return all.get(index);
    }

    int nextIndex() {
        return free.isEmpty() ? all.size() : free.getInt(free.size() - 1);
    }

    /** Places for listeners that exist, taken or not. */
    int places() {
        return all.size();
    }

    /**
     * Adds a listener.
     *
     * @throws IllegalStateException when the port is taken, or there are too many
     */
    void add(Listener listener) {
        for (Listener other = byPort.get(listener.port); other != null; other = other.next) {
            if (other.localAddress == listener.localAddress) {
                throw new IllegalStateException("port " + listener.port
                        + " is listened on already: close that listener, or choose another port");
            }
        }
        if (open == limit) {
            throw new IllegalStateException("all " + limit + " listeners are in use: raise maxListeners");
        }
        open++;
        if (listener.index == all.size()) {
            all.add(listener);
        } else {
            free.removeAt(free.size() - 1);
            all.set(listener.index, listener);
        }
        listener.next = byPort.get(listener.port);
        byPort.put(listener.port, listener);
    }

    /** Ends listening. The listener is forgotten with its last request. */
    void remove(Listener listener) {
        if (listener.isClosed) {
            return;
        }
        listener.isClosed = true;
        open--;
        forgetIfDone(listener);
        unlink(listener);
    }

    /** One handshake less is under way. */
    void onRequestGone(Listener listener) {
        listener.requests--;
        forgetIfDone(listener);
    }

    private void forgetIfDone(Listener listener) {
        if (listener.isClosed && listener.requests == 0) {
            all.set(listener.index, null);
            free.addInt(listener.index);
        }
    }

    private void unlink(Listener listener) {
        final Listener first = byPort.get(listener.port);
        if (first == listener) {
            if (listener.next == null) {
                byPort.remove(listener.port);
            } else {
                byPort.put(listener.port, listener.next);
            }
            return;
        }
        for (Listener before = first; before != null; before = before.next) {
            if (before.next == listener) {
                before.next = listener.next;
                return;
            }
        }
    }

    /** Stops all listening. */
    void removeAll() {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) != null) {
                remove(all.get(i));
            }
        }
    }
}
