package io.spinwire.api;

/**
 * Why a connection ended, as the application is told in {@link TcpHandler#onClosed} and
 * {@link TcpSocket#closeReason()}.
 */
public enum CloseReason {
    /** Not closed. */
    NONE,
    /** Both sides closed in order. */
    NORMAL,
    /** The peer answered the SYN with a reset: nobody listens there. Linux: ECONNREFUSED. */
    REFUSED,
    /** The peer reset an established connection. Linux: ECONNRESET. */
    RESET,
    /** No answer after all retries or keepalive probes. Linux: ETIMEDOUT. */
    TIMED_OUT,
    /** No route, no neighbour, or an ICMP message said so. Linux: EHOSTUNREACH. */
    UNREACHABLE,
    /** Sent data stayed unacknowledged for the user timeout (RFC 5482). */
    USER_TIMEOUT,
    /** This side aborted: {@link TcpSocket#abort()}, a handler that threw, or the engine's shutdown. */
    ABORTED,
    /** The engine had no room: sockets, local ports or memory at their limit. */
    NO_RESOURCES;

    private static final CloseReason[] ALL = values();

    /** The error that a socket which ended so has, where nothing more exact is known. */
    public SocketError error() {
        return switch (this) {
            case NONE, NORMAL -> SocketError.NONE;
            case REFUSED -> SocketError.ECONNREFUSED;
            case RESET -> SocketError.ECONNRESET;
            case TIMED_OUT, USER_TIMEOUT -> SocketError.ETIMEDOUT;
            case UNREACHABLE -> SocketError.EHOSTUNREACH;
            case ABORTED -> SocketError.ECONNABORTED;
            case NO_RESOURCES -> SocketError.ENOBUFS;
        };
    }

    /** The reason with this {@link #ordinal()}. */
    public static CloseReason of(int ordinal) {
        return ALL[ordinal];
    }
}
