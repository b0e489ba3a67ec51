package io.spinwire.api;

import java.util.List;

/**
 * Settings of TCP for one engine: what Linux takes from its sysctls, with Linux's defaults. Immutable; built by
 * {@link #builder()}, which refuses values out of range. Per-socket settings are in {@link SocketOptions}.
 */
public final class TcpConfig {
    /** Least segment size accepted from a peer. Linux: TCP_MIN_MSS. */
    public static final int MIN_MSS = 88;

    /** Largest segment that IPv4 can carry without options. */
    public static final int MAX_MSS = 65495;

    /** Smallest buffer of a socket, bytes. */
    static final int MIN_BUFFER = 1024;

    /** Largest buffer of a socket, bytes: the engine's memory is lent in blocks of 64 MiB at most. */
    public static final int MAX_BUFFER = 1 << 26;

    /** Names that a congestion control may have. */
    public static final List<String> CONGESTION_CONTROLS = List.of("reno", "cubic", "dctcp", "bbr");

    /** All of Linux's defaults. */
    public static final TcpConfig DEFAULTS = builder().build();

    private final TcpConfigValues values;

    TcpConfig(TcpConfigValues values) {
        this.values = values;
    }

    public static TcpConfigBuilder builder() {
        return new TcpConfigBuilder();
    }

    /** RFC 7323 timestamps offered and accepted. Linux: tcp_timestamps. */
    public boolean timestamps() {
        return values.timestamps;
    }

    /**
     * Timestamps tick in microseconds instead of milliseconds, but for connections that a SYN cookie has opened. Linux:
     * the route feature tcp_usec_ts.
     */
    public boolean timestampsInMicros() {
        return values.timestampsInMicros;
    }

    /** RFC 7323 window scaling offered and accepted. Linux: tcp_window_scaling. */
    public boolean windowScaling() {
        return values.windowScaling;
    }

    /** RFC 2018 selective acknowledgments offered and accepted. Linux: tcp_sack. */
    public boolean sack() {
        return values.sack;
    }

    /** RFC 2883 duplicates reported in selective acknowledgments. Linux: tcp_dsack. */
    public boolean dsack() {
        return values.dsack;
    }

    /** RFC 3168 explicit congestion notification. Linux: tcp_ecn. */
    public EcnMode ecn() {
        return values.ecn;
    }

    /** A SYN that asked for ECN and got no answer is sent again without. Linux: tcp_ecn_fallback. */
    public boolean ecnFallback() {
        return values.ecnFallback;
    }

    /** Least receive buffer, kept also when memory is short, bytes. Linux: tcp_rmem[0]. */
    public int receiveBufferMin() {
        return values.receiveBufferMin;
    }

    /** Receive buffer of a new socket, bytes; half of it is offered as window, as Linux does. Linux: tcp_rmem[1]. */
    public int receiveBuffer() {
        return values.receiveBuffer;
    }

    /** Largest receive buffer, bytes; sets the window scale offered. Linux: tcp_rmem[2]. */
    public int receiveBufferMax() {
        return values.receiveBufferMax;
    }

    /** The receive buffer grows with what the application reads in a round trip. Linux: tcp_moderate_rcvbuf. */
    public boolean receiveAutoTuning() {
        return values.receiveAutoTuning;
    }

    /** Least send buffer, bytes. Linux: tcp_wmem[0]. */
    public int sendBufferMin() {
        return values.sendBufferMin;
    }

    /** Send buffer of a new socket, bytes. Linux: tcp_wmem[1]. */
    public int sendBuffer() {
        return values.sendBuffer;
    }

    /** Largest send buffer, bytes. Linux: tcp_wmem[2]. */
    public int sendBufferMax() {
        return values.sendBufferMax;
    }

    /** Bytes not sent yet above which a socket is not writable. Linux: tcp_notsent_lowat. */
    public int notSentLowat() {
        return values.notSentLowat;
    }

    /** Initial congestion window in segments, RFC 6928. Linux: TCP_INIT_CWND. */
    public int initialWindow() {
        return values.initialWindow;
    }

    /** Duplicate ACKs taken as reordering before a segment is thought lost. Linux: tcp_reordering. */
    public int reordering() {
        return values.reordering;
    }

    /** The reordering threshold grows to this at the most, in segments. Linux: tcp_max_reordering. */
    public int maxReordering() {
        return values.maxReordering;
    }

    /** RFC 8985: loss is told by the time at which segments were sent. Linux: tcp_recovery. */
    public boolean rack() {
        return values.rack;
    }

