package io.spinwire.tcp.cc;

/** Where loss recovery stands. Linux: {@code enum tcp_ca_state}, in its order. */
public enum CongestionState {
    /** Nothing unusual: the fast path. */
    OPEN,
    /** Duplicate ACKs, and not enough of them to call it a loss. */
    DISORDER,
    /** The window falls because the path or the host asked for it: ECN, or a full device queue. */
    CWR,
    /** Fast recovery, RFC 6582 and 6675. */
    RECOVERY,
    /** After a retransmission timeout. */
    LOSS
}
