package io.spinwire.tcp;

/**
 * Runs of retransmission timeouts, from the first until recovery is over: how many, and how long. Engine thread only.
 * Linux: {@code tcp_update_rto_stats()}, {@code tcp_update_rto_time()}.
 */
final class RtoRun {
    private static final int NANOS_PER_MILLI = 1_000_000;

    private RtoRun() {}

    /** A timeout; before it is counted in {@code retransmits}. */
    static void onTimeout(TcpSock sock, Setbacks setbacks, long nowNs) {
        if (sock.retransmits == 0) {
            setbacks.totalRtoRecoveries++;
            setbacks.rtoRunMs = totalMs(setbacks, nowNs);
            setbacks.isInRtoRun = true;
            setbacks.rtoRunStartMs = millis(nowNs);
        }
        setbacks.totalRto++;
    }

    /** Recovery is over, or the handshake complete. */
    static void end(TcpSock sock, long nowNs) {
        final Setbacks setbacks = sock.setbacks;
        if (setbacks != null) {
            setbacks.rtoRunMs = totalMs(setbacks, nowNs);
            setbacks.isInRtoRun = false;
        }
    }

    static int totalMs(Setbacks setbacks, long nowNs) {
        return setbacks.isInRtoRun ? setbacks.rtoRunMs + millis(nowNs) - setbacks.rtoRunStartMs : setbacks.rtoRunMs;
    }

    private static int millis(long nowNs) {
        return (int) (nowNs / NANOS_PER_MILLI);
    }
}
