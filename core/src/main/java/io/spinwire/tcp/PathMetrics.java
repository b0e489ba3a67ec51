package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.tcp.cc.CongestionWindow;
import java.util.concurrent.TimeUnit;

/**
 * What a connection learns of its path is kept for the next one to the same host: saved when it ends in order, used
 * when one begins. Engine thread only. Linux: {@code tcp_update_metrics()}, {@code tcp_init_metrics()}.
 */
final class PathMetrics {
    private static final long VALID_NS = TimeUnit.HOURS.toNanos(1); // Linux: TCP_METRICS_TIMEOUT

    /** Where the paths are kept; Fast Open keeps its cookies there too. */
    final PathTable table;

    private final boolean isSaving;
    private final boolean hasSsthresh;
    private final int usualReordering;
    private final long minRtoNs;

    PathMetrics(TcpConfig config) {
        table = new PathTable(config.maxPathMetrics());
        isSaving = config.pathMetrics();
        hasSsthresh = config.pathSsthresh();
        usualReordering = config.reordering();
        minRtoNs = config.minRtoNs();
    }

    // ---- At the beginning ----

    /** The handshake is complete: guesses that are better than the usual ones. False when its RTT is all we know. */
    boolean apply(TcpSock sock, long nowNs) {
        final int path = findValid(sock.addressPair, nowNs);
        if (path == PathTable.NONE) {
            return false;
        }
        final int ssthresh = hasSsthresh ? table.ssthresh(path) : 0;
        if (ssthresh != 0) {
            sock.congestion.ssthresh = ssthresh;
        }
        final int reordering = table.reordering(path);
        if (reordering != 0) {
            sock.reordering = reordering;
        }
        final int rttUs = table.rttUs(path);
        if (rttUs <= sock.srttUs) {
            return false;
        }
        final long rttNs = (rttUs >> 3) * 1000L; // SYNs are small, so theirs may be too little for data
        sock.rtoNs = rttNs + Math.max(2 * rttNs, minRtoNs);
        return true;
    }

    /** Whether a connection with this host has once ended in order. Linux: {@code tcp_peer_is_proven()}. */
    boolean isProven(long addressPair, long nowNs) {
        final int path = findValid(addressPair, nowNs);
        return path != PathTable.NONE && table.rttUs(path) != 0;
    }

    /** A path's record; what it says of times and windows is forgotten when it is too old. */
    private int findValid(long addressPair, long nowNs) {
        final int path = table.find(addressPair);
        if (path != PathTable.NONE && nowNs - table.updatedNs(path) > VALID_NS) {
            table.setRtt(path, 0, 0);
            table.setSsthresh(path, 0);
            table.setCwnd(path, 0);
            table.setReordering(path, 0);
            table.setUpdatedNs(path, nowNs);
        }
        return path;
    }

    // ---- At the end ----

    /** The connection has ended in order. */
    void save(TcpSock sock, long nowNs) {
        if (!isSaving) {
            return;
        }
        if (sock.backoff > 0 || sock.srttUs == 0) {
            final int known = findValid(sock.addressPair, nowNs);
            if (known != PathTable.NONE) {
                table.setRtt(known, 0, table.rttvarUs(known)); // it was not good enough to measure this one
            }
            return;
        }
        final int path = table.findOrAdd(sock.addressPair, nowNs);
        if (path == PathTable.NONE) {
            return;
        }
        findValid(sock.addressPair, nowNs);
        saveRtt(path, sock);
        saveWindow(path, sock);
        final int reordering = table.reordering(path);
        if (reordering < sock.reordering && sock.reordering != usualReordering) {
            table.setReordering(path, sock.reordering);
        }
        table.setUpdatedNs(path, nowNs);
    }

    /** A longer round trip at once, a shorter one step by step: to guess too much is always better. */
    private void saveRtt(int path, TcpSock sock) {
        final int stored = table.rttUs(path);
        final int more = stored - sock.srttUs;
        final int rttUs = more <= 0 ? sock.srttUs : stored - (more >> 3);
        final int deviation = Math.max(Math.abs(more) >> 1, sock.mdevUs);
        final int storedVar = table.rttvarUs(path);
        table.setRtt(path, rttUs, deviation >= storedVar ? deviation : storedVar - (storedVar - deviation >> 2));
    }

    private void saveWindow(int path, TcpSock sock) {
        final CongestionWindow window = sock.congestion;
        final int stored = table.cwnd(path);
        if (window.ssthresh >= CongestionWindow.INFINITE_SSTHRESH) { // still in the first slow start
            if (table.ssthresh(path) != 0) {
                saveSsthresh(path, Math.max(window.cwnd >> 1, table.ssthresh(path)));
            }
            table.setCwnd(path, Math.max(stored, window.cwnd));
        } else if (!window.isSlowStart() && sock.congestionState == CongestionState.OPEN) {
            saveSsthresh(path, Math.max(window.cwnd >> 1, window.ssthresh));
            table.setCwnd(path, stored + window.cwnd >> 1);
        } else { // cut short: cwnd says nothing, and ssthresh little
            table.setCwnd(path, stored + window.ssthresh >> 1);
            if (table.ssthresh(path) != 0) {
                saveSsthresh(path, Math.max(window.ssthresh, table.ssthresh(path)));
            }
        }
    }

    private void saveSsthresh(int path, int segments) {
        if (hasSsthresh) {
            table.setSsthresh(path, segments);
        }
    }
}
