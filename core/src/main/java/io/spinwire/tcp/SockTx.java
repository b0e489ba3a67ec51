package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.queue.WriteQueue;
import io.spinwire.tcp.cc.CongestionControl;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.tcp.cc.CongestionWindow;

/**
 * Fields of {@link TcpSock} that sending and its acknowledgment touch; names as in RFC 9293 and Linux's
 * {@code tcp_sock}.
 */
abstract class SockTx extends SockRx {
    /** First byte not acknowledged. */
    int sndUna;

    /** Next byte to send. */
    int sndNxt;

    /** Behind the last byte that the application wrote, FIN not counted; read once a turn. */
    int writeSeq;

    /** Bytes from here on were written with MORE, and wait for more unless they fill a segment. */
    int moreSeq;

    /** End of the most recent small segment, for Minshall's variant of Nagle's algorithm. */
    int sndSml;

    /** Behind the last byte that left with PSH. Linux: pushed_seq. */
    int pushedSeq;

    /** Segment sequence number of the last window update. */
    int sndWl1;

    /** Window that the peer offered. */
    int sndWnd;

    /** Largest window that the peer ever offered. */
    int maxWindow;

    /** Behind the last urgent byte that we send; has a meaning while isUrgent. RFC 9293: SND.UP. */
    int sndUp;

    /** Urgent data is not acknowledged yet. Linux: {@code tcp_urg_mode()}. */
    boolean isUrgent;

    /** Shift of the windows that the peer sends. */
    int sndWscale;

    /** Bytes of payload in a full segment now, options subtracted. Linux: mss_cache. */
    int mss;

    /** Segments sent and not acknowledged. Linux: packets_out. */
    int packetsOut;

    /** Segments reported by SACK; without SACK, duplicate ACKs: so many have left the network. Linux: sacked_out. */
    int sackedOut;

    /** Segments taken for lost. Linux: lost_out. */
    int lostOut;

    /** Retransmissions in flight. Linux: retrans_out. */
    int retransOut;

    /** What the output step is to retransmit: {@link Retransmit#NOTHING} and the other two. Linux: rexmit. */
    byte rexmit;

    /** Where recovery stands. Linux: icsk_ca_state. */
    CongestionState congestionState = CongestionState.OPEN;

    /** sndNxt when recovery or loss began. Linux: high_seq. */
    int highSeq;

    /** Timeouts of the segment at sndUna. Linux: icsk_retransmits. */
    short retransmits;

    /** Doublings of the retransmission or probe timer. Linux: icsk_backoff. */
    byte backoff;

    /** Probes of a closed window, or of keepalive, without an answer. Linux: icsk_probes_out. */
    short probesOut;

    /** When the first retransmission left, or should have; 0 when nothing is being repeated. Linux: retrans_stamp. */
    long retransStampNs;

    /** When the first unanswered zero-window probe was due. Linux: icsk_probes_tstamp. */
    long probesStampNs;

    /** Smoothed round-trip time in us, times 8; 0 before the first measurement. Linux: srtt_us. */
    int srttUs;

    /** Mean deviation in us, times 4. Linux: mdev_us. */
    int mdevUs;

    /** Largest mean deviation of this round trip. Linux: mdev_max_us. */
    int mdevMaxUs;

    /** Smoothed mdevMaxUs, at least the least RTO. Linux: rttvar_us. */
    int rttvarUs;

    /** Sequence number that ends the round trip in which mdevMaxUs is taken. Linux: rtt_seq. */
    int rttSeq;

    /** Least round-trip time of late, in us: see {@link LeastRtt}; 0 before the first. Linux: rtt_min. */
    int minRttUs;

    /** Retransmission timeout before back-off. Linux: icsk_rto. */
    long rtoNs;

    /** When the last data segment left. Linux: lsndtime. */
    long lastSentNs;

    /** Send buffer in bytes, which grows up to sndBufMax: see {@link SendSpace}. Linux: sk_sndbuf. */
    int sndBuf;

