package io.spinwire.tcp;

/**
 * Figures that only a connection has which was held back or ran into timeouts, so that all others need not pay for
 * them: lent by {@link SetbackPool} with the first event, until the socket is freed. Engine thread only.
 */
final class Setbacks {
    /** Ticks for which the peer's window, or the send buffer, held back: see {@link Chrono}. */
    int windowLimitedTicks;

    int bufferLimitedTicks;

    /** Retransmission timeouts: see {@link RtoRun}. */
    int totalRto;

    int totalRtoRecoveries;
    int rtoRunStartMs;
    int rtoRunMs;
    boolean isInRtoRun;

    void reset() {
        windowLimitedTicks = 0;
        bufferLimitedTicks = 0;
        totalRto = 0;
        totalRtoRecoveries = 0;
        rtoRunMs = 0;
        isInRtoRun = false;
    }
}
