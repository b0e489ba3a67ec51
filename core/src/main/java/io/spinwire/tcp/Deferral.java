package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.tcp.cc.CongestionState;
import java.util.concurrent.TimeUnit;

/**
 * How many segments leave as one burst, and whether it is worth waiting for room for more: while ACKs come, each would
 * let out a few segments, and each few would cost a kick of the NIC. A segment that holds all that waits is never held
 * back, and nothing is when no ACK is on its way. Beside {@link TcpOutput}. Engine thread only. Linux:
 * {@code tcp_tso_should_defer()}, {@code tcp_tso_autosize()}.
 */
final class Deferral {
    // What a burst that does not leave waits for; else it is the number of its segments.
    static final int WAITING = 0; // its time, an ACK, or what the application writes next
    static final int CWND_LIMITED = -1;
    static final int WINDOW_LIMITED = -2;

    private static final int WINDOW_DIVISOR = 3; // Linux: tcp_tso_win_divisor
    private static final long RECENT_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int HALF_OF_EIGHTHS = 4; // srttUs is in eighths: shifted so far, it is half a round trip

    private final Pacing pacing;
    private final CongestionSignals congestion;

    Deferral(Pacing pacing, CongestionSignals congestion) {
        this.pacing = pacing;
        this.congestion = congestion;
    }

    /**
     * Segments that may leave now before this is asked again, or what they wait for.
     *
     * @param unsent bytes that wait; all in one segment when they are not above {@code full}
     */
    int burst(TcpSock sock, int unsent, int full, long nowNs) {
        final int allowed = pacing.burst(sock, nowNs);
        if (allowed == 0 || unsent <= full) {
            return allowed;
        }
        final long rate = sock.isPaced ? sock.pacingRate : congestion.pacingRate(sock, nowNs);
        final int segments = Math.min(allowed, Pacing.burstSegments(sock, rate));
        final int window = sock.sndWindowEnd() - sock.sndNxt;
        final long cwnd = (long) (sock.congestion.cwnd - sock.inFlight()) * sock.mss;
        final long limit = Math.min(window, cwnd);
        if (limit >= (long) segments * sock.mss || isNow(sock, limit, nowNs)) {
            return segments;
        }
        final int queued = Math.min(unsent, Pacing.MAX_BURST_BYTES);
        if (limit <= queued) {
            return cwnd < window ? CWND_LIMITED : WINDOW_LIMITED;
        }
        return sock.isFinQueued ? segments : WAITING; // nothing comes after FIN that could be waited for
    }

    /** Whether waiting gains nothing, or might take too long. */
    private static boolean isNow(TcpSock sock, long limit, long nowNs) {
        if (sock.congestionState.ordinal() >= CongestionState.RECOVERY.ordinal()
                || nowNs - sock.lastSentNs > RECENT_NS) {
            return true; // what is missing goes first; and after a pause no large burst is to come
        }
        final long whole = Math.min(sock.sndWnd, (long) sock.congestion.cwnd * sock.mss);
        if (limit >= whole / WINDOW_DIVISOR) {
            return true;
        }
        final RtxQueue queue = sock.rtxQueue;
        return queue == null
                || queue.isEmpty()
                || nowNs - queue.sentNs(0) < (sock.srttUs >> HALF_OF_EIGHTHS) * 1000L; // its ACK takes long still
    }
}
