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
    public static final List<String> CONGESTION_CONTROLS = List.of("reno");

    /** All of Linux's defaults. */
    public static final TcpConfig DEFAULTS = builder().build();

    private final TcpConfigBuilder values;

    TcpConfig(TcpConfigBuilder values) {
        this.values = values;
    }

    public static TcpConfigBuilder builder() {
        return new TcpConfigBuilder();
    }

    /** RFC 7323 timestamps offered and accepted. Linux: tcp_timestamps. */
    public boolean timestamps() {
        return values.timestamps;
    }

    /** RFC 7323 window scaling offered and accepted. Linux: tcp_window_scaling. */
    public boolean windowScaling() {
        return values.windowScaling;
    }

    /** Receive buffer of a new socket, bytes; half of it is offered as window, as Linux does. Linux: tcp_rmem[1]. */
    public int receiveBuffer() {
        return values.receiveBuffer;
    }

    /** Largest receive buffer, bytes; sets the window scale offered. Linux: tcp_rmem[2]. */
    public int receiveBufferMax() {
        return values.receiveBufferMax;
    }

    /** Send buffer of a new socket, bytes. Linux: tcp_wmem[1]. */
    public int sendBuffer() {
        return values.sendBuffer;
    }

    /** Largest send buffer, bytes. Linux: tcp_wmem[2]. */
    public int sendBufferMax() {
        return values.sendBufferMax;
    }

    /** Initial congestion window in segments, RFC 6928. Linux: TCP_INIT_CWND. */
    public int initialWindow() {
        return values.initialWindow;
    }

    /** Duplicate ACKs taken as reordering before a segment is thought lost. Linux: tcp_reordering. */
    public int reordering() {
        return values.reordering;
    }

    /** Congestion window restarts after an idle RTO, RFC 2861. Linux: tcp_slow_start_after_idle. */
    public boolean slowStartAfterIdle() {
        return values.slowStartAfterIdle;
    }

    /** Congestion control of sockets that name none. Linux: tcp_congestion_control. */
    public String congestionControl() {
        return values.congestionControl;
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

    /** Retransmissions of data before the connection is given up. Linux: tcp_retries2. */
    public int retries() {
        return values.retries;
    }

    /** The same after close. Linux: tcp_orphan_retries. */
    public int orphanRetries() {
        return values.orphanRetries;
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

    /** Connection requests waiting for their third segment, all listeners together. Linux: tcp_max_syn_backlog. */
    public int maxRequests() {
        return values.maxRequests;
    }

    /**
     * Least time between challenge ACKs, and between answers to out-of-window segments, of one socket. Linux:
     * tcp_invalid_ratelimit.
     */
    public long invalidRateLimitNs() {
        return values.invalidRateLimitNs;
    }
}
