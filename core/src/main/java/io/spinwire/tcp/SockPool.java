package io.spinwire.tcp;

import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionControls;

/**
 * All sockets of an engine: those in use, those free for reuse, and those that are done and wait for the end of the
 * turn. Grows up to its limit and never shrinks. Also the turn's time, for rooms that are called from applications.
 * Engine thread only.
 */
final class SockPool {
    private final TcpTable table;
    private final Lent lent;
    private final Counters counters;
    private final int limit;
    private TcpSock[] socks = new TcpSock[64];
    private final TcpSock nobodys = new TcpSock(-1);
    private int made;
    private int inUse;
    private final SockFifo free = new SockFifo();
    private final SockFifo retired = new SockFifo();
    private long nowNs;

    SockPool(TcpTable table, Lent lent, Counters counters, int limit) {
        this.table = table;
        this.lent = lent;
        this.counters = counters;
        this.limit = limit;
        nobodys.isOrphan = true; // whoever still reads is to stop
    }

    /** Where a freed socket's belongings go. */
    record Lent(LentQueues queues, CongestionControls controls, SetbackPool setbacks) {}

    /** A fresh socket, or null at the limit, which is counted. */
    TcpSock allocate() {
        TcpSock sock = free.poll();
        if (sock == null) {
            if (made == limit) {
                counters.increment(Counter.TcpSocketsFull);
                return null;
            }
            if (made == socks.length) {
                socks = java.util.Arrays.copyOf(socks, Math.min(2 * made, limit));
            }
            sock = new TcpSock(made);
            socks[made++] = sock;
        }
        inUse++;
        lent.queues().setSockets(inUse);
        return sock;
    }

    /** Gives back a socket that never came into use. */
    void unallocate(TcpSock sock) {
        inUse--;
        lent.queues().setSockets(inUse);
        releaseCongestionControl(sock);
        sock.reset();
        free.add(sock);
    }

    /** What a disconnected socket has instead of a connection; never in use. */
    TcpSock nobodys() {
        return nobodys;
    }

    TcpSock get(int index) {
        return socks[index];
    }

    int made() {
        return made;
    }

    int inUse() {
        return inUse;
    }

    /** Makes the socket found by its addresses and ports. */
    void bind(TcpSock sock) {
        table.put(sock);
    }

    /** The protocol is done with the socket: it is found no more, unless its table entry leads to TIME_WAIT by now. */
    void retire(TcpSock sock) {
        table.remove(sock);
        release(sock);
    }

    /** Has the socket freed at the end of a turn, if the protocol and its application are both done with it. */
    void release(TcpSock sock) {
        final boolean isLetGo = sock.isInline() ? !sock.owesClosed : sock.isOrphan;
        if (sock.isFinished && isLetGo && !sock.isInReapList) {
            sock.isInReapList = true;
            retired.add(sock);
        }
    }

    /** The end of the turn: frees what is done and in no list any more; answers how many. */
    int reap() {
        int count = 0;
        for (int left = retired.size(); left > 0; left--) {
            final TcpSock sock = retired.poll();
            if (sock.isInOutputList || sock.isDeliveryOwed || sock.isStarved) {
                retired.add(sock);
            } else {
                free(sock);
                count++;
            }
        }
        return count;
    }

    private void free(TcpSock sock) {
        lent.queues().releaseAll(sock);
        lent.setbacks().takeBack(sock);
        releaseCongestionControl(sock);
        sock.isInReapList = false;
        if (sock.facade != null) {
            sock.facade.onFreed(sock);
        }
        sock.reset();
        inUse--;
        lent.queues().setSockets(inUse);
        free.add(sock);
    }

    private void releaseCongestionControl(TcpSock sock) {
        if (sock.congestionControl != null) { // one that failed before it began has none
            lent.controls().giveBack(sock.congestionControl);
            sock.congestionControl = null;
        }
    }

    /** Time of the turn. */
    long nowNs() {
        return nowNs;
    }

    void setNowNs(long now) {
        nowNs = now;
    }
}