    /** RFC 8985: a tail loss probe is sent before the timeout. Linux: tcp_early_retrans. */
    public boolean tlp() {
        return values.tlp;
    }

    /** RFC 5682: a timeout that was not needed is found out. Linux: tcp_frto. */
    public boolean frto() {
        return values.frto;
    }

    /** Congestion window restarts after an idle RTO, RFC 2861. Linux: tcp_slow_start_after_idle. */
    public boolean slowStartAfterIdle() {
        return values.slowStartAfterIdle;
    }

    /** Congestion control of sockets that name none. Linux: tcp_congestion_control. */
    public String congestionControl() {
        return values.congestionControl;
    }

    /** When CUBIC leaves slow start before a loss. Linux: tcp_cubic's hystart. */
    public HystartMode hystart() {
        return values.hystart;
    }

    /**
     * Every socket spreads its segments over the round trip, not only those whose congestion control asks for it.
     * Linux: the fq qdisc, SO_MAX_PACING_RATE.
     */
    public boolean pacing() {
        return values.pacing;
    }

    /** Pacing rate in slow start, percent of cwnd a round trip. Linux: tcp_pacing_ss_ratio. */
    public int pacingSlowStartPercent() {
        return values.pacingSlowStartPercent;
    }

    /** Pacing rate in congestion avoidance, percent of cwnd a round trip. Linux: tcp_pacing_ca_ratio. */
    public int pacingAvoidancePercent() {
        return values.pacingAvoidancePercent;
    }

    /** Retransmission timeout before the first measurement, RFC 6298. Linux: TCP_TIMEOUT_INIT. */
    public long initialRtoNs() {
        return values.initialRtoNs;
    }

    /** Least retransmission timeout. Linux: TCP_RTO_MIN. */
    public long minRtoNs() {
        return values.minRtoNs;
    }

    /** Largest retransmission timeout. Linux: TCP_RTO_MAX. */
    public long maxRtoNs() {
        return values.maxRtoNs;
    }

    /** Least delay of an ACK. Linux: TCP_DELACK_MIN. */
    public long minDelayedAckNs() {
        return values.minDelayedAckNs;
    }

    /** Largest delay of an ACK. Linux: TCP_DELACK_MAX. */
    public long maxDelayedAckNs() {
        return values.maxDelayedAckNs;
    }

    /** Segments acknowledged at once at the start. Linux: TCP_MAX_QUICKACKS. */
    public int quickAckSegments() {
        return values.quickAckSegments;
    }

    /** Time for which a round trip counts as the least one. Linux: tcp_min_rtt_wlen. */
    public long minRttWindowNs() {
        return values.minRttWindowNs;
    }

    /** Retries of a SYN besides the linear ones. Linux: tcp_syn_retries. */
    public int synRetries() {
        return values.synRetries;
    }

    /** Further SYN retries at constant intervals before back-off. Linux: tcp_syn_linear_timeouts. */
    public int synLinearTimeouts() {
        return values.synLinearTimeouts;
    }

    /** Retries of a SYN-ACK. Linux: tcp_synack_retries. */
    public int synAckRetries() {
        return values.synAckRetries;
    }

    /**
     * Retransmissions before the path itself is doubted: with MTU probing a black hole is looked for. Linux:
     * tcp_retries1.
     */
    public int retriesBeforeDoubt() {
        return values.retriesBeforeDoubt;
    }

    /** Retransmissions of data before the connection is given up. Linux: tcp_retries2. */
    public int retries() {
        return values.retries;
    }

    /** The same after close. Linux: tcp_orphan_retries. */
    public int orphanRetries() {
        return values.orphanRetries;
    }

    /** Connections closed by their application and not over yet; one more is reset. Linux: tcp_max_orphans. */
    public int maxOrphans() {
        return values.maxOrphans;
    }

    /** Idle time before keepalive probes. Linux: tcp_keepalive_time. */
    public long keepAliveIdleNs() {
        return values.keepAliveIdleNs;
    }

    /** Time between keepalive probes. Linux: tcp_keepalive_intvl. */
    public long keepAliveIntervalNs() {
        return values.keepAliveIntervalNs;
    }

    /** Keepalive probes before the connection is given up. Linux: tcp_keepalive_probes. */
    public int keepAliveCount() {
        return values.keepAliveCount;
    }

