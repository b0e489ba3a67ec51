package io.spinwire.tcp;

import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Chooses local ports for connects: RFC 6056 algorithm 3, a hash of the destination and a counter. Engine thread only.
 */
final class LocalPorts {
    static final int NONE = -1;

    private final TcpTable table;
    private final Listeners listeners;
    private final TimeWaitTable timeWait;
    private final IpOutput ip;
    private final SecretHash hash;
    private final Counters counters;
    private final int first;
    private final int count;
    private int next;

    LocalPorts(Taken taken, IpOutput ip, SecretHash hash, Counters counters, int first, int last) {
        table = taken.table();
        listeners = taken.listeners();
        timeWait = taken.timeWait();
        this.ip = ip;
        this.hash = hash;
        this.counters = counters;
        this.first = first;
        count = last - first + 1;
    }

    /** Where ports in use are found. */
    record Taken(TcpTable table, Listeners listeners, TimeWaitTable timeWait) {}

    /**
     * A port from which no connection to this destination exists, or only one in TIME_WAIT that may be taken over.
     *
     * @param dst the way there
     * @param wanted by the application, or 0
     * @return the port, or {@link #NONE}, which is counted
     */
    int choose(long addressPair, long dst, int wanted, int remotePort, long nowNs) {
        if (wanted != 0) {
            final int handle = table.find(addressPair, wanted << 16 | remotePort);
            return isUsable(handle, true, false, nowNs) ? wanted : none();
        }
        final boolean isLocal = ip.isLocal(dst);
        final int offset = hash.portOffset(addressPair, remotePort);
        for (int i = 0; i < count; i++) {
            final int port = first + Math.floorMod(offset + next++, count);
            final int handle = table.find(addressPair, port << 16 | remotePort);
            if (isUsable(handle, false, isLocal, nowNs) && !listeners.isTaken(port)) {
                return port;
            }
        }
        return none();
    }

    private boolean isUsable(int handle, boolean isWanted, boolean isLocal, long nowNs) {
        return handle == TcpTable.NOT_FOUND
                || TcpTable.kind(handle) == TcpTable.KIND_TIME_WAIT
                        && timeWait.isReusable(TcpTable.index(handle), isWanted, isLocal, nowNs);
    }

    /** If the port chosen is that of a connection in TIME_WAIT, the socket goes on where that one ended. */
    boolean takeOver(TcpSock sock) {
        final int handle = table.find(sock.addressPair, sock.ports);
        if (handle == TcpTable.NOT_FOUND) {
            return false;
        }
        timeWait.takeOver(TcpTable.index(handle), sock);
        return true;
    }

    private int none() {
        counters.increment(Counter.TcpPortsExhausted);
        return NONE;
    }
}
