package io.spinwire.api;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;

/**
 * Options of a socket, set before connect or listen; what a listener has, its accepted sockets inherit. Immutable;
 * built by {@link #builder()}, which refuses values out of range. Times are in nanoseconds.
 */
public final class SocketOptions {
    private static final long MAX_TIME_NS = TimeUnit.DAYS.toNanos(365); // far from where times would wrap

    /** All defaults. */
    public static final SocketOptions DEFAULTS = builder().build();

    private final Builder values;

    private SocketOptions(Builder values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
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
     * Collects options; every method returns the builder. The meaning of each stands at the accessor of the same name.
     */
    public static final class Builder {
        private InetAddress localAddress;
        private int localPort;
        private boolean noDelay;
        private boolean cork;
        private boolean quickAck;
        private boolean keepAlive;
        private long keepAliveIdleNs;
        private long keepAliveIntervalNs;
        private int keepAliveCount;
        private long userTimeoutNs;
        private long lingerNs = -1;
        private int mss;
        private int sendBuffer;
        private int receiveBuffer;
        private int receiveLowWater = 1;
        private String congestionControl;
        private int tos;
        private int backlog = 4096;

        private Builder() {}

        private Builder(Builder other) {
            localAddress = other.localAddress;
            localPort = other.localPort;
            noDelay = other.noDelay;
            cork = other.cork;
            quickAck = other.quickAck;
            keepAlive = other.keepAlive;
            keepAliveIdleNs = other.keepAliveIdleNs;
            keepAliveIntervalNs = other.keepAliveIntervalNs;
            keepAliveCount = other.keepAliveCount;
            userTimeoutNs = other.userTimeoutNs;
            lingerNs = other.lingerNs;
            mss = other.mss;
            sendBuffer = other.sendBuffer;
            receiveBuffer = other.receiveBuffer;
            receiveLowWater = other.receiveLowWater;
            congestionControl = other.congestionControl;
            tos = other.tos;
            backlog = other.backlog;
        }

        public Builder localAddress(InetAddress value) {
            localAddress = value;
            return this;
        }

        public Builder localPort(int value) {
            localPort = value;
            return this;
        }

        public Builder noDelay(boolean value) {
            noDelay = value;
            return this;
        }

        public Builder cork(boolean value) {
            cork = value;
            return this;
        }

        public Builder quickAck(boolean value) {
            quickAck = value;
            return this;
        }

        public Builder keepAlive(boolean value) {
            keepAlive = value;
            return this;
        }

        public Builder keepAliveIdleNs(long value) {
            keepAliveIdleNs = value;
            return this;
        }

        public Builder keepAliveIntervalNs(long value) {
            keepAliveIntervalNs = value;
            return this;
        }

        public Builder keepAliveCount(int value) {
            keepAliveCount = value;
            return this;
        }

        public Builder userTimeoutNs(long value) {
            userTimeoutNs = value;
            return this;
        }

        public Builder lingerNs(long value) {
            lingerNs = value;
            return this;
        }

        public Builder mss(int value) {
            mss = value;
            return this;
        }

        public Builder sendBuffer(int value) {
            sendBuffer = value;
            return this;
        }

        public Builder receiveBuffer(int value) {
            receiveBuffer = value;
            return this;
        }

        public Builder receiveLowWater(int value) {
            receiveLowWater = value;
            return this;
        }

        public Builder congestionControl(String value) {
            congestionControl = value;
            return this;
        }

        public Builder tos(int value) {
            tos = value;
            return this;
        }

        public Builder backlog(int value) {
            backlog = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException naming the setting, its value and what is allowed
         */
        public SocketOptions build() {
            checkRanges();
            if (mss != 0) {
                Check.range("mss", mss, TcpConfig.MIN_MSS, TcpConfig.MAX_MSS);
            }
            if ((tos & 3) != 0) {
                throw new IllegalArgumentException(
                        "tos " + tos + " sets ECN bits, which belong to TCP: clear the low two");
            }
            return new SocketOptions(new Builder(this));
        }

        private static void checkBuffer(String name, int bytes) {
            if (bytes != 0) {
                Check.range(name, bytes, TcpConfig.MIN_BUFFER, TcpConfig.MAX_BUFFER);
            }
        }

        private void checkRanges() {
            Check.range("localPort", localPort, 0, 65535);
            Check.range("keepAliveIdleNs", keepAliveIdleNs, 0, MAX_TIME_NS);
            Check.range("keepAliveIntervalNs", keepAliveIntervalNs, 0, MAX_TIME_NS);
            Check.range("keepAliveCount", keepAliveCount, 0, 127);
            Check.range("userTimeoutNs", userTimeoutNs, 0, MAX_TIME_NS);
            Check.range("lingerNs", lingerNs, -1, MAX_TIME_NS);
            Check.range("mss", mss, 0, TcpConfig.MAX_MSS);
            checkBuffer("sendBuffer", sendBuffer);
            checkBuffer("receiveBuffer", receiveBuffer);
            Check.range("receiveLowWater", receiveLowWater, 1, TcpConfig.MAX_BUFFER);
            if (congestionControl != null) {
                Check.oneOf("congestionControl", congestionControl, TcpConfig.CONGESTION_CONTROLS);
            }
            Check.range("tos", tos, 0, 255);
            Check.range("backlog", backlog, 1, 1 << 20);
        }
    }
}
