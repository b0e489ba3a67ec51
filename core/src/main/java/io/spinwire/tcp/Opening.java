package io.spinwire.tcp;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;

/**
 * What opening a connection is, whoever began: the first settings of a socket, and the step into ESTABLISHED. Engine
 * thread only. Linux: {@code tcp_init_sock()}, {@code tcp_init_transfer()}.
 */
final class Opening {
    static final int HEADERS = Ipv4.HEADER_LENGTH + TcpHeader.LENGTH;

    private static final int DEFAULT_MSS = 536; // RFC 9293 section 3.7.1, MUST-15
    private static final int MIN_SND_MSS = 48; // whatever the peer asks for; tcp_min_snd_mss

    private static final long FALLBACK_RTO_NS = 3_000_000_000L; // Linux: TCP_TIMEOUT_FALLBACK

    private final IpOutput ip;
    private final AckPolicy ackPolicy;
    private final RttEstimator rtt;
    private final ReceiveWindow receiveWindow;
    private final EcnInput ecn;
    private final CongestionSignals congestion;
    private final PathMtu pathMtu;
    private final PathMetrics paths;
    private final MtuProber prober;
    private final OwedList owed;
    private final SockTimers timers;
    private final TcpConfig config;

    Opening(IpOutput ip, Measures measures, OwedList owed, SockTimers timers, TcpConfig config) {
        this.ip = ip;
        ackPolicy = measures.ackPolicy();
        rtt = measures.rtt();
        receiveWindow = measures.receiveWindow();
        ecn = measures.ecn();
        congestion = measures.congestion();
        prober = measures.prober();
        pathMtu = prober.pathMtu();
        paths = measures.paths();
        this.owed = owed;
        this.timers = timers;
        this.config = config;
    }

    /** Rooms that begin with first guesses. */
    record Measures(
            AckPolicy ackPolicy,
            RttEstimator rtt,
            ReceiveWindow receiveWindow,
            CongestionSignals congestion,
            MtuProber prober,
            EcnInput ecn,
            PathMetrics paths) {}

    /** Segment size to announce: what the path's MTU allows, or less if the user wants so. */
    int advMss(long dst, long addressPair, SocketOptions options) {
        final int mss = ip.pathMtu(dst, AddressPair.remote(addressPair)) - HEADERS;
        return options.mss() == 0 ? mss : Math.min(mss, options.mss());
    }

    /** Upper bound that the user sets on what a peer may announce. */
    static int mssLimit(SocketOptions options) {
        return options.mss() == 0 ? TcpConfig.MAX_MSS : options.mss();
    }

    /** A fresh socket takes its options and way. */
    void init(TcpSock sock, SocketOptions options, long dst, long nowNs) {
        sock.options = options;
        sock.dst = dst;
        pathMtu.init(sock);
        sock.isNoDelay = options.noDelay();
        sock.isCorked = options.cork();
        sock.isQuickAck = options.quickAck();
        sock.advMss = (char) advMss(dst, sock.addressPair, options);
        sock.reordering = config.reordering();
        SendSpace.limit(sock, config);
        sock.congestion.reset(config.initialWindow());
        sock.nextSendNs = nowNs;
        congestion.assign(sock, congestionControl(options), nowNs);
        rtt.init(sock);
    }

    /** ECN bits of a SYN-ACK's datagram: none, unless the congestion control cannot do without. */
    int synAckMark(SocketOptions options) {
        return congestion.needsEcn(congestionControl(options)) ? Ipv4.ECT_0 : 0;
    }

    private String congestionControl(SocketOptions options) {
        return options.congestionControl() == null ? config.congestionControl() : options.congestionControl();
    }

    /** Whether our SYN asks for ECN. */
    void requestEcn(TcpSock sock) {
        ecn.onConnect(sock);
    }

