package io.spinwire.tcp;

import io.spinwire.queue.TimerHandler;
import io.spinwire.queue.TimerWheel;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * The timers of all sockets: one wheel entry each, for its earliest deadline. Deadlines that move later are not
 * re-armed while data is in flight; the entry fires early, finds nothing due and is set anew. Engine thread only.
 */
final class SockTimers {
    // What the retransmission timer is for. Linux: icsk_pending.
    static final byte NONE = 0;
    static final byte RETRANS = 1;
    static final byte PROBE0 = 3;
    static final byte LOSS_PROBE = 5;
    static final byte REO_TIMEOUT = 6;

    private final TimerWheel wheel;
    private final Counters counters;

    SockTimers(int maxSockets, long nowNs, Counters counters) {
        wheel = new TimerWheel(maxSockets, nowNs);
        this.counters = counters;
    }

    /** Makes sure the wheel knows the socket's earliest deadline; to be called when one was set. */
    void arm(TcpSock sock) {
        final long deadlineNs = earliestNs(sock);
        if (deadlineNs < sock.wheelDeadlineNs) {
            sock.wheelDeadlineNs = deadlineNs;
            wheel.schedule(sock.index, deadlineNs);
        }
    }

    /**
     * Nothing is in flight any more: takes away an entry that would fire for nothing. Now it is in the cache, and those
     * beside it, which were set about when it was; later, of a million sockets, none of them is.
     */
    void settle(TcpSock sock) {
        final long deadlineNs = earliestNs(sock);
        if (deadlineNs <= sock.wheelDeadlineNs) {
            return;
        }
        sock.wheelDeadlineNs = deadlineNs;
        if (deadlineNs == Long.MAX_VALUE) {
            wheel.cancel(sock.index);
        } else {
            wheel.schedule(sock.index, deadlineNs);
        }
    }

    private static long earliestNs(TcpSock sock) {
        return Math.min(
                Math.min(sock.rtxDeadlineNs, sock.delackDeadlineNs),
                Math.min(sock.sockDeadlineNs, sock.paceDeadlineNs));
    }

    /** @param timer what for: {@link #RETRANS}, {@link #PROBE0}, {@link #LOSS_PROBE} or {@link #REO_TIMEOUT} */
    void armRtx(TcpSock sock, byte timer, long deadlineNs) {
        sock.rtxTimer = timer;
        sock.rtxDeadlineNs = deadlineNs;
        arm(sock);
    }

    static void clearRtx(TcpSock sock) {
        sock.rtxTimer = NONE;
        sock.rtxDeadlineNs = Long.MAX_VALUE;
    }

    /** The wheel has let go of the socket's entry. */
    static void onExpired(TcpSock sock) {
        sock.wheelDeadlineNs = Long.MAX_VALUE;
    }

    /** Takes the socket out: it is being freed. */
    void cancel(TcpSock sock) {
        clearRtx(sock);
        sock.delackDeadlineNs = Long.MAX_VALUE;
        sock.sockDeadlineNs = Long.MAX_VALUE;
        sock.paceDeadlineNs = Long.MAX_VALUE;
        sock.wheelDeadlineNs = Long.MAX_VALUE;
        wheel.cancel(sock.index);
    }

    int expire(long nowNs, TimerHandler handler, int limit) {
        return wheel.expire(nowNs, handler, limit);
    }

    long nextDeadlineNs() {
        return wheel.nextDeadlineNs();
    }

    void publish() {
        counters.set(Counter.EngineTimersInUse, wheel.size());
    }
}
