package io.spinwire.api;

import java.net.InetAddress;

/**
 * Options of a socket, set before connect or listen; what a listener has, its accepted sockets inherit. Immutable;
 * built by {@link #builder()}, which refuses values out of range. Times are in nanoseconds.
 */
public final class SocketOptions {
    /** All defaults. */
    public static final SocketOptions DEFAULTS = builder().build();

    private final SocketOptionsValues values;

    SocketOptions(SocketOptionsValues values) {
        this.values = values;
    }

    public static SocketOptionsBuilder builder() {
        return new SocketOptionsBuilder();
    }

    /** Local address to bind to, or null for the engine's first address (connect) or all of them (listen). */
    public InetAddress localAddress() {
        return values.localAddress;
    }

    /** Local port to connect from, or 0 for one chosen as RFC 6056 says. */
    public int localPort() {
        return values.localPort;
    }

    /** Nagle's algorithm off. Linux: TCP_NODELAY. */
    public boolean noDelay() {
        return values.noDelay;
    }

    /** Only full segments until uncorked. Linux: TCP_CORK. */
    public boolean cork() {
        return values.cork;
    }

    /** Every segment is acknowledged at once, for the life of the connection. */
    public boolean quickAck() {
        return values.quickAck;
    }

    /** Keepalive probes on. Linux: SO_KEEPALIVE. */
    public boolean keepAlive() {
        return values.keepAlive;
    }

    /** Idle time before the first keepalive probe, or 0 for the engine's. Linux: TCP_KEEPIDLE. */
    public long keepAliveIdleNs() {
        return values.keepAliveIdleNs;
    }

    /** Time between keepalive probes, or 0 for the engine's. Linux: TCP_KEEPINTVL. */
    public long keepAliveIntervalNs() {
        return values.keepAliveIntervalNs;
    }

    /** Probes without answer before the connection is given up, or 0 for the engine's. Linux: TCP_KEEPCNT. */
    public int keepAliveCount() {
        return values.keepAliveCount;
    }

    /**
     * Longest time that sent data may stay unacknowledged, or 0 for the retry limits alone. Linux: TCP_USER_TIMEOUT.
     */
    public long userTimeoutNs() {
        return values.userTimeoutNs;
    }

    /**
     * Time after close in which what was offered may still be sent, then reset; -1 for no limit, 0 to reset at once.
     * Linux: SO_LINGER.
     */
    public long lingerNs() {
        return values.lingerNs;
    }

    /** Upper bound of the segment size both ways, at least 88, or 0 for what the MTU gives. Linux: TCP_MAXSEG. */
    public int mss() {
        return values.mss;
    }

    /** Send buffer in bytes, a fixed size rounded up to a power of two, or 0 for the engine's. Linux: SO_SNDBUF. */
    public int sendBuffer() {
        return values.sendBuffer;
    }

    /** Receive buffer in bytes, a fixed size rounded up to a power of two, or 0 for the engine's. Linux: SO_RCVBUF. */
    public int receiveBuffer() {
        return values.receiveBuffer;
    }

    /** Bytes that must be readable before the application is told. Linux: SO_RCVLOWAT. */
    public int receiveLowWater() {
        return values.receiveLowWater;
    }

    /** Name of the congestion control, or null for the engine's. Linux: TCP_CONGESTION. */
    public String congestionControl() {
        return values.congestionControl;
    }

    /** Type-of-service byte of sent datagrams; its two ECN bits must be 0. Linux: IP_TOS. */
    public int tos() {
        return values.tos;
    }

    /** Listen only: connections that may wait to be accepted. Linux: the backlog of listen(), net.core.somaxconn. */
    public int backlog() {
        return values.backlog;
    }

    /**
     * RFC 7413: where a cookie of the host is known, connect waits for the first offer, whose bytes go in the SYN;
     * until then the socket can be written to. Where none is known, the SYN asks for one. Linux: TCP_FASTOPEN_CONNECT.
     */
    public boolean fastOpen() {
        return values.fastOpen;
    }

    /** Fast Open needs no cookie, neither to connect nor to listen. Linux: TCP_FASTOPEN_NO_COOKIE. */
    public boolean fastOpenWithoutCookie() {
        return values.fastOpenWithoutCookie;
    }

    /**
     * Listen only: connections opened with data in the SYN that may wait for their handshake to end; 0 for none. Linux:
     * TCP_FASTOPEN.
     */
    public int fastOpenQueue() {
        return values.fastOpenQueue;
    }

    /** Bytes not sent yet above which the socket is not writable, or 0 for the engine's. Linux: TCP_NOTSENT_LOWAT. */
    public int notSentLowat() {
        return values.notSentLowat;
    }

    /** Largest window offered, bytes, or 0 for what the receive buffer gives. Linux: TCP_WINDOW_CLAMP. */
    public int windowClamp() {
        return values.windowClamp;
    }

    /** Retries of the SYN, or 0 for the engine's. Linux: TCP_SYNCNT. */
    public int synCount() {
        return values.synCount;
    }

    /**
     * Listen only: time for which a connection without data is not handed over, or 0 not to wait. Linux:
     * TCP_DEFER_ACCEPT.
     */
    public long deferAcceptNs() {
        return values.deferAcceptNs;
    }

    /** Time in FIN_WAIT_2 after close, 0 for the engine's, -1 for none at all. Linux: TCP_LINGER2. */
    public long finWait2Ns() {
        return values.finWait2Ns;
    }

    /** Time to live of sent datagrams, or 0 for the engine's. Linux: IP_TTL. */
    public int ttl() {
        return values.ttl;
    }

    /** What is done about the path's MTU. Linux: IP_MTU_DISCOVER. */
    public PathMtuMode pathMtuMode() {
        return values.pathMtuMode;
    }

    /**
     * Largest rate at which segments leave, bytes a second; switches pacing on; 0 for none. Linux: SO_MAX_PACING_RATE.
     */
    public long maxPacingRate() {
        return values.maxPacingRate;
    }

    /** The value of an option that is a number. */
    public long value(SocketOption option) {
        return option.read(values);
    }

    /** These options with one changed, or null when the value is not allowed. */
    public SocketOptions with(SocketOption option, long value) {
        final SocketOptionsValues changed = values.copy();
        option.set(changed, value);
        return checked(changed);
    }

    /** These options with another congestion control, or null when there is none of that name. */
    public SocketOptions withCongestionControl(String name) {
        final SocketOptionsValues changed = values.copy();
        changed.congestionControl = name;
        return checked(changed);
    }

    private static SocketOptions checked(SocketOptionsValues values) {
        try {
            values.check();
        } catch (final IllegalArgumentException notAllowed) {
            return null;
        }
        return new SocketOptions(values);
    }
}
