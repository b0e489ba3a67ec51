package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;

/** Fields of {@link TcpSock} that only opening, closing and reporting touch. */
abstract class SockCold extends SockTx {
    /** Initial sequence numbers, ours and the peer's. */
    int iss;

    int irs;

    /** Largest segment that the peer takes, from its SYN. Linux: rx_opt.mss_clamp. */
    char mssClamp;

    /** Largest datagram that arrives, as far as known when mss was set. Linux: icsk_pmtu_cookie. */
    char pathMtu;

    /** Of IP's knowledge of paths, when pathMtu was set: its low bits. */
    short pathMtuGeneration;

    /** Lent while a path MTU is searched by trying; else null. */
    MtuSearch mtuSearch;

    /** Datagrams are sent without don't-fragment. */
    boolean mayFragment;

    /** Duplicate ACKs taken as reordering. Linux: tp->reordering. */
    int reordering;

    /** The window was reduced from here on, and that may yet be undone. Linux: undo_marker, 0 for none. */
    boolean hasUndoMarker;

    int undoMarker;

    /** Retransmissions not reported as duplicates; -1 before the first. Linux: undo_retrans. */
    int undoRetrans;

    /** ssthresh to go back to; 0: none. Linux: prior_ssthresh. */
    int priorSsthresh;

    /** sndNxt when the tail loss probe was sent. Linux: tlp_high_seq. */
    int tlpHighSeq;

    /** It repeats the last segment. Linux: tlp_retrans. */
    boolean isTlpRetransmission;

    /** F-RTO watches whether the timeout was needed. Linux: frto. */
    boolean isFrto;

    /** Segments reported as duplicates. Linux: dsack_dups. */
    int dsackDups;

    /** Segment size that our SYN announced. Linux: advmss. */
    char advMss;

    /** When minRttUs was measured, in ms that wrap; and what may follow it: see {@link LeastRtt}. */
    int minRttMs;

    int minRtt2Us;
    int minRtt3Us;
    char minRttAge2;
    char minRttAge3;

    /** The send buffer grows to so many bytes at the most. */
    int sndBufMax;

    /** Inline application, or null for a socket of another thread. */
    TcpHandler handler;

    /** What the application holds. */
    SockEnd facade;

    /** The object for inline applications, made once and used again with the socket. */
    InlineSocket inlineSocket;

    /** Where an incoming connection came from, until it is accepted; else null. */
    Listener listener;

    /** Made by Fast Open, its handshake is not complete: where it is counted; else null. Linux: fastopen_rsk. */
    FastOpenQueue fastOpens;

    /** connect() waits for bytes that the SYN can bring. Linux: defer_connect. */
    boolean isConnectDeferred;

    /** The SYN had a Fast Open option, or data. Linux: syn_fastopen. */
    boolean isFastOpenSyn;

    /** That option had its experimental form. Linux: syn_fastopen_exp. */
    boolean isFastOpenExperimental;

    /** Opened by Fast Open again after a black hole: if all goes well, it is forgotten. Linux: syn_fastopen_ch. */
    boolean isFastOpenTrial;

    /** Why it brought no data, or in vain: see {@link FastOpenClient}. Linux: fastopen_client_fail. */
    byte fastOpenFailure;

    /**
     * The SYN, ours or the peer's, had data, which was acknowledged with it once the connection is established. Linux:
     * syn_data_acked.
     */
    boolean hasSynData;

    SocketOptions options = SocketOptions.DEFAULTS;

    /** Both sides sent a window scale; before the answer: we did. */
    boolean hasWindowScaling;

    CloseReason closeReason = CloseReason.NONE;

    /** What ended it, until the application has asked: a {@link SocketError}'s ordinal. Linux: sk_err. */
    byte error;

    /** What an ICMP message said, to be used should the connection fail; likewise. Linux: sk_err_soft. */
    byte softError;

    /** The protocol is done with it; it waits for the end of the turn. */
    boolean isFinished;

    /** Is among the orphans whose number is limited. */
    boolean isCountedOrphan;

    /** Waits in the list of sockets to be freed. */
    boolean isInReapList;

    /** Calls into the application that are owed. */
    boolean owesConnected;

    boolean owesPeerClosed;
    boolean owesClosed;

    /** The application reads no more, and yet the peer may send. Linux: RCV_SHUTDOWN without a FIN. */
    boolean isInputShut;

    /** Its application is reading from the ring at this moment. */
    boolean isBeingRead;

    /** Waits for memory to write to. */
    boolean isStarved;

    /** Waits in the list of sockets whose application is to be told something. */
    boolean isDeliveryOwed;

    /**
     * When the last challenge ACK, or answer to an out-of-window segment, was sent, in milliseconds; 0 for never.
     * Linux: last_oow_ack_time.
     */
    int lastOutOfWindowAckMs;

    /** When the application closed, for linger. */
    long lingerDeadlineNs = Long.MAX_VALUE;

    /** Rate last measured: so many segments. Linux: rate_delivered. */
    int rateDelivered;

    /** In so many microseconds; 0 before the first. Linux: rate_interval_us. */
    int rateIntervalUs;

    /** The application was the limit then. Linux: rate_app_limited. */
    boolean isRateAppLimited = true;

    /** What held it back, null while nothing did. */
    Setbacks setbacks;

    /** Ticks for which something was unsent or unacknowledged: see {@link Chrono}. */
    int busyTicks;

    long bytesAcked;
    long bytesReceived;
    long bytesSent;
    long bytesRetrans;
    int segsIn;
    int segsOut;
    int dataSegsIn;
    int dataSegsOut;
    int totalRetrans;
    int rcvOooPack;
}
