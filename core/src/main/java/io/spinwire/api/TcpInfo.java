package io.spinwire.api;

/**
 * A connection's figures, named and measured as in Linux's {@code struct tcp_info}; filled in place by
 * {@link TcpSocket#info}. Times ending in {@code Us} are microseconds, the {@code last} ones milliseconds; windows are
 * in segments where Linux has them so.
 */
public final class TcpInfo {
    public TcpState state = TcpState.CLOSED;

    /** Retransmissions of the segment at sndUna since it was last acknowledged. Linux: tcpi_retransmits. */
    public int retransmits;

    /** Zero-window or keepalive probes without an answer. Linux: tcpi_probes. */
    public int probes;

    /** Exponential back-off of the retransmission timer, as a power of two. Linux: tcpi_backoff. */
    public int backoff;

    public boolean timestamps;

    /** Those that we send tick in microseconds. Linux: TCPI_OPT_USEC_TS. */
    public boolean timestampsInMicros;

    /** Both sides permitted selective acknowledgment. Linux: TCPI_OPT_SACK. */
    public boolean sack;

    public int sndWscale;
    public int rcvWscale;

    /** Retransmission timeout, back-off included. Linux: tcpi_rto. */
    public int rtoUs;

    /** Delayed-ACK timeout. Linux: tcpi_ato. */
    public int atoUs;

    public int sndMss;
    public int rcvMss;
    public int advMss;

    /** Segments in flight. Linux: tcpi_unacked. */
    public int unacked;

    /** Segments retransmitted and not yet acknowledged. Linux: tcpi_retrans. */
    public int retrans;

    /** Segments reported by SACK; without SACK, duplicate ACKs. Linux: tcpi_sacked. */
    public int sacked;

    /** Segments thought lost. Linux: tcpi_lost. */
    public int lost;

    public int lastDataSentMs;
    public int lastDataRecvMs;
    public int lastAckRecvMs;

    /** Path MTU in bytes. Linux: tcpi_pmtu. */
    public int pmtu;

    /** Smoothed round-trip time. Linux: tcpi_rtt. */
    public int rttUs;

    /** Its mean deviation. Linux: tcpi_rttvar. */
    public int rttVarUs;

    /** Least round-trip time seen; 0 before the first, where Linux has its largest number. Linux: tcpi_min_rtt. */
    public int minRttUs;

    /** In segments. */
    public int sndSsthresh;

    /** In segments. */
    public int sndCwnd;

    /** Duplicate ACKs tolerated as reordering. Linux: tcpi_reordering. */
    public int reordering;

    /** Times that reordering was seen. Linux: tcpi_reord_seen. */
    public int reordSeen;

    /** Segments that the peer reported as duplicates. Linux: tcpi_dsack_dups. */
    public int dsackDups;

    /** Retransmissions over the life of the connection. Linux: tcpi_total_retrans. */
    public int totalRetrans;

    /**
     * Bytes of the stream that the peer has acknowledged; Linux counts a SYN and a FIN too. Linux: tcpi_bytes_acked.
     */
    public long bytesAcked;

    public long bytesReceived;
    public long bytesSent;
    public long bytesRetrans;
    public int segsOut;
    public int segsIn;
    public int dataSegsIn;
    public int dataSegsOut;

    /** Bytes offered and not yet sent. Linux: tcpi_notsent_bytes. */
    public int notsentBytes;

    /** Peer's window in bytes. Linux: tcpi_snd_wnd. */
    public int sndWnd;

    /** Window offered to the peer last, in bytes. Linux: tcpi_rcv_wnd. */
    public int rcvWnd;

    /** Segments received out of order. Linux: tcpi_rcv_ooopack. */
    public int rcvOooPack;

    /** Both sides sent a window scale. */
    public boolean windowScaling;

    /** ECN was agreed on. Linux: TCPI_OPT_ECN. */
    public boolean ecn;

    /** A segment came that could have been marked. Linux: TCPI_OPT_ECN_SEEN. */
    public boolean ecnSeen;

    /** Data in our SYN was acknowledged, or taken from the peer's. Linux: TCPI_OPT_SYN_DATA. */
    public boolean synData;

    /**
     * Why our SYN brought no data, or in vain: 1 there was no cookie, 2 it was not acknowledged, 3 the SYN was
     * repeated; 0 for neither. Linux: tcpi_fastopen_client_fail.
     */
    public int fastOpenClientFail;

    /** Where recovery stands: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss. Linux: tcpi_ca_state. */
    public int caState;

    /** Largest window that is offered now, in bytes. Linux: tcpi_rcv_ssthresh. */
    public int rcvSsthresh;

