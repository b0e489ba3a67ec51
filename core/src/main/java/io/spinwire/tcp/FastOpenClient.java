package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;

/**
 * The connecting side of Fast Open, RFC 7413: with a cookie, connect waits for the first bytes and sends them in the
 * SYN; without one, the SYN asks for it. Cookies are kept with the path. A SYN that is sent again has neither, so a
 * network that drops such SYNs costs one timeout. Engine thread only. Linux: {@code tcp_fastopen_defer_connect()},
 * {@code tcp_send_syn_data()}, {@code tcp_rcv_fastopen_synack()}.
 */
final class FastOpenClient {
    private static final int DEFAULT_MSS = 536; // RFC 7413 section 4.1.3: where none is known
    private static final int MAX_OPTIONS = 40; // Linux: MAX_TCP_OPTION_SPACE

    // Why a SYN brought no data, or in vain. Linux: enum tcp_fastopen_client_fail.
    private static final byte COOKIE_UNAVAILABLE = 1;
    private static final byte DATA_NOT_ACKED = 2;
    private static final byte SYN_RETRANSMITTED = 3;

    private final PathTable paths;
    private final FastOpenBlackHole blackHole;
    private final CongestionSignals congestion;
    private final OutSegment out;
    private final Counters counters;
    private final boolean isOn;
    private final boolean isWithoutCookie;

    FastOpenClient(
            PathTable paths,
            FastOpenBlackHole blackHole,
            CongestionSignals congestion,
            OutSegment out,
            Counters counters,
            TcpConfig config) {
        this.paths = paths;
        this.blackHole = blackHole;
        this.congestion = congestion;
        this.out = out;
        this.counters = counters;
        isOn = config.fastOpenClient();
        isWithoutCookie = config.fastOpenWithoutCookie();
    }

    private boolean isMeant(TcpSock sock, long nowNs) {
        return isOn && sock.options.fastOpen() && !blackHole.isAvoided(sock, nowNs);
    }

    private boolean isWithoutCookie(TcpSock sock) {
        return isWithoutCookie || sock.options.fastOpenWithoutCookie();
    }

    /** Whether connect waits for bytes that its SYN can bring. */
    boolean isDeferred(TcpSock sock, long nowNs) {
        if (!isMeant(sock, nowNs)) {
            return false;
        }
        final int path = paths.find(sock.addressPair);
        return isWithoutCookie(sock) || path != PathTable.NONE && paths.cookieLength(path) > 0;
    }

    /**
     * Sets the option of the SYN that is sent next; {@link #withoutOption} takes it back.
     *
     * @param waiting bytes that have been written
     * @return of them, those that go in the SYN
     */
    int prepareSyn(TcpSock sock, int waiting, long nowNs) {
        if (!isMeant(sock, nowNs)) {
            return 0;
        }
        final int path = paths.find(sock.addressPair);
        sock.isFastOpenSyn = true;
        out.isCookieExperimental = isExperimental(path);
        sock.isFastOpenExperimental = out.isCookieExperimental;
        if (!isWithoutCookie(sock) && !putCookie(sock, path, waiting)) {
            return 0;
        }
        final int known = path == PathTable.NONE ? 0 : paths.mss(path);
        final int mss = Math.min(known == 0 ? DEFAULT_MSS : known, sock.mss);
        return Math.clamp(mss - MAX_OPTIONS, 0, waiting);
    }

    /** The cookie, or where there is none, or no more, the request for one. */
    private boolean putCookie(TcpSock sock, int path, int waiting) {
        out.cookieLength = 0;
        if (waiting == 0 || path == PathTable.NONE || paths.cookieLength(path) == 0) {
            sock.fastOpenFailure = COOKIE_UNAVAILABLE;
            return false;
        }
        out.cookieLength = paths.cookieLength(path);
        out.cookieHigh = paths.cookieHigh(path);
        out.cookieLow = paths.cookieLow(path);
        return true;
    }

    /** Hosts that did not understand the option may know its older form. */
    private boolean isExperimental(int path) {
        return path != PathTable.NONE
                && (paths.cookieForm(path) & (PathTable.EXPERIMENTAL | PathTable.TO_BE_TRIED)) != 0;
    }

    void withoutOption() {
        out.cookieLength = Segment.NO_COOKIE;
    }

    /**
     * The SYN-ACK has been taken, and the connection established: keeps its cookie, and sends again what it left.
     * Answers whether its data is to be taken.
     */
    boolean onSynAck(TcpSock sock, Segment synAck) {
        if (!sock.isFastOpenSyn) {
            return false; // RFC 7413 section 4.1.3: a cookie that was not asked for is ignored
        }
        final boolean isDataLeft = sock.packetsOut > 0;
        final int path = paths.findOrAdd(sock.addressPair, synAck.receivedNs);
        if (path != PathTable.NONE) {
            paths.setMss(path, synAck.mss == 0 ? DEFAULT_MSS : synAck.mss);
            if (synAck.cookieLength > 0) {
                paths.setCookie(path, synAck.cookieLength, synAck.cookieHigh, synAck.cookieLow);
                paths.setCookieForm(path, synAck.isCookieExperimental ? PathTable.EXPERIMENTAL : 0);
            } else if (synAck.cookieLength == Segment.NO_COOKIE && sock.totalRetrans == 0 && !sock.hasSynData) {
                noteNotUnderstood(sock, path);
            }
            final boolean isDropped = sock.totalRetrans > 0 && synAck.cookieLength == Segment.NO_COOKIE && isDataLeft;
            paths.setSynDrops(path, isDropped ? paths.synDrops(path) + 1 : 0);
        }
        if (isDataLeft) {
            counters.increment(Counter.TcpFastOpenActiveFail);
            sock.fastOpenFailure = sock.totalRetrans > 0 ? SYN_RETRANSMITTED : DATA_NOT_ACKED;
            sendAgain(sock, synAck.receivedNs);
            return false;
        }
        if (sock.hasSynData) {
            counters.increment(Counter.TcpFastOpenActive);
            sock.delivered = 1; // SYN and data were two records, and one segment
        }
        return true;
    }

    /** Asked for a cookie, the host gave none. */
    private void noteNotUnderstood(TcpSock sock, int path) {
        final int form = paths.cookieForm(path);
        if (sock.isFastOpenExperimental && form == PathTable.TO_BE_TRIED) {
            paths.setCookieForm(path, PathTable.NOT_UNDERSTOOD);
        } else if (!sock.isFastOpenExperimental && form == 0 && paths.cookieLength(path) == 0) {
            paths.setCookieForm(path, PathTable.TO_BE_TRIED);
        }
    }

    /** RFC 7413 section 4.2.2: at once, and it says nothing of congestion. */
    private void sendAgain(TcpSock sock, long nowNs) {
        sock.hasSynData = false;
        for (int i = 0; i < sock.packetsOut; i++) {
            LossMarks.markLost(sock, i);
        }
        sock.highSeq = sock.sndNxt;
        congestion.setState(sock, CongestionState.LOSS, nowNs);
        sock.rexmit = Retransmit.LOST;
    }
}
