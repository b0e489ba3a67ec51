package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Networks that swallow what follows data in a SYN: where a connection seems to have met one, none sends any for a
 * while, and longer each time, until one has gone well again. Off unless configured. Engine thread only. Linux:
 * {@code tcp_fastopen_active_disable()}, {@code tcp_fastopen_active_should_disable()}.
 */
final class FastOpenBlackHole {
    private static final int MAX_DOUBLINGS = 6;
    private static final int TIMEOUTS = 2; // Linux: the third in a row

    private final IpOutput ip;
    private final Counters counters;
    private final long timeoutNs;
    private int times;
    private long metNs;

    FastOpenBlackHole(IpOutput ip, TcpConfig config, Counters counters) {
        this.ip = ip;
        timeoutNs = config.fastOpenBlackHoleTimeoutNs();
        this.counters = counters;
    }

    // ---- When a connection begins ----

    /** Whether the socket is to open in the ordinary way; if not, whether it is a trial is noted. */
    boolean isAvoided(TcpSock sock, long nowNs) {
        if (times == 0) {
            return false;
        }
        if (nowNs - metNs < timeoutNs << Math.min(times - 1, MAX_DOUBLINGS)) {
            return true;
        }
        sock.isFastOpenTrial = !ip.isLocal(sock.dst); // a connection with ourselves would prove nothing
        return false;
    }

    // ---- Signs of one ----

    /** A reset came out of order, which a middlebox may have made. */
    void onDoubtfulReset(TcpSock sock, long nowNs) {
        if (sock.isFastOpenSyn && sock.dataSegsIn == 0 && sock.state == TcpState.ESTABLISHED) {
            onMet(nowNs);
        }
    }

    /** One more retransmission timeout; before it is counted. Linux: {@code tcp_fastopen_active_detect_blackhole()}. */
    void onTimeout(TcpSock sock, boolean isLast, long nowNs) {
        final boolean isFastOpen = sock.isFastOpenSyn || sock.hasSynData;
        if (isFastOpen && (sock.retransmits == TIMEOUTS || sock.retransmits < TIMEOUTS && isLast)) {
            onMet(nowNs);
        }
    }

    /** The connection has ended. Linux: {@code tcp_fastopen_active_disable_ofo_check()}. */
    void onEnd(TcpSock sock, long nowNs) {
        if (!sock.isFastOpenSyn) {
            return;
        }
        if (sock.dataSegsIn > 0) {
            times = sock.isFastOpenTrial ? 0 : times;
        } else if (sock.outOfOrderQueue != null && sock.outOfOrderQueue.hasFin()) {
            onMet(nowNs); // FIN has come through, and nothing of what was before it
        }
    }

    private void onMet(long nowNs) {
        if (timeoutNs > 0) {
            times++;
            metNs = nowNs;
            counters.increment(Counter.TcpFastOpenBlackhole);
        }
    }
}
