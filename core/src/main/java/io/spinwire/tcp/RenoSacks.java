package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;

/**
 * Where the peer does not do SACK: each duplicate ACK says that one segment has left the network, and which one is a
 * guess. RFC 5681 and 6582. Engine thread only. Linux: {@code tcp_add_reno_sack()} and its neighbours.
 */
final class RenoSacks {
    private final int maxReordering;
    private final Counters counters;

    RenoSacks(int maxReordering, Counters counters) {
        this.maxReordering = maxReordering;
        this.counters = counters;
    }

    /** Duplicate ACKs have come. */
    void add(TcpSock sock, int dupAcks) {
        if (dupAcks == 0) {
            return;
        }
        final int prior = sock.sackedOut;
        sock.sackedOut += dupAcks;
        checkReordering(sock, 0);
        sock.delivered += Math.max(sock.sackedOut - prior, 0);
    }

    /** An ACK of {@code acked} segments: one of them filled the hole, the others had been counted. */
    void remove(TcpSock sock, int acked) {
        if (acked > 0) {
            sock.delivered += Math.max(acked - sock.sackedOut, 1);
            sock.sackedOut -= Math.min(acked - 1, sock.sackedOut);
        }
        checkReordering(sock, acked);
    }

    /** There cannot be more duplicates than segments behind the hole: those were reordered. */
    private void checkReordering(TcpSock sock, int acked) {
        if (limit(sock)) {
            sock.reordering = Math.min(sock.packetsOut + acked, maxReordering);
            sock.reordSeen++;
            counters.increment(Counter.TcpRenoReorder);
        }
    }

    /** Linux: {@code tcp_limit_reno_sacked()}. */
    static boolean limit(TcpSock sock) {
        final int holes = Math.min(Math.max(sock.lostOut, 1), sock.packetsOut);
        if (sock.sackedOut + holes <= sock.packetsOut) {
            return false;
        }
        sock.sackedOut = sock.packetsOut - holes;
        return true;
    }

    static void reset(TcpSock sock) {
        sock.sackedOut = 0;
    }

    /**
     * RFC 6582 section 3.2: the third duplicate, and each partial ACK after it. Linux: {@code tcp_newreno_mark_lost()}.
     */
    static void markLost(TcpSock sock, boolean hasProgress) {
        final CongestionState state = sock.congestionState;
        final boolean isFirst =
                state.ordinal() < CongestionState.RECOVERY.ordinal() && sock.sackedOut >= sock.reordering;
        final boolean isPartial = state == CongestionState.RECOVERY && hasProgress;
        if ((isFirst || isPartial) && (sock.rtxQueue.flags(0) & RtxQueue.LOST) == 0) {
            LossMarks.markLost(sock, 0);
            limit(sock);
        }
    }
}
