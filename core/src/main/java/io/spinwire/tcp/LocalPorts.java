package io.spinwire.tcp;

import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Chooses local ports for connects: RFC 6056 algorithm 3, a hash of the destination and a counter. Engine thread only.
 */
final class LocalPorts {
    static final int NONE = -1;

    private final TcpTable table;
    private final Listeners listeners;
    private final SecretHash hash;
    private final Counters counters;
    private final int first;
    private final int count;
    private int next;

    LocalPorts(TcpTable table, Listeners listeners, SecretHash hash, Counters counters, int first, int last) {
        this.table = table;
        this.listeners = listeners;
        this.hash = hash;
        this.counters = counters;
        this.first = first;
        count = last - first + 1;
    }

    /**
     * A port from which no connection to this destination exists.
     *
     * @param wanted by the application, or 0
     * @return the port, or {@link #NONE}, which is counted
     */
    int choose(long addressPair, int wanted, int remotePort) {
        if (wanted != 0) {
            return isFree(addressPair, wanted, remotePort) ? wanted : none();
        }
        final int offset = hash.portOffset(addressPair, remotePort);
        for (int i = 0; i < count; i++) {
            final int port = first + Math.floorMod(offset + next++, count);
            if (isFree(addressPair, port, remotePort) && !listeners.isTaken(port)) {
                return port;
            }
        }
        return none();
    }

    private boolean isFree(long addressPair, int port, int remotePort) {
        return table.find(addressPair, port << 16 | remotePort) == TcpTable.NOT_FOUND;
    }

    private int none() {
        counters.increment(Counter.TcpPortsExhausted);
        return NONE;
    }
}
