package io.spinwire.api;

/**
 * What can go wrong with a connection, by its POSIX name, as {@link TcpSocket#takeError()} tells it. Numbers are those
 * of Linux on x86 and ARM.
 */
public enum SocketError {
    /** Nothing is wrong. */
    NONE(0, CloseReason.NONE),

    /** The peer reset a connection on which it had sent its FIN. */
    EPIPE(32, CloseReason.RESET),

    /** ICMP: the host is isolated. */
    ENONET(64, CloseReason.UNREACHABLE),

    /** ICMP: a router or the peer could not make sense of a header. */
    EPROTO(71, CloseReason.UNREACHABLE),

    /** ICMP: the peer does not speak TCP. */
    ENOPROTOOPT(92, CloseReason.REFUSED),

    /** ICMP: the source route failed. */
    EOPNOTSUPP(95, CloseReason.UNREACHABLE),

    /** The local port asked for is taken. */
    EADDRINUSE(98, CloseReason.NO_RESOURCES),

    /** No local port is left for this peer. */
    EADDRNOTAVAIL(99, CloseReason.NO_RESOURCES),

    /** There is no route to the peer, or a router has none. */
    ENETUNREACH(101, CloseReason.UNREACHABLE),

    /** This side ended the connection: a handler that threw, or the engine's shutdown. */
    ECONNABORTED(103, CloseReason.ABORTED),

    /** The peer reset the connection, or this side disconnected it. */
    ECONNRESET(104, CloseReason.RESET),

    /** The engine had no socket or memory left. */
    ENOBUFS(105, CloseReason.NO_RESOURCES),

    /** No answer: retries, keepalive probes or the user timeout are used up. */
    ETIMEDOUT(110, CloseReason.TIMED_OUT),

    /** Nobody listens on the peer's port. */
    ECONNREFUSED(111, CloseReason.REFUSED),

    /** ICMP: a router does not know the host. */
    EHOSTDOWN(112, CloseReason.UNREACHABLE),

    /** The peer's neighbour address cannot be found, or ICMP says the host cannot be reached. */
    EHOSTUNREACH(113, CloseReason.UNREACHABLE);

    private static final SocketError[] ALL = values();

    private final int number;
    private final CloseReason reason;

    SocketError(int number, CloseReason reason) {
        this.number = number;
        this.reason = reason;
    }

    /** Linux's errno. */
    public int number() {
        return number;
    }

    /** Why a connection ends that this error ends. */
    public CloseReason reason() {
        return reason;
    }

    /** The error with this {@link #ordinal()}. */
    public static SocketError of(int ordinal) {
        return ALL[ordinal];
    }
}