    /** Whether a SYN's request for ECN is agreed to. */
    boolean isEcnAccepted(Segment syn, SocketOptions options) {
        return ecn.isAccepted(syn, congestion.needsEcn(congestionControl(options)));
    }

    /** The first window of a socket, which its peer knows or will be told. */
    void initWindow(TcpSock sock, int window) {
        receiveWindow.init(sock, window);
    }

    /** Before the peer has said anything: so that even an ACK in the middle of the handshake has a window. */
    void guessSegmentSize(TcpSock sock) {
        ackPolicy.init(sock);
    }

    /** The peer's SYN has said how much it takes. RFC 9293 section 3.7.1. */
    static int clampMss(int offered, int limit) {
        final int mss = offered == 0 ? DEFAULT_MSS : Math.max(offered, MIN_SND_MSS);
        return Math.min(mss, limit);
    }

    /** The handshake measured a round trip. */
    void firstRtt(TcpSock sock, long sentNs, long nowNs) {
        rtt.sample(sock, nowNs - sentNs, nowNs - sentNs, false, nowNs);
    }

    /** The same where something was sent twice: the peer's echo says which one it answers. */
    void firstRttByTimestamp(TcpSock sock, Segment segment) {
        if (sock.hasTimestamps && segment.hasTimestamps && segment.tsEcr != 0) {
            final long rttNs = sock.echoRttNs(segment);
            if (rttNs > 0) {
                rtt.sample(sock, rttNs, rttNs, false, segment.receivedNs);
            }
        }
    }

    /** The handshake is complete. */
    void onEstablished(TcpSock sock, long nowNs) {
        sock.state = TcpState.ESTABLISHED;
        begin(sock, nowNs);
        startKeepAlive(sock, nowNs);
    }

    /** The handshake is complete of a socket that is in use already, and may have ended its stream. */
    void onFastOpenEstablished(TcpSock sock, long nowNs) {
        if (sock.state == TcpState.SYN_RECEIVED) {
            sock.state = TcpState.ESTABLISHED;
        }
        if (!sock.isOrphan) {
            startKeepAlive(sock, nowNs);
        }
    }

    private void startKeepAlive(TcpSock sock, long nowNs) {
        if (sock.options.keepAlive()) {
            sock.sockDeadlineNs = Math.min(sock.lingerDeadlineNs, nowNs + keepAliveIdleNs(sock));
            timers.arm(sock);
        }
    }

    /** Data can be sent and received. Linux: {@code tcp_init_transfer()}. */
    void begin(TcpSock sock, long nowNs) {
        sock.mss = SegmentSize.current(sock);
        sock.sndSml = sock.sndNxt;
        sock.pushedSeq = sock.sndNxt;
        sock.cwndUsageSeq = sock.sndNxt;
        sock.cwndStampNs = nowNs;
        sock.congestionState = CongestionState.OPEN;
        RtoRun.end(sock, nowNs);
        sock.retransStampNs = 0;
        sock.congestion.reset(sock.totalRetrans > 1 ? 1 : config.initialWindow()); // RFC 6298 section 5, last paragraph
        if (!paths.apply(sock, nowNs) && sock.srttUs == 0) {
            rtt.fallBack(sock, FALLBACK_RTO_NS); // RFC 6298 section 5.7: the handshake could not be measured
        }
        congestion.init(sock, nowNs);
        prober.onEstablished(sock, nowNs);
        congestion.updatePacing(sock, nowNs);
        sock.lastReceivedNs = nowNs;
        sock.lastDataReceivedNs = nowNs;
        sock.lastSentNs = nowNs;
        ackPolicy.init(sock);
        ReceiveTuning.init(sock, nowNs);
        SendSpace.expand(sock);
        sock.owesConnected = true;
        owed.add(sock);
    }

    long keepAliveIdleNs(TcpSock sock) {
        return sock.options.keepAliveIdleNs() == 0 ? config.keepAliveIdleNs() : sock.options.keepAliveIdleNs();
    }
}
