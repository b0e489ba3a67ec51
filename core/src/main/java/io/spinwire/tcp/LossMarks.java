package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.wire.SeqNum;

/** Marks on records of the rtx queue, and the counts that go with them. No state. Engine thread only. */
final class LossMarks {
    private LossMarks() {}

    /**
     * Takes a record for lost, or its retransmission if that was in flight. Linux: {@code tcp_mark_skb_lost()}.
     *
     * @return true when it was a retransmission that was lost
     */
    static boolean markLost(TcpSock sock, int record) {
        final RtxQueue queue = sock.rtxQueue;
        final int flags = queue.flags(record);
        if ((flags & RtxQueue.SACKED) != 0) {
            return false;
        }
        lowerRetransmitHint(sock, record);
        if ((flags & RtxQueue.LOST) == 0) {
            queue.setFlags(record, flags | RtxQueue.LOST);
            sock.lostOut++;
            tellLost(sock, record);
        } else if ((flags & RtxQueue.RETRANSMITTED) != 0) {
            queue.setFlags(record, flags & ~RtxQueue.RETRANSMITTED);
            sock.retransOut--;
            tellLost(sock, record);
            return true;
        }
        return false;
    }

    /** Linux: {@code tcp_notify_skb_loss_event()}. */
    private static void tellLost(TcpSock sock, int record) {
        sock.lost++;
        if (sock.congestionControl.hasControl()) {
            final RtxQueue queue = sock.rtxQueue;
            final boolean isAppLimited = (queue.flags(record) & RtxQueue.APP_LIMITED) != 0;
            sock.congestionControl.onLost(sock.lost - queue.lost(record), queue.inFlight(record), isAppLimited);
        }
    }

    /** Linux: {@code tcp_verify_retransmit_hint()}. */
    private static void lowerRetransmitHint(TcpSock sock, int record) {
        final RtxQueue queue = sock.rtxQueue;
        final boolean isFirst =
                queue.hasRetransmitHint() ? record < queue.retransmitHint() : sock.retransOut >= sock.lostOut;
        if (isFirst) {
            queue.setRetransmitHint(record);
        }
    }

    /** Nothing is lost: it was late. */
    static void unmarkAll(TcpSock sock) {
        for (int i = 0; sock.lostOut > 0 && i < sock.packetsOut; i++) {
            final int flags = sock.rtxQueue.flags(i);
            if ((flags & RtxQueue.LOST) != 0) {
                sock.rtxQueue.setFlags(i, flags & ~RtxQueue.LOST);
                sock.lostOut--;
            }
        }
        if (sock.rtxQueue != null) {
            sock.rtxQueue.clearRetransmitHint();
        }
    }

    /** The record is acknowledged. */
    static void forget(TcpSock sock, int flags) {
        if ((flags & RtxQueue.SACKED) != 0) {
            sock.sackedOut--;
        }
        if ((flags & RtxQueue.LOST) != 0) {
            sock.lostOut--;
        }
        if ((flags & RtxQueue.RETRANSMITTED) != 0) {
            sock.retransOut--;
        }
    }

    /** Cuts a record in two, which both count. False when there is no memory. Linux: {@code tcp_fragment()}. */
    static boolean split(TcpSock sock, int record, int atSeq) {
        if (!sock.rtxQueue.split(record, atSeq)) {
            return false;
        }
        sock.packetsOut++;
        final int flags = sock.rtxQueue.flags(record);
        sock.sackedOut += (flags & RtxQueue.SACKED) != 0 ? 1 : 0;
        sock.lostOut += (flags & RtxQueue.LOST) != 0 ? 1 : 0;
        sock.retransOut += (flags & RtxQueue.RETRANSMITTED) != 0 ? 1 : 0;
        return true;
    }

    /** Makes one of two records, of which the second counts no more. */
    static void merge(TcpSock sock, int record) {
        forget(sock, sock.rtxQueue.flags(record + 1));
        if (!sock.hasSack) {
            sock.sackedOut -= Math.min(sock.sackedOut, 1);
        }
        sock.packetsOut--;
        sock.rtxQueue.merge(record);
    }

    /** Something in flight has been retransmitted. Linux: {@code tcp_any_retrans_done()}. */
    static boolean isAnyRetransmitted(TcpSock sock) {
        return sock.retransOut > 0
                || sock.packetsOut > 0 && (sock.rtxQueue.flags(0) & RtxQueue.EVER_RETRANSMITTED) != 0;
    }

    /** Whether the record was sent after the other point of the order by time. Linux: {@code tcp_skb_sent_after()}. */
    static boolean isSentAfter(long sentNs, int endSeq, long otherNs, int otherEndSeq) {
        return sentNs > otherNs || sentNs == otherNs && SeqNum.isAfter(endSeq, otherEndSeq);
    }
}
