package io.spinwire.tcp;

import io.spinwire.ip.AddressPair;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The listening ports of an engine. An exact address goes before all addresses. Engine thread only. Linux: inet_lhash2.
 */
final class Listeners {
    private final Int2ObjectHashMap<Listener> byPort = new Int2ObjectHashMap<>();
    private final List<Listener> all = new ArrayList<>();
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

    /** By {@link Listener#index}; closed ones are found too. */
    Listener get(int index) {
        return all.get(index);
    }

    int nextIndex() {
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
        all.add(listener);
        listener.next = byPort.get(listener.port);
        byPort.put(listener.port, listener);
    }

    void remove(Listener listener) {
        if (listener.isClosed) {
            return;
        }
        listener.isClosed = true;
        open--;
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
        for (final Listener listener : all) {
            remove(listener);
        }
    }
}
