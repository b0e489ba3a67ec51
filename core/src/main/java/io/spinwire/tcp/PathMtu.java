package io.spinwire.tcp;

import io.spinwire.api.PathMtuMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;

/**
 * Path MTU discovery (RFC 1191): segments follow what routers say of the path, at once where that is less, so that what
 * was too large is sent again smaller, and after ten minutes where it may have become more. Beside {@link TcpOutput};
 * engine thread only. Linux: {@code tcp_sync_mss()}, {@code tcp_v4_mtu_reduced()}, {@code tcp_simple_retransmit()}.
 */
final class PathMtu {
    private final IpOutput ip;
    private final CongestionSignals congestion;
    private final OutputList pending;
    private final Counters counters;
    private final boolean isOn;

    PathMtu(IpOutput ip, CongestionSignals congestion, OutputList pending, Counters counters, TcpConfig config) {
        this.ip = ip;
        this.congestion = congestion;
        this.pending = pending;
        this.counters = counters;
        isOn = config.pathMtuDiscovery();
    }

    /** The socket's way is chosen, and its options are set. */
    void init(TcpSock sock) {
        sock.pathMtuGeneration = (short) ip.pathMtuGeneration();
        sock.pathMtu = (char) ip.pathMtu(sock.dst, AddressPair.remote(sock.addressPair));
        sock.mayFragment = mayFragment(sock);
    }

    /** The socket's mode may have changed. */
    static void onOptions(TcpSock sock) {
        sock.pathMtuGeneration--; // to be looked up again before the next segment
    }

    /** Before a segment is sent: takes over what another connection, or time, has changed. */
    void check(TcpSock sock) {
        if (sock.pathMtuGeneration != (short) ip.pathMtuGeneration()) {
            init(sock);
            if (sock.mtuSearch != null) {
                sock.mtuSearch.isApplied = true;
            }
            sock.mss = SegmentSize.current(sock);
        }
    }

    /** Linux: {@code ip_dont_fragment()}. */
    private boolean mayFragment(TcpSock sock) {
        return switch (mode(sock)) {
            case DO -> false;
            case WANT -> ip.isPathMtuLocked(AddressPair.remote(sock.addressPair));
            case DONT, PROBE -> true;
        };
    }

    private PathMtuMode mode(TcpSock sock) {
        final PathMtuMode mode = sock.options.pathMtuMode();
        return mode == PathMtuMode.WANT && !isOn ? PathMtuMode.DONT : mode;
    }

    /**
     * A router could not pass on a segment in flight. Linux: {@code tcp_v4_mtu_reduced()}.
     *
     * @param mtu of its next link, or 0 if it did not say
     */
    void onFragmentationNeeded(TcpSock sock, int mtu, long nowNs) {
        ip.learnPathMtu(sock.dst, AddressPair.remote(sock.addressPair), isOn ? mtu : 0, nowNs);
        if (mode(sock) == PathMtuMode.DONT) {
            return; // what is in flight was fragmented
        }
        final int prior = sock.pathMtu;
        check(sock);
        if (sock.pathMtu < prior) {
            counters.increment(Counter.TcpPathMtuReductions);
            simpleRetransmit(sock, nowNs);
        }
    }

    /** What is too large now was lost for that reason alone: no matter for congestion control. */
    void simpleRetransmit(TcpSock sock, long nowNs) {
        if (sock.packetsOut == 0 || sock.state == TcpState.SYN_SENT || sock.state == TcpState.SYN_RECEIVED) {
            return;
        }
        for (int i = 0; i < sock.packetsOut; i++) {
            final RtxQueue queue = sock.rtxQueue;
            if (queue.endSeq(i) - queue.seq(i) - ((queue.flags(i) & RtxQueue.FIN) >> 1) > sock.mss) {
                LossMarks.markLost(sock, i);
            }
        }
        if (sock.lostOut == 0) {
            return;
        }
        if (!sock.hasSack) {
            RenoSacks.limit(sock);
        }
        if (sock.congestionState != CongestionState.LOSS) {
            sock.highSeq = sock.sndNxt;
            sock.congestion.ssthresh = Reduction.currentSsthresh(sock);
            sock.priorSsthresh = 0;
            Undo.forbid(sock);
            congestion.setState(sock, CongestionState.LOSS, nowNs);
        }
        sock.rexmit = Retransmit.LOST;
        pending.add(sock);
    }
}
