package io.spinwire.tcp;

import io.spinwire.wire.SeqNum;

/** Whether a segment that is not full may leave now. Engine thread only. Linux: {@code tcp_nagle_test()}. */
final class Nagle {
    private Nagle() {}

    /** RFC 9293 section 3.7.4 with Minshall's change: only an unacknowledged small segment holds back the next. */
    static boolean isOpen(TcpSock sock) {
        if (sock.isCorked && !sock.isUrgent) {
            return false;
        }
        return sock.isNoDelay
                || sock.isUrgent
                || sock.packetsOut == 0
                || SeqNum.isBeforeOrAt(sock.sndSml, sock.sndUna)
                || SeqNum.isAfter(sock.sndSml, sock.sndNxt);
    }
}
