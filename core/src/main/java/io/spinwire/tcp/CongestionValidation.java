package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.tcp.cc.CongestionEvent;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.tcp.cc.CongestionWindow;
import io.spinwire.wire.SeqNum;

/**
 * A window that was not used says little about the path: judges the use of the window with each sending, and lowers one
 * that was idle (RFC 5681 section 4.1) or not filled for a retransmission timeout (RFC 2861, 7661). Around
 * {@link TcpOutput}'s sending. Engine thread only.
 */
final class CongestionValidation {
    private final CongestionSignals congestion;
    private final boolean isSlowStartAfterIdle;
    private final int initialWindow;

    CongestionValidation(CongestionSignals congestion, TcpConfig config) {
        this.congestion = congestion;
        isSlowStartAfterIdle = config.slowStartAfterIdle();
        initialWindow = config.initialWindow();
    }

    /** New data is about to be sent. Linux: {@code tcp_slow_start_after_idle_check()}. */
    void beforeSending(TcpSock sock, long nowNs) {
        if (sock.packetsOut > 0 || sock.lastSentNs == 0 || nowNs - sock.lastSentNs <= sock.rtoNs) {
            return;
        }
        if (isSlowStartAfterIdle && !sock.congestionControl.hasControl()) {
            restart(sock, nowNs - sock.lastSentNs, nowNs);
        }
    }

    /** Half for each timeout that it was idle, down to the initial window. Linux: {@code tcp_cwnd_restart()}. */
    private void restart(TcpSock sock, long idleNs, long nowNs) {
        final CongestionWindow window = sock.congestion;
        congestion.tell(sock, CongestionEvent.CWND_RESTART, nowNs);
        keepThreshold(sock);
        int cwnd = window.cwnd;
        final int restart = Math.min(initialWindow, cwnd);
        for (long left = idleNs - sock.rtoNs; left > 0 && cwnd > restart; left -= sock.rtoNs) {
            cwnd >>= 1;
        }
        window.cwnd = Math.max(cwnd, restart);
        sock.cwndStampNs = nowNs;
        sock.cwndUsed = 0;
    }

    /** What was reached is remembered: slow start goes back to three quarters of it. Linux: tcp_current_ssthresh(). */
    private static void keepThreshold(TcpSock sock) {
        final CongestionWindow window = sock.congestion;
        if (sock.congestionState != CongestionState.CWR && sock.congestionState != CongestionState.RECOVERY) {
            window.ssthresh = Math.max(window.ssthresh, (window.cwnd >> 1) + (window.cwnd >> 2));
        }
    }

    /**
     * Something was sent, or could not be because the window is full. Linux: {@code tcp_cwnd_validate()}.
     *
     * @param isLimited the window is used up
     */
    void afterSending(TcpSock sock, boolean isLimited, long nowNs) {
        final CongestionWindow window = sock.congestion;
        if (isLimited
                || SeqNum.isAfterOrAt(sock.sndUna, sock.cwndUsageSeq)
                || !window.isLimited && sock.packetsOut > window.maxInFlight) {
            window.isLimited = isLimited;
            window.maxInFlight = sock.packetsOut;
            sock.cwndUsageSeq = sock.sndNxt;
        }
        if (window.isCwndLimited()) {
            sock.cwndUsed = 0;
            sock.cwndStampNs = nowNs;
            return;
        }
        sock.cwndUsed = Math.max(sock.cwndUsed, sock.packetsOut);
        if (isSlowStartAfterIdle && nowNs - sock.cwndStampNs >= sock.rtoNs && !sock.congestionControl.hasControl()) {
            lowerToUse(sock, nowNs);
        }
    }

    /**
     * Half way down to what was used; not where a full send buffer was to blame. Linux: tcp_cwnd_application_limited().
     */
    private void lowerToUse(TcpSock sock, long nowNs) {
        if (sock.congestionState == CongestionState.OPEN && !sock.isWaitingForRoom) {
            final int used = Math.max(sock.cwndUsed, initialWindow);
            if (used < sock.congestion.cwnd) {
                keepThreshold(sock);
                sock.congestion.cwnd = (sock.congestion.cwnd + used) >> 1;
            }
            sock.cwndUsed = 0;
        }
        sock.cwndStampNs = nowNs;
    }
}
