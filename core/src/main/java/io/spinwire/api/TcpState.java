package io.spinwire.api;

/** The states of RFC 9293 section 3.3.2, and {@code CLOSED}. */
public enum TcpState {
    CLOSED,
    LISTEN,
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    CLOSE_WAIT,
    CLOSING,
    LAST_ACK,
    TIME_WAIT;

    private static final TcpState[] ALL = values();

    /** The state with this {@link #ordinal()}. */
    public static TcpState of(int ordinal) {
        return ALL[ordinal];
    }
}
