package io.spinwire.tcp;

import static io.spinwire.tcp.EcnOutput.DEMAND_CWR;
import static io.spinwire.tcp.EcnOutput.MARKED;
import static io.spinwire.tcp.EcnOutput.OK;
import static io.spinwire.tcp.EcnOutput.SEEN;
import static io.spinwire.wire.TcpHeader.CWR;
import static io.spinwire.wire.TcpHeader.ECE;

import io.spinwire.api.EcnMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.tcp.cc.CongestionEvent;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;

/**
 * RFC 3168 on the way in: what a handshake agrees on, marks on data, and the peer's answers to ours. That the window
 * falls when the peer echoes a mark is {@link Recovery}'s. Engine thread only. Linux: {@code tcp_ecn_check_ce()},
 * {@code tcp_ecn_accept_cwr()}.
 */
final class EcnInput {
    private static final int QUICK_ACKS = 2; // Linux: the sender may have a window of one segment

    private final EcnMode mode;
    private final AckPolicy ackPolicy;
    private final CongestionSignals congestion;
    private final Transmit transmit;

    EcnInput(TcpConfig config, AckPolicy ackPolicy, CongestionSignals congestion, Transmit transmit) {
        mode = config.ecn();
        this.ackPolicy = ackPolicy;
        this.congestion = congestion;
        this.transmit = transmit;
    }

    // ---- Opening ----

    /** Whether our SYN asks for it. Linux: {@code tcp_ecn_send_syn()}. */
    void onConnect(TcpSock sock) {
        sock.ecnFlags = mode == EcnMode.REQUEST || sock.congestionControl.needsEcn() ? OK : 0;
    }

    /**
     * The answer to our SYN, also where the peer's own SYN, which crossed it, asked for ECN: who gets a SYN-ACK without
     * it should not set ECT, RFC 3168 section 6.1.1. Linux: {@code tcp_ecn_rcv_synack()}.
     */
    static void onSynAck(TcpSock sock, Segment segment) {
        if (!segment.is(ECE) || segment.is(CWR)) {
            sock.ecnFlags = 0;
        }
    }

    /**
     * A SYN that crossed ours. RFC 3168 section 6.1.1: who has repeated his own without the request must not set ECT.
     * Linux: {@code tcp_ecn_rcv_syn()}, which forgets the latter.
     *
     * @param isFallbackOn a SYN of ours that was repeated did not ask again
     */
    static void onSyn(TcpSock sock, Segment segment, boolean isFallbackOn) {
        if (!segment.isEcnSetup() || isFallbackOn && sock.segsOut > 1) {
            sock.ecnFlags = 0;
        }
    }

    /**
     * Whether to agree to the request of a SYN that makes one: not where the SYN itself could be marked, which RFC 3168
     * section 6.1.1 forbids, and which a broken network may have done. Linux: {@code tcp_ecn_create_request()}.
     *
     * @param needsEcn the listener's congestion control cannot do without
     */
    boolean isAccepted(Segment syn, boolean needsEcn) {
        final boolean isMarkable = (syn.tos & Ipv4.ECN_MASK) != 0 && !TcpHeader.hasReservedBits(syn.control);
        return needsEcn || mode != EcnMode.OFF && !isMarkable;
    }

    // ---- Established ----

    /** The peer says that it has seen a mark of ours. Linux: {@code tcp_ecn_rcv_ecn_echo()}. */
    static boolean isEcho(TcpSock sock, Segment segment) {
        return segment.is(ECE) && (sock.ecnFlags & OK) != 0 && !segment.isSyn();
    }

    /** The peer may have reduced its window: no more echoes. It may be so small that it waits for the ACK. */
    static void acceptCwr(TcpSock sock, Segment segment) {
        if (segment.is(CWR) && (sock.ecnFlags & OK) != 0) {
            sock.ecnFlags &= ~DEMAND_CWR;
            sock.isAckNow |= segment.dataLength > 0;
        }
    }

    /** Data has been taken, in order or not. */
    void onData(TcpSock sock, Segment segment, int priorRcvNxt) {
        if ((sock.ecnFlags & OK) == 0) {
            return;
        }
        final int mark = segment.tos & Ipv4.ECN_MASK;
        if (mark == 0) {
            if ((sock.ecnFlags & SEEN) != 0) {
                ackPolicy.enterQuickAck(sock, QUICK_ACKS); // it is probably a retransmission
            }
            return;
        }
        sock.ecnFlags |= SEEN;
        if (sock.congestionControl.needsEcn()) {
            echoExactly(sock, mark == Ipv4.CE, priorRcvNxt, segment.receivedNs);
        }
        if (mark == Ipv4.CE && (sock.ecnFlags & DEMAND_CWR) == 0) {
            ackPolicy.enterQuickAck(sock, QUICK_ACKS);
            sock.ecnFlags |= DEMAND_CWR;
        }
    }

    /**
     * RFC 8257 section 3.2: ECE says of each byte whether it was marked, so that an ACK that waits is sent before the
     * marks change. Linux: {@code dctcp_ece_ack_update()}.
     */
    private void echoExactly(TcpSock sock, boolean isMarked, int priorRcvNxt, long nowNs) {
        if (isMarked != ((sock.ecnFlags & MARKED) != 0)) {
            if (sock.delackDeadlineNs != Long.MAX_VALUE) {
                transmit.sendAckUpTo(sock, priorRcvNxt, nowNs);
            }
            sock.isAckNow = true;
        }
        final int state = isMarked ? MARKED | DEMAND_CWR : 0;
        sock.ecnFlags = sock.ecnFlags & ~(MARKED | DEMAND_CWR) | state;
        congestion.tell(sock, isMarked ? CongestionEvent.ECN_IS_CE : CongestionEvent.ECN_NO_CE, nowNs);
    }
}
