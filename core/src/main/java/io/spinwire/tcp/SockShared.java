package io.spinwire.tcp;

import io.spinwire.api.TcpState;

/** Fields of {@link TcpSock} that both directions touch with every segment. Engine thread only. */
abstract class SockShared {
    /** Place in the pool, for life. */
    int index;

    /** Goes up each time the place is used anew. */
    int generation;

    TcpState state = TcpState.CLOSED;

    /** Local and remote address, as IP packs them; opaque to TCP. */
    long addressPair;

    /** Local port in the high half, remote port in the low half. */
    int ports;

    /** Route to the peer, a handle of IP's. Linux: sk_dst_cache. */
    long dst;

    /** Both sides sent timestamps in their SYN. */
    boolean hasTimestamps;

    /** Our timestamps tick in microseconds. Linux: tcp_usec_ts. */
    boolean isTsInMicros;

    /** Both sides permitted SACK in their SYN; before the answer: we did. RFC 2018 section 2. */
    boolean hasSack;

    /** What is agreed on and going on of ECN: see {@link EcnOutput}. Linux: ecn_flags. */
    int ecnFlags;

    /** Added to the millisecond clock in the timestamps that we send. */
    int tsOffset;

    /** Waits for its empty queues to be taken back at the end of the turn. */
    boolean isReleaseOwed;

    /** Waits in the list of sockets with output to do. */
    boolean isInOutputList;

    TcpSock nextInList;

    /** An ACK is owed and goes out with this turn's output. Linux: ICSK_ACK_NOW. */
    boolean isAckNow;

    /** An ACK is owed, at the latest when the delayed-ACK timer fires. Linux: ICSK_ACK_SCHED. */
    boolean isAckScheduled;

    /** The application has given the socket up: nobody reads any more. Linux: SOCK_DEAD, an orphan. */
    boolean isOrphan;

    /** Earliest deadline known to the timer wheel; actual ones may have moved later. */
    long wheelDeadlineNs = Long.MAX_VALUE;

    /** Retransmission timer, or probe timer when nothing is in flight; {@link Long#MAX_VALUE} when off. */
    long rtxDeadlineNs = Long.MAX_VALUE;

    /** What it is for: {@link SockTimers#RETRANS} and so on. */
    byte rtxTimer;

    /** Delayed-ACK timer. */
    long delackDeadlineNs = Long.MAX_VALUE;

    /** Pacing timer. */
    long paceDeadlineNs = Long.MAX_VALUE;

    /** Keepalive, FIN_WAIT_2 and linger timer. Linux: sk_timer. */
    long sockDeadlineNs = Long.MAX_VALUE;
}
