package io.spinwire.tcp.cc;

import io.spinwire.nic.SplitMix64;

/**
 * What a congestion control is told: the state of the connection now, and what the ACK in hand has brought. One for
 * each engine, filled in place. Engine thread only. Linux: {@code struct rate_sample} and {@code struct ack_sample}.
 */
public final class AckSample {
    /** No round trip was measured, or no rate. */
    public static final int NONE = -1;

    // ---- The connection now; with every segment only nowNs, sndUna, sndNxt, state, lastSentNs, isPaced and
    // pacingRate for controls that neither own their window nor need ECN ----

    /** When the ACK was received, or else the time of the turn. */
    public long nowNs;

    /** Payload of a full segment. */
    public int mss;

    /** Smoothed round-trip time in us, times 8; 0 before the first. */
    public int srttUs;

    /** Least round-trip time of late, us; 0 before the first. */
    public int minRttUs;

    /** Segments with which a connection begins. */
    public int initialCwnd;

    public int sndUna;
    public int sndNxt;

    /** Segments sent and not acknowledged. */
    public int packetsOut;

    /** Segments in the network. Linux: tcp_packets_in_flight(). */
    public int inFlight;

    public CongestionState state = CongestionState.OPEN;

    /** Segments delivered since the connection began. Linux: tp->delivered. */
    public int delivered;

    /** Those of them that the peer reported with an ECN mark. Linux: tp->delivered_ce. */
    public int deliveredCe;

    /** Segments marked lost since the connection began. Linux: tp->lost. */
    public int lost;

    /** The handshake is over, and it did not agree on ECN. */
    public boolean isEcnRefused;

    /** {@link #delivered} until which the application, not the path, set the pace; 0: it does not. */
    public int appLimited;

    /** When the last segment with data left. Linux: lsndtime. */
    public long lastSentNs;

    /** Segments are spaced in time. Linux: sk_pacing_status. */
    public boolean isPaced;

    /** State of the random numbers. */
    public long seed;

    /** Percent of a window in a round trip at which segments are spaced, below half of ssthresh and above. */
    public int pacingSlowStartPercent;

    public int pacingAvoidancePercent;

    /** Bytes a second; set by a control that owns it. Linux: sk_pacing_rate. */
    public long pacingRate;

    /** No faster than this, bytes a second; {@link Long#MAX_VALUE} for no limit. Linux: sk_max_pacing_rate. */
    public long maxPacingRate;

    // ---- What the ACK brought ----

    /** Segments newly acknowledged. */
    public int acked;

    /** Segments newly acknowledged, or newly reported selectively. Linux: acked_sacked. */
    public int ackedSacked;

    /** Segments newly marked lost. */
    public int losses;

    /** Round trip of a segment that was sent once, us; {@link #NONE} when none was. Linux: rtt_us. */
    public int rttUs;

    /** Segments in flight before the ACK. Linux: prior_in_flight. */
    public int priorInFlight;

    /** The peer reports ECN marks. Linux: FLAG_ECE. */
    public boolean isEce;

    /** The ACK covers a single segment, and the peer has probably waited with it. */
    public boolean isAckDelayed;

    // ---- The rate at which segments have been delivered: {@code rateDelivered} over {@code intervalUs} ----

    /** Segments delivered over {@link #intervalUs}; {@link #NONE} without a measurement. */
    public int rateDelivered;

    /** The longer of the time in which they were sent and in which they were acknowledged, us; {@link #NONE}. */
    public long intervalUs;

    /** ECN marks over the same time. */
    public int rateDeliveredCe;

    /** Segments newly lost over the same time. */
    public int rateLost;

    /** delivered, delivered with a mark, and lost when the newest segment acknowledged was sent. */
    public int priorDelivered;

    public int priorDeliveredCe;
    public int priorLost;

    /** When {@link #priorDelivered} was counted; 0: no segment with a time was acknowledged. */
    public long priorDeliveredNs;

    /** Segments in flight when it was sent, itself included. Linux: tx.in_flight. */
    public int txInFlight;

    /** Time in which what is acknowledged was sent, us. */
    public long sendIntervalUs;

    /** The newest segment acknowledged was sent while the application gave too little. */
    public boolean isAppLimited;

    /** It had been retransmitted. */
    public boolean isRetransmitted;

    /** Its end. */
    public int lastEndSeq;

    /**
     * The rate at which a window's segments are spaced when the control leaves it to TCP, bytes a second; before a
     * round trip has been measured that asked for, or 0. Linux: {@code tcp_update_pacing_rate()}.
     */
    public long pacingRate(CongestionWindow window) {
        if (srttUs == 0) {
            return maxPacingRate == Long.MAX_VALUE ? 0 : maxPacingRate;
        }
        final int percent = window.cwnd < window.ssthresh / 2 ? pacingSlowStartPercent : pacingAvoidancePercent;
        final long bytes = (long) mss * Math.max(window.cwnd, packetsOut);
        return Math.min(bytes * percent * (8 * 1_000_000 / 100) / srttUs, maxPacingRate);
    }

    /** 64 random bits, from the engine's seed. */
    public long random() {
        seed = SplitMix64.next(seed);
        return seed;
    }

    /** Begins with an ACK: nothing is known of it yet. */
    public void clear() {
        acked = 0;
        ackedSacked = 0;
        losses = 0;
        rttUs = NONE;
        priorInFlight = 0;
        isEce = false;
        isAckDelayed = false;
        rateDelivered = NONE;
        intervalUs = NONE;
        rateDeliveredCe = 0;
        rateLost = 0;
        priorDelivered = 0;
        priorDeliveredCe = 0;
        priorLost = 0;
        priorDeliveredNs = 0;
        txInFlight = 0;
        sendIntervalUs = NONE;
        isAppLimited = false;
        isRetransmitted = false;
        lastEndSeq = 0;
    }
}
