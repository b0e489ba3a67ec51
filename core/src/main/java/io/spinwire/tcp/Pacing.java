package io.spinwire.tcp;

import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Spaces the segments of a socket in time at its pacing rate: bursts of about a millisecond, and between them a pause
 * that its own timer ends; or, where the qdisc keeps departure times, each segment takes the time at which it may
 * leave. Beside {@link TcpOutput} and {@link Transmit}. Engine thread only. Linux: {@code tcp_pacing_check()},
 * {@code tcp_update_skb_after_send()}, {@code tcp_tso_autosize()}.
 */
final class Pacing {
    /** A socket that is not paced, or whose qdisc does it, goes on. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int UNPACED_SEGMENTS = 10; // the initial window leaves at once, as Linux has it
    private static final int BURST_SHIFT = 10; // about 1 ms of the rate. Linux: sk_pacing_shift
    private static final int MIN_BURST = 2; // segments. Linux: tcp_min_tso_segs
    static final int MAX_BURST_BYTES = 65_536; // Linux: gso_max_size
    private static final int RTT_SHIFT =
            9; // larger bursts where the path is shorter than 2^9 us. Linux: tcp_tso_rtt_log
    private static final long NANOS = 1_000_000_000L;

    private final SockTimers timers;
    private final Counters counters;
    private final boolean isQdiscPacing;

    Pacing(SockTimers timers, Counters counters, boolean isQdiscPacing) {
        this.timers = timers;
        this.counters = counters;
        this.isQdiscPacing = isQdiscPacing;
    }

    /** Segments that may leave now; 0: none before the timer, which is set. */
    int burst(TcpSock sock, long nowNs) {
        if (!sock.isPaced || isQdiscPacing) {
            return UNLIMITED;
        }
        if (sock.nextSendNs > nowNs) {
            if (sock.paceDeadlineNs == Long.MAX_VALUE) {
                counters.increment(Counter.TcpPacingWaits);
                sock.paceDeadlineNs = sock.nextSendNs;
                timers.arm(sock);
            }
            return 0;
        }
        return sock.pacingRate == 0 ? UNLIMITED : burstSegments(sock, sock.pacingRate);
    }

    /** Segments that leave together at a rate, paced or not. Linux: {@code tcp_tso_autosize()}. */
    static int burstSegments(TcpSock sock, long rate) {
        long bytes = rate >> BURST_SHIFT;
        final int trips = sock.minRttUs >> RTT_SHIFT;
        if (sock.minRttUs > 0 && trips < Integer.SIZE) {
            bytes += MAX_BURST_BYTES >> trips;
        }
        return Math.max((int) (Math.min(bytes, MAX_BURST_BYTES) / sock.mss), MIN_BURST);
    }

    /** How much longer what is sent waits for its time, which timeouts must allow for. Linux: tcp_pacing_delay(). */
    static long delayNs(TcpSock sock, long nowNs) {
        return Math.max(sock.nextSendNs - nowNs, 0);
    }

    /** When a segment that is sent now may leave: 0 for at once, else what the qdisc is told. */
    long departureNs(TcpSock sock, long nowNs) {
        return isQdiscPacing && sock.nextSendNs > nowNs ? sock.nextSendNs : 0;
    }

    /** A segment with data has been sent: the next one is due when this one has had its time. */
    static void onSent(TcpSock sock, int length, long nowNs) {
        if (!sock.isPaced) {
            return;
        }
        final long priorNs = sock.nextSendNs;
        final long departureNs = Math.max(priorNs, nowNs);
        sock.nextSendNs = departureNs;
        if (sock.pacingRate > 0 && sock.dataSegsOut >= UNPACED_SEGMENTS) {
            final long lengthNs = length * NANOS / sock.pacingRate;
            final long lateNs = departureNs - priorNs; // a turn that came late is made up for, by half
            sock.nextSendNs += lengthNs - Math.min(lengthNs / 2, lateNs);
        }
    }
}
