package io.spinwire.tcp;

/** Where loss recovery stands. Linux: {@code enum tcp_ca_state}. */
enum CongestionState {
    /** Nothing unusual: the fast path. */
    OPEN,
    /** Duplicate ACKs, and not enough of them to call it a loss. */
    DISORDER,
    /** Fast recovery, RFC 6582. */
    RECOVERY,
    /** After a retransmission timeout. */
    LOSS
}
