package io.spinwire.tcp.cc;

/** What a congestion control is told besides ACKs and states. Linux: {@code enum tcp_ca_event}. */
public enum CongestionEvent {
    /** The first segment leaves while none is in flight. */
    TX_START,
    /** The window begins anew after an idle time. */
    CWND_RESTART,
    /** A reduction of the window is complete. */
    COMPLETE_CWR,
    /** A retransmission timeout. */
    LOSS,
    /** Data came without an ECN mark. */
    ECN_NO_CE,
    /** Data came with an ECN mark. */
    ECN_IS_CE
}
