package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.CWR;
import static io.spinwire.wire.TcpHeader.ECE;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.wire.Ipv4;
import io.spinwire.wire.SeqNum;

/**
 * RFC 3168 on the way out: which segments say that routers may mark them, and what is told of marks. A socket's
 * {@code ecnFlags} are made of the constants here; they are 0 where ECN was not agreed on. Engine thread only. Linux:
 * {@code tcp_ecn_send()}.
 */
final class EcnOutput {
    /** Both sides want it; before the peer's answer: we do. */
    static final int OK = 1;

    /** The window was reduced: the next new data tells the peer so. */
    static final int QUEUE_CWR = 1 << 1;

    /** A mark was seen: every segment says so until the peer has answered. */
    static final int DEMAND_CWR = 1 << 2;

    /** The peer's segments have been markable at least once. */
    static final int SEEN = 1 << 3;

    /** The last data came marked; kept for congestion controls that count marks. Linux: dctcp's ce_state. */
    static final int MARKED = 1 << 4;

    private EcnOutput() {}

    /** Flags and TOS of a segment about to be sent; nothing of the socket changes. */
    static void mark(TcpSock sock, OutSegment out, int dataLength, boolean isFallbackOn) {
        if ((out.flags & SYN) != 0) {
            markSyn(sock, out, isFallbackOn);
            return;
        }
        if (dataLength > 0 && SeqNum.isAfterOrAt(out.seq, sock.sndNxt)) {
            out.tos |= Ipv4.ECT_0; // RFC 3168 section 6.1.5: never what is sent again
            if ((sock.ecnFlags & QUEUE_CWR) != 0) {
                out.flags |= CWR;
            }
        } else if (sock.congestionControl.needsEcn()) {
            out.tos |= Ipv4.ECT_0; // RFC 8257 section 5
        }
        if ((sock.ecnFlags & DEMAND_CWR) != 0) {
            out.flags |= ECE;
        }
    }

    /** RFC 3168 section 6.1.1: asks for it in the first SYN only, for there are networks that drop such. */
    private static void markSyn(TcpSock sock, OutSegment out, boolean isFallbackOn) {
        if ((out.flags & ACK) != 0) {
            out.flags |= ECE;
        } else if (sock.segsOut == 0 || !isFallbackOn) {
            out.flags |= ECE | CWR;
        }
        if (sock.congestionControl.needsEcn()) {
            out.tos |= Ipv4.ECT_0;
        }
    }

    /** The segment is on its way. */
    static void onSent(TcpSock sock, OutSegment out) {
        if ((out.flags & CWR) != 0 && (out.flags & SYN) == 0) {
            sock.ecnFlags &= ~QUEUE_CWR;
        }
    }

    /** The window falls: the peer can stop asking for it. Linux: {@code tcp_ecn_queue_cwr()}. */
    static void queueCwr(TcpSock sock) {
        if ((sock.ecnFlags & OK) != 0) {
            sock.ecnFlags |= QUEUE_CWR;
        }
    }

    /** It did not have to fall. Linux: {@code tcp_ecn_withdraw_cwr()}. */
    static void withdrawCwr(TcpSock sock) {
        sock.ecnFlags &= ~QUEUE_CWR;
    }
}
