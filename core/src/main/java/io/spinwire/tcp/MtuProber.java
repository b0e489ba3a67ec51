package io.spinwire.tcp;

import io.spinwire.api.MtuProbing;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;

/**
 * Finds a path's MTU by trying, where routers say nothing (RFC 4821): now and then one larger segment, whose loss is no
 * sign of congestion; and smaller ones where a path seems to swallow large ones. Beside {@link TcpOutput}, told by
 * recovery and timers; engine thread only. Linux: {@code tcp_mtu_probe()}, {@code tcp_mtu_probing()}.
 */
final class MtuProber {
    /** {@link #probeLength}: no probe, send as usual. */
    static final int NONE = -1;

    /** {@link #probeLength}: a probe will be sent as soon as the window has room; nothing else until then. */
    static final int WAIT = 0;

    private static final int MIN_CWND = 11; // Linux: so that a lost probe brings duplicate ACKs enough

    private final LentQueues queues;
    private final PathMtu pathMtu;
    private final Counters counters;
    private final TcpConfig config;

    MtuProber(LentQueues queues, PathMtu pathMtu, Counters counters, TcpConfig config) {
        this.queues = queues;
        this.pathMtu = pathMtu;
        this.counters = counters;
        this.config = config;
    }

    PathMtu pathMtu() {
        return pathMtu;
    }

    // ---- The beginning ----

    /** The connection is established. Linux: {@code tcp_mtup_init()}. */
    void onEstablished(TcpSock sock, long nowNs) {
        if (config.mtuProbing() == MtuProbing.ALWAYS) {
            begin(sock, nowNs);
            sock.mtuSearch.isApplied = sock.listener == null;
            sock.mss = SegmentSize.current(sock);
        }
    }

    private void begin(TcpSock sock, long nowNs) {
        queues.ensureMtuSearch(sock);
        final MtuSearch search = sock.mtuSearch;
        search.high = largest(sock);
        search.low = Math.min(mtuOf(sock, config.baseMss()), search.high);
        search.probeSize = 0;
        search.beganNs = nowNs;
        search.isApplied = true;
    }

    private static int largest(TcpSock sock) {
        return Math.min(sock.mssClamp + Opening.HEADERS, sock.pathMtu);
    }

    /**
     * Segments were repeated for long in vain: perhaps because they are too large for a path that does not say so. Each
     * further time they become smaller. Linux: {@code tcp_mtu_probing()}.
     */
    void onBlackHole(TcpSock sock, long nowNs) {
        if (config.mtuProbing() == MtuProbing.OFF) {
            return;
        }
        if (sock.mtuSearch == null) {
            begin(sock, nowNs);
        } else {
            final int mss = Math.min(SegmentSize.mssOf(sock, sock.mtuSearch.low) >> 1, config.baseMss());
            sock.mtuSearch.low = mtuOf(sock, Math.max(mss, config.mtuProbeFloor()));
        }
        apply(sock);
    }

    private static void apply(TcpSock sock) {
        sock.mtuSearch.isApplied = true;
        sock.mss = SegmentSize.current(sock);
    }

    // ---- Probes ----

    /**
     * Whether a probe is to be sent now. Linux: {@code tcp_mtu_probe()}.
     *
     * @return bytes of payload, or {@link #WAIT} or {@link #NONE}
     */
    int probeLength(TcpSock sock, long nowNs) {
        final MtuSearch search = sock.mtuSearch;
        if (search.probeSize != 0
                || sock.congestionState != CongestionState.OPEN
                || sock.congestion.cwnd < MIN_CWND
                || sock.sackCount() > 0) {
            return NONE;
        }
        search.high = Math.min(search.high, largest(sock));
        if (search.high - search.low < config.mtuProbeThreshold()) {
            searchAgain(sock, nowNs);
            return NONE;
        }
        final int length = SegmentSize.mssOf(sock, search.high + search.low >> 1);
        final int needed = length + (sock.reordering + 1) * sock.mss; // a lost probe is found by those that follow it
        if (sock.writeSeq - sock.sndNxt < needed || sock.sndWnd < needed) {
            return NONE;
        }
        if (sock.sndWindowEnd() - sock.sndNxt < needed) {
            return WAIT;
        }
        if (sock.inFlight() + 2 > sock.congestion.cwnd) {
            return sock.inFlight() == 0 ? NONE : WAIT;
        }
        return length;
    }

    /** What was found holds for a time only. Linux: {@code tcp_mtu_check_reprobe()}. */
    private void searchAgain(TcpSock sock, long nowNs) {
        final MtuSearch search = sock.mtuSearch;
        if (nowNs - search.beganNs >= config.mtuProbeIntervalNs()) {
            search.low = mtuOf(sock, sock.mss);
            search.high = largest(sock);
            search.beganNs = nowNs;
        }
    }

    /** The probe has left, as two segments' worth of the window. */
    static void onSent(TcpSock sock, int length) {
        final MtuSearch search = sock.mtuSearch;
        sock.congestion.cwnd--;
        search.probeSize = mtuOf(sock, length);
        search.probeSeq = sock.sndNxt - length;
        search.probeEndSeq = sock.sndNxt;
    }

    // ---- What becomes of them ----

    /** sndUna has moved: perhaps the probe has arrived. Linux: {@code tcp_mtup_probe_success()}. */
    void onProgress(TcpSock sock) {
        final MtuSearch search = sock.mtuSearch;
        if (search.probeSize == 0 || sock.sndUna - search.probeEndSeq < 0) {
            return;
        }
        final long bytes = (long) sock.congestion.cwnd * mtuOf(sock, sock.mss);
        sock.congestion.cwnd = (int) Math.max(bytes / search.probeSize, 1);
        sock.congestion.cwndCount = 0;
        sock.congestion.ssthresh = Reduction.currentSsthresh(sock);
        search.low = search.probeSize;
        search.probeSize = 0;
        apply(sock);
        counters.increment(Counter.TcpMTUPSuccess);
    }

    /**
     * Something is lost, and recovery would begin: if it is the probe, it was too large, and the window stays. Linux:
     * {@code tcp_mtup_probe_failed()}.
     *
     * @return whether it was the probe
     */
    boolean onLoss(TcpSock sock, long nowNs) {
        final MtuSearch search = sock.mtuSearch;
        if (search == null || search.probeSize == 0 || sock.sndUna != search.probeSeq) {
            return false;
        }
        search.high = search.probeSize - 1;
        search.probeSize = 0;
        sock.congestion.cwnd++;
        counters.increment(Counter.TcpMTUPFail);
        LossMarks.markLost(sock, 0);
        pathMtu.simpleRetransmit(sock, nowNs);
        return true;
    }

    /** Something is sent again, for whatever reason: what becomes of the probe says nothing any more. */
    static void onRetransmit(TcpSock sock) {
        if (sock.mtuSearch != null) {
            sock.mtuSearch.probeSize = 0;
        }
    }

    /** Datagram of a segment with this payload. Linux: {@code tcp_mss_to_mtu()}. */
    static int mtuOf(TcpSock sock, int mss) {
        return mss + SegmentSize.optionsLength(sock) + Opening.HEADERS;
    }
}
