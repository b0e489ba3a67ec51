package io.spinwire.api;

/**
 * The options of a socket that have a number for a value, as keys of {@link TcpSocket#setOption} and
 * {@link TcpSocket#option}. Meaning, unit and range are those of the {@link SocketOptions} accessor of the same name;
 * switches are 1 and 0, {@link #PATH_MTU_MODE} is the mode's ordinal. 0 gives those back to the engine that it has a
 * setting for.
 */
public enum SocketOption {
    NO_DELAY(true, (v, x) -> v.noDelay = x != 0, v -> number(v.noDelay)),
    CORK(true, (v, x) -> v.cork = x != 0, v -> number(v.cork)),
    QUICK_ACK(true, (v, x) -> v.quickAck = x != 0, v -> number(v.quickAck)),
    KEEP_ALIVE(true, (v, x) -> v.keepAlive = x != 0, v -> number(v.keepAlive)),
    KEEP_ALIVE_IDLE_NS(true, (v, x) -> v.keepAliveIdleNs = x, v -> v.keepAliveIdleNs),
    KEEP_ALIVE_INTERVAL_NS(true, (v, x) -> v.keepAliveIntervalNs = x, v -> v.keepAliveIntervalNs),
    KEEP_ALIVE_COUNT(true, (v, x) -> v.keepAliveCount = narrow(x), v -> v.keepAliveCount),
    USER_TIMEOUT_NS(true, (v, x) -> v.userTimeoutNs = x, v -> v.userTimeoutNs),
    LINGER_NS(true, (v, x) -> v.lingerNs = x, v -> v.lingerNs),
    SEND_BUFFER(true, (v, x) -> v.sendBuffer = narrow(x), v -> v.sendBuffer),
    RECEIVE_BUFFER(true, (v, x) -> v.receiveBuffer = narrow(x), v -> v.receiveBuffer),
    RECEIVE_LOW_WATER(true, (v, x) -> v.receiveLowWater = narrow(x), v -> v.receiveLowWater),
    NOT_SENT_LOWAT(true, (v, x) -> v.notSentLowat = narrow(x), v -> v.notSentLowat),
    WINDOW_CLAMP(true, (v, x) -> v.windowClamp = narrow(x), v -> v.windowClamp),
    MAX_PACING_RATE(true, (v, x) -> v.maxPacingRate = x, v -> v.maxPacingRate),
    FIN_WAIT_2_NS(true, (v, x) -> v.finWait2Ns = x, v -> v.finWait2Ns),
    TOS(true, (v, x) -> v.tos = narrow(x), v -> v.tos),
    TTL(true, (v, x) -> v.ttl = narrow(x), v -> v.ttl),
    PATH_MTU_MODE(true, (v, x) -> v.pathMtuMode = mode(x), v -> v.pathMtuMode.ordinal()),
    MSS(false, (v, x) -> v.mss = narrow(x), v -> v.mss),
    SYN_COUNT(false, (v, x) -> v.synCount = narrow(x), v -> v.synCount),
    LOCAL_PORT(false, (v, x) -> v.localPort = narrow(x), v -> v.localPort),
    FAST_OPEN(false, (v, x) -> v.fastOpen = x != 0, v -> number(v.fastOpen)),
    FAST_OPEN_WITHOUT_COOKIE(false, (v, x) -> v.fastOpenWithoutCookie = x != 0, v -> number(v.fastOpenWithoutCookie));

    private final boolean isForOpenSockets;
    private final Setter setter;
    private final Reader reader;

    SocketOption(boolean isForOpenSockets, Setter setter, Reader reader) {
        this.isForOpenSockets = isForOpenSockets;
        this.setter = setter;
        this.reader = reader;
    }

    @FunctionalInterface
    private interface Setter {
        void set(SocketOptionsValues values, long value);
    }

    @FunctionalInterface
    private interface Reader {
        long read(SocketOptionsValues values);
    }

    /** Whether it can be changed while the socket connects or is connected; others only before. */
    public boolean isForOpenSockets() {
        return isForOpenSockets;
    }

    void set(SocketOptionsValues values, long value) {
        setter.set(values, value);
    }

    long read(SocketOptionsValues values) {
        return reader.read(values);
    }

    /** What does not fit an int is out of the range of all that are one. */
    private static int narrow(long value) {
        return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static long number(boolean on) {
        return on ? 1 : 0;
    }

    /** Null for a number that is none, which is out of range. */
    private static PathMtuMode mode(long ordinal) {
        final PathMtuMode[] modes = PathMtuMode.values();
        return ordinal >= 0 && ordinal < modes.length ? modes[(int) ordinal] : null;
    }
}