    /** No more is written while so many bytes are unsent. Linux: notsent_lowat. */
    int notSentLowat;

    boolean isNoDelay;
    boolean isCorked;
    boolean isQuickAck;

    /** What holds its data back now, and since when: see {@link Chrono}. */
    byte chrono;

    int chronoStart;

    /** The application has ended its stream: FIN goes behind writeSeq. Linux: SEND_SHUTDOWN. */
    boolean isFinQueued;

    /** FIN has been sent; its number is writeSeq. */
    boolean isFinSent;

    /** The application was told there is no room, and waits. Linux: SOCK_NOSPACE. */
    boolean isWaitingForRoom;

    /** Lent while it holds data; null for an idle inline socket. */
    WriteQueue writeQueue;

    /** Lent while something is in flight; else null. */
    RtxQueue rtxQueue;

    /** Segments are spaced at {@link #pacingRate}. Linux: sk_pacing_status. */
    boolean isPaced;

    /** Bytes a second; 0 before a round trip was measured, and where nobody asks. Linux: sk_pacing_rate. */
    long pacingRate;

    /** Earliest departure of the next segment with data. Linux: tcp_wstamp_ns. */
    long nextSendNs;

    /** Most segments in flight since the window was full last, or lowered. Linux: snd_cwnd_used. */
    int cwndUsed;

    /** When that was. Linux: snd_cwnd_stamp. */
    long cwndStampNs;

    /** sndNxt when the use of the window was last judged. Linux: cwnd_usage_seq. */
    int cwndUsageSeq;

    /** A tail loss probe is out. */
    boolean hasTlp;

    /** The peer took back what it had reported by SACK. Linux: is_sack_reneg. */
    boolean isSackReneging;

    /** RACK: the segment sent last of those that have arrived: when, its end, its round trip. Linux: tp->rack. */
    long rackNs;

    int rackEndSeq;
    int rackRttUs;

    /** RACK: something has arrived since losses were last looked for. */
    boolean isRackAdvanced;

    /** RACK: a duplicate was reported in this round trip. */
    boolean isRackDsackSeen;

    /** RACK: the reordering window in quarters of the least round trip, and recoveries until it falls back. */
    short rackSteps;

    byte rackPersist;

    /** RACK: {@link #delivered} when the window was last adjusted. */
    int rackLastDelivered;

    /** Times that reordering was seen. Linux: reord_seen. */
    int reordSeen;

    /** Segments that have reached the peer, SYN included. Linux: delivered. */
    int delivered;

    /** Those of them that it reported with an ECN mark. Linux: delivered_ce. */
    int deliveredCe;

    /** Segments marked lost so far, some of them twice. Linux: lost. */
    int lost;

    /** {@link #delivered} up to which the application was the limit; 0: it is none now. Linux: app_limited. */
    int appLimited;

    /** When the last of them was acknowledged. Linux: delivered_mstamp. */
    long deliveredNs;

    /** When the newest segment acknowledged had been sent. Linux: first_tx_mstamp. */
    long firstSentNs;

    final CongestionWindow congestion = new CongestionWindow();
    CongestionControl congestionControl;

    /** Linux: tcp_packets_in_flight(). */
    final int inFlight() {
        return packetsOut - (sackedOut + lostOut) + retransOut;
    }

    /** How far selective acknowledgments reach; sndUna without any. Linux: {@code tcp_highest_sack_seq()}. */
    final int highestSack() {
        return hasSack && sackedOut > 0 ? rtxQueue.sacks().highest : sndUna;
    }

    /** First sequence number beyond the peer's window. Linux: tcp_wnd_end(). */
    final int sndWindowEnd() {
        return sndUna + sndWnd;
    }

    /** Position in the write queue of a byte of the stream. */
    final long sendPosition(int seq) {
        return writeQueue.releasedPosition() + (seq - sndUna);
    }

    /** Behind everything that the application wants sent, FIN counted. */
    final int sendEnd() {
        return isFinQueued ? writeSeq + 1 : writeSeq;
    }
}
