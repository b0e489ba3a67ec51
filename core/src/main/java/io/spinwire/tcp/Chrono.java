package io.spinwire.tcp;

/**
 * What holds a connection's data back, and for how long: nothing but the network, the peer's window, or a send buffer
 * that is too small. Time runs while something is unsent or unacknowledged, for the worst of these that holds; in ticks
 * of about a millisecond, since Linux has 4. Engine thread only. Linux: {@code tcp_chrono_start()}.
 */
final class Chrono {
    static final byte IDLE = 0;
    static final byte BUSY = 1;
    static final byte WINDOW_LIMITED = 2;
    static final byte BUFFER_LIMITED = 3;

    private static final int TICK_SHIFT = 20; // nanoseconds

    private Chrono() {}

    /** This holds now, unless something worse does; all but busy must have {@link Setbacks} to be noted in. */
    static void start(TcpSock sock, byte what, long nowNs) {
        if (what > sock.chrono) {
            change(sock, what, nowNs);
        }
    }

    /** All was sent, and the application would give more if only it could. */
    static boolean isBufferTooSmall(TcpSock sock) {
        return sock.sndNxt == sock.sendEnd() && sock.canWrite() && sock.facade.isWaitingForRoom(sock);
    }

    /** This holds no more. Linux: {@code tcp_chrono_stop()}. */
    static void stop(TcpSock sock, byte what, long nowNs) {
        if (sock.chrono == what) {
            change(sock, BUSY, nowNs);
        }
    }

    /** Everything was acknowledged. */
    static void rest(TcpSock sock, long nowNs) {
        if (sock.chrono != IDLE) {
            change(sock, IDLE, nowNs);
        }
    }

    private static void change(TcpSock sock, byte what, long nowNs) {
        final int now = ticks(nowNs);
        final int passed = now - sock.chronoStart;
        sock.chronoStart = now;
        switch (sock.chrono) {
            case BUSY -> sock.busyTicks += passed;
            case WINDOW_LIMITED -> sock.setbacks.windowLimitedTicks += passed;
            case BUFFER_LIMITED -> sock.setbacks.bufferLimitedTicks += passed;
            default -> {}
        }
        sock.chrono = what;
    }

    private static int ticks(long nowNs) {
        return (int) (nowNs >> TICK_SHIFT);
    }

    /** Time for which this held so far. */
    static long micros(TcpSock sock, byte what, long nowNs) {
        final int before = what == BUSY ? sock.busyTicks : limitedTicks(sock.setbacks, what);
        final int running = sock.chrono == what ? ticks(nowNs) - sock.chronoStart : 0;
        return (Integer.toUnsignedLong(before + running) << TICK_SHIFT) / 1000;
    }

    private static int limitedTicks(Setbacks setbacks, byte what) {
        if (setbacks == null) {
            return 0;
        }
        return what == WINDOW_LIMITED ? setbacks.windowLimitedTicks : setbacks.bufferLimitedTicks;
    }
}