    /** Time in FIN_WAIT_2 after close. Linux: tcp_fin_timeout. */
    public long finTimeoutNs() {
        return values.finTimeoutNs;
    }

    /** Time in TIME_WAIT. Linux: TCP_TIMEWAIT_LEN. */
    public long timeWaitNs() {
        return values.timeWaitNs;
    }

    /** Connections in TIME_WAIT at once; one more is closed without. Linux: tcp_max_tw_buckets. */
    public int maxTimeWait() {
        return values.maxTimeWait;
    }

    /** Connects may take over a port in TIME_WAIT where timestamps keep it safe. Linux: tcp_tw_reuse. */
    public TimeWaitReuse timeWaitReuse() {
        return values.timeWaitReuse;
    }

    /** Time in TIME_WAIT before that. Linux: tcp_tw_reuse_delay. */
    public long timeWaitReuseDelayNs() {
        return values.timeWaitReuseDelayNs;
    }

    /** Resets do not end TIME_WAIT, RFC 1337. Linux: tcp_rfc1337. */
    public boolean rfc1337() {
        return values.rfc1337;
    }

    /**
     * What was learnt about a path is kept for the next connection to the same host. Linux: tcp_no_metrics_save,
     * inverted.
     */
    public boolean pathMetrics() {
        return values.pathMetrics;
    }

    /** The slow start threshold is kept as well. Linux: tcp_no_ssthresh_metrics_save, inverted. */
    public boolean pathSsthresh() {
        return values.pathSsthresh;
    }

    /** Hosts about which it is kept. Linux: tcp_metrics_hash_entries. */
    public int maxPathMetrics() {
        return values.maxPathMetrics;
    }

    /**
     * RFC 1191: datagrams may not be fragmented, and routers' answers lower the segment size. Linux: ip_no_pmtu_disc,
     * inverted.
     */
    public boolean pathMtuDiscovery() {
        return values.pathMtuDiscovery;
    }

    /** RFC 4821: the path MTU is found by trying. Linux: tcp_mtu_probing. */
    public MtuProbing mtuProbing() {
        return values.mtuProbing;
    }

    /** Segment size at which the search begins. Linux: tcp_base_mss. */
    public int baseMss() {
        return values.baseMss;
    }

    /** Least segment size that a black hole may lead to. Linux: tcp_mtu_probe_floor. */
    public int mtuProbeFloor() {
        return values.mtuProbeFloor;
    }

    /** The search ends when it is this close, bytes. Linux: tcp_probe_threshold. */
    public int mtuProbeThreshold() {
        return values.mtuProbeThreshold;
    }

    /** Time before a found MTU is put in question again. Linux: tcp_probe_interval. */
    public long mtuProbeIntervalNs() {
        return values.mtuProbeIntervalNs;
    }

    /** Connection requests waiting for their third segment, all listeners together. Linux: tcp_max_syn_backlog. */
    public int maxRequests() {
        return values.maxRequests;
    }

    /** RFC 4987: connections opened without keeping a request. Linux: tcp_syncookies. */
    public SynCookieMode synCookies() {
        return values.synCookies;
    }

    /**
     * A connection for which the accept queue has no room is reset instead of left to retry. Linux:
     * tcp_abort_on_overflow.
     */
    public boolean abortOnOverflow() {
        return values.abortOnOverflow;
    }

    /** RFC 7413: sockets with the fastOpen option send data in their SYN. Linux: tcp_fastopen, 0x1. */
    public boolean fastOpenClient() {
        return values.fastOpenClient;
    }

    /** RFC 7413: listeners with a fastOpenQueue take data in a SYN. Linux: tcp_fastopen, 0x2. */
    public boolean fastOpenServer() {
        return values.fastOpenServer;
    }

    /** Data in a SYN is sent and taken without a cookie: for closed networks. Linux: tcp_fastopen, 0x4 and 0x200. */
    public boolean fastOpenWithoutCookie() {
        return values.fastOpenWithoutCookie;
    }

    /**
     * Where data in a SYN seems to be swallowed, none is sent for so long, and twice as long each further time; 0 for
     * off. Linux: tcp_fastopen_blackhole_timeout_sec.
     */
    public long fastOpenBlackHoleTimeoutNs() {
        return values.fastOpenBlackHoleTimeoutNs;
    }

    /**
     * Least time between challenge ACKs, and between answers to out-of-window segments, of one socket. Linux:
     * tcp_invalid_ratelimit.
     */
    public long invalidRateLimitNs() {
        return values.invalidRateLimitNs;
    }
}
