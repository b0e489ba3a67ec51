package io.spinwire.tcp;

/**
 * What the ACK in hand has brought so far, collected on its way through the rooms of the sender. One for each engine,
 * begun anew with every ACK. Engine thread only. Linux: the flag of {@code tcp_ack()} and {@code struct
 * tcp_sacktag_state}.
 */
final class AckResult {
    /** The segment takes sequence space. Linux: FLAG_DATA. */
    static final int DATA = 1;

    /** It was allowed to set the window. Linux: FLAG_WIN_UPDATE. */
    static final int WIN_UPDATE = 1 << 1;

    /** Data is newly acknowledged. Linux: FLAG_DATA_ACKED. */
    static final int DATA_ACKED = 1 << 2;

    /** Some of it had been retransmitted. Linux: FLAG_RETRANS_DATA_ACKED. */
    static final int RETRANS_DATA_ACKED = 1 << 3;

    /** Our SYN is acknowledged. Linux: FLAG_SYN_ACKED. */
    static final int SYN_ACKED = 1 << 4;

    /** Data is newly reported by SACK. Linux: FLAG_DATA_SACKED. */
    static final int DATA_SACKED = 1 << 5;

    /** The peer echoes a congestion mark. Linux: FLAG_ECE. */
    static final int ECE = 1 << 6;

    /** Retransmissions turned out to be lost. Linux: FLAG_LOST_RETRANS. */
    static final int LOST_RETRANS = 1 << 7;

    /** Data that was sent once, before the timeout, has arrived. Linux: FLAG_ORIG_SACK_ACKED. */
    static final int ORIG_SACK_ACKED = 1 << 8;

    /** sndUna moved. Linux: FLAG_SND_UNA_ADVANCED. */
    static final int SND_UNA_ADVANCED = 1 << 9;

    /** It reports a duplicate. Linux: FLAG_DSACKING_ACK. */
    static final int DSACKING_ACK = 1 << 10;

    /** It reports the tail loss probe as one. Linux: FLAG_DSACK_TLP. */
    static final int DSACK_TLP = 1 << 11;

    /** sndUna is at data that was reported by SACK: it would have moved on. Linux: FLAG_SACK_RENEGING. */
    static final int SACK_RENEGING = 1 << 12;

    /** The retransmission timer is to be set anew. Linux: FLAG_SET_XMIT_TIMER. */
    static final int SET_XMIT_TIMER = 1 << 13;

    /** The peer has probably waited with it. Linux: FLAG_ACK_MAYBE_DELAYED. */
    static final int ACK_MAYBE_DELAYED = 1 << 14;

    static final int ACKED = DATA_ACKED | SYN_ACKED;
    static final int NOT_DUP = DATA | WIN_UPDATE | ACKED;
    static final int CA_ALERT = DATA_SACKED | ECE | DSACKING_ACK;
    static final int FORWARD_PROGRESS = ACKED | DATA_SACKED;

    /** No time. */
    static final long NONE = Long.MIN_VALUE;

    int flags;

    /** When the ACK was received. */
    long nowNs;

    // ---- Before the ACK ----

    int priorUna;

    /** How far selective acknowledgments had reached; sndUna without any. Linux: prior_fack. */
    int priorHighest;

    int priorSacked;
    int priorDelivered;
    int priorLost;
    private int priorDeliveredCe;
    boolean wasReneging;

    // ---- What it says ----

    /** Duplicate ACKs that it stands for: 0 or 1. */
    int dupAcks;

    /** An echo of one of our timestamps. */
    boolean hasEcho;

    int tsEcr;

    // ---- What selective acknowledgments brought ----

    /** Lowest number that arrived after higher ones, though it was sent once. Linux: reord. */
    int reord;

    /** When the first and the last segment newly reported, and sent once, had been sent; or {@link #NONE}. */
    long firstSackedNs;

    long lastSackedNs;

    /** Segments newly reported, duplicates included. Linux: sack_delivered. */
    int sackDelivered;

    // ---- What is to be sent now ----

    /** {@link Retransmit#NOTHING}, {@link Retransmit#LOST} or {@link Retransmit#NEW}. Linux: rexmit. */
    byte rexmit;

    void begin(TcpSock sock, Segment segment) {
        flags = segment.seq != segment.endSeq ? DATA : 0;
        nowNs = segment.receivedNs;
        priorUna = sock.sndUna;
        priorSacked = sock.sackedOut;
        priorHighest = sock.highestSack();
        priorDelivered = sock.delivered;
        priorLost = sock.lost;
        priorDeliveredCe = sock.deliveredCe;
        wasReneging = sock.isSackReneging;
        dupAcks = 0;
        hasEcho = sock.hasTimestamps && segment.hasTimestamps && segment.tsEcr != 0;
        tsEcr = segment.tsEcr;
        reord = sock.sndNxt;
        firstSackedNs = NONE;
        lastSackedNs = NONE;
        sackDelivered = 0;
        rexmit = Retransmit.NOTHING;
    }

    /**
     * What has arrived counts as marked when the ACK echoes a mark; may be called as often as more is known to have
     * arrived. Linux: {@code tcp_count_delivered()}.
     */
    void countMarks(TcpSock sock) {
        if (has(ECE)) {
            sock.deliveredCe = priorDeliveredCe + sock.delivered - priorDelivered;
        }
    }

    boolean has(int any) {
        return (flags & any) != 0;
    }

    void set(int flag) {
        flags |= flag;
    }

    void clear(int flag) {
        flags &= ~flag;
    }

    /** The peer echoes a timestamp from before {@code ns}. Linux: {@code tcp_tsopt_ecr_before()}. */
    boolean isEchoBefore(TcpSock sock, long ns) {
        return hasEcho && tsEcr - sock.timestamp(ns) < 0;
    }
}