    /** Round-trip time as the receiver estimates it; 0 before. Linux: tcpi_rcv_rtt. */
    public int rcvRttUs;

    /** Bytes that the application reads in a round trip. Linux: tcpi_rcv_space. */
    public int rcvSpace;

    /**
     * Rate at which the window is, or would be, spaced, bytes a second; 0 before a round trip was measured. Linux:
     * tcpi_pacing_rate.
     */
    public long pacingRate;

    /** Its limit, {@link Long#MAX_VALUE} for none. Linux: tcpi_max_pacing_rate. */
    public long maxPacingRate;

    /** Newest rate at which segments reached the peer, bytes a second. Linux: tcpi_delivery_rate. */
    public long deliveryRate;

    /** It was measured while the application gave too little. Linux: tcpi_delivery_rate_app_limited. */
    public boolean deliveryRateAppLimited;

    /** Time in which something was unsent or unacknowledged. Linux: tcpi_busy_time. */
    public long busyTimeUs;

    /** Part of it in which the peer's window held back. Linux: tcpi_rwnd_limited. */
    public long rwndLimitedUs;

    /** Part of it in which the send buffer was too small. Linux: tcpi_sndbuf_limited. */
    public long sndbufLimitedUs;

    /** Segments that the peer has got, the SYN included. Linux: tcpi_delivered. */
    public int delivered;

    /** Those that were marked on the way. Linux: tcpi_delivered_ce. */
    public int deliveredCe;

    /** Retransmission timeouts. Linux: tcpi_total_rto. */
    public int totalRto;

    /** Times that a run of them began. Linux: tcpi_total_rto_recoveries. */
    public int totalRtoRecoveries;

    /** Time spent in such runs. Linux: tcpi_total_rto_time. */
    public int totalRtoTimeMs;

    /** Takes over all figures of another. */
    public void set(TcpInfo other) {
        state = other.state;
        retransmits = other.retransmits;
        probes = other.probes;
        backoff = other.backoff;
        timestamps = other.timestamps;
        timestampsInMicros = other.timestampsInMicros;
        sack = other.sack;
        sndWscale = other.sndWscale;
        rcvWscale = other.rcvWscale;
        rtoUs = other.rtoUs;
        atoUs = other.atoUs;
        sndMss = other.sndMss;
        rcvMss = other.rcvMss;
        advMss = other.advMss;
        unacked = other.unacked;
        retrans = other.retrans;
        sacked = other.sacked;
        lost = other.lost;
        lastDataSentMs = other.lastDataSentMs;
        lastDataRecvMs = other.lastDataRecvMs;
        lastAckRecvMs = other.lastAckRecvMs;
        pmtu = other.pmtu;
        rttUs = other.rttUs;
        rttVarUs = other.rttVarUs;
        minRttUs = other.minRttUs;
        sndSsthresh = other.sndSsthresh;
        sndCwnd = other.sndCwnd;
        reordering = other.reordering;
        reordSeen = other.reordSeen;
        dsackDups = other.dsackDups;
        totalRetrans = other.totalRetrans;
        bytesAcked = other.bytesAcked;
        bytesReceived = other.bytesReceived;
        bytesSent = other.bytesSent;
        bytesRetrans = other.bytesRetrans;
        segsOut = other.segsOut;
        segsIn = other.segsIn;
        dataSegsIn = other.dataSegsIn;
        dataSegsOut = other.dataSegsOut;
        notsentBytes = other.notsentBytes;
        sndWnd = other.sndWnd;
        rcvWnd = other.rcvWnd;
        rcvOooPack = other.rcvOooPack;
        setMore(other);
    }

    private void setMore(TcpInfo other) {
        windowScaling = other.windowScaling;
        ecn = other.ecn;
        ecnSeen = other.ecnSeen;
        synData = other.synData;
        fastOpenClientFail = other.fastOpenClientFail;
        caState = other.caState;
        rcvSsthresh = other.rcvSsthresh;
        rcvRttUs = other.rcvRttUs;
        rcvSpace = other.rcvSpace;
        pacingRate = other.pacingRate;
        maxPacingRate = other.maxPacingRate;
        deliveryRate = other.deliveryRate;
        deliveryRateAppLimited = other.deliveryRateAppLimited;
        busyTimeUs = other.busyTimeUs;
        rwndLimitedUs = other.rwndLimitedUs;
        sndbufLimitedUs = other.sndbufLimitedUs;
        delivered = other.delivered;
        deliveredCe = other.deliveredCe;
        totalRto = other.totalRto;
        totalRtoRecoveries = other.totalRtoRecoveries;
        totalRtoTimeMs = other.totalRtoTimeMs;
    }
}
