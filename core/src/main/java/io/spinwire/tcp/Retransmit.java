package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.TcpState;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * Sends again what is in the rtx queue: one record, or all that are taken for lost as far as the window allows. Engine
 * thread only. Linux: {@code tcp_retransmit_skb()}, {@code tcp_xmit_retransmit_queue()}.
 */
final class Retransmit {
    private final Transmit transmit;
    private final Counters counters;

    Retransmit(Transmit transmit, Counters counters) {
        this.transmit = transmit;
        this.counters = counters;
    }

    /** Marks a record lost, unless it is already. */
    static void markLost(TcpSock sock, int record) {
        final RtxQueue queue = sock.rtxQueue;
        final int flags = queue.flags(record);
        if ((flags & RtxQueue.LOST) == 0) {
            queue.setFlags(record, flags | RtxQueue.LOST);
            sock.lostOut++;
            sock.lost++;
            limitSacked(sock);
        }
    }

    /**
     * Duplicate ACKs cannot speak of more segments than there are besides the lost ones. Linux:
     * tcp_limit_reno_sacked().
     */
    static void limitSacked(TcpSock sock) {
        final int holes = Math.min(Math.max(sock.lostOut, 1), sock.packetsOut);
        sock.sackedOut = Math.min(sock.sackedOut, sock.packetsOut - holes);
    }

    /** After an ACK there are fewer segments to speak of. */
    static void limitSackedAfterAck(TcpSock sock) {
        if (sock.sackedOut > 0) {
            sock.sackedOut = Math.max(Math.min(sock.sackedOut, sock.packetsOut - sock.lostOut), 0);
        }
    }

    static boolean hasLostToSend(TcpSock sock) {
        return sock.lostOut > 0 && sock.retransOut < sock.lostOut && sock.inFlight() < sock.congestion.cwnd;
    }

    /**
     * Sends lost segments again, oldest first, while the congestion window allows.
     *
     * @return false when a frame was refused: to be tried again
     */
    boolean sendLost(TcpSock sock, long nowNs) {
        final RtxQueue queue = sock.rtxQueue;
        int burst = 0;
        for (int i = 0; hasLostToSend(sock) && i < queue.size(); i++) {
            if ((queue.flags(i) & (RtxQueue.LOST | RtxQueue.RETRANSMITTED)) == RtxQueue.LOST) {
                burst = burst == 0 ? transmit.pacing().burst(sock, nowNs) : burst;
                if (burst == 0 || !fitsWindow(sock, queue.seq(i))) {
                    return true;
                }
                burst--;
                if (!send(sock, i, nowNs)) {
                    return false;
                }
                count(sock);
            }
        }
        return true;
    }

    private void count(TcpSock sock) {
        if (sock.congestionState == CongestionState.RECOVERY) {
            sock.congestion.prrOut++;
            counters.increment(Counter.TcpFastRetrans);
        } else {
            counters.increment(Counter.TcpSlowStartRetrans);
        }
    }

    private static boolean fitsWindow(TcpSock sock, int seq) {
        return seq == sock.sndUna || SeqNum.isBefore(seq, sock.sndWindowEnd());
    }

    /**
     * Sends one record again, cut to the segment size and to the peer's window.
     *
     * @return false when a frame was refused
     */
    boolean send(TcpSock sock, int record, long nowNs) {
        MtuProber.onRetransmit(sock);
        final RtxQueue queue = sock.rtxQueue;
        final int seq = queue.seq(record);
        final int flags = queue.flags(record);
        int dataLength = queue.endSeq(record) - seq - (flags & RtxQueue.SYN) - ((flags & RtxQueue.FIN) >> 1);
        final int fit = fittingLength(sock, seq);
        if (dataLength > fit) {
            if (!split(sock, record, seq + fit)) {
                return false;
            }
            dataLength = fit;
        }
        if (sock.retransStampNs == 0) {
            sock.retransStampNs = queue.sentNs(record); // also when it is refused: time counts from the first attempt
        }
        if (!transmit.send(sock, seq, dataLength, headerFlags(sock, record, dataLength), nowNs)) {
            return false;
        }
        noteSent(sock, record, dataLength, nowNs);
        return true;
    }

    private static int fittingLength(TcpSock sock, int seq) {
        final int window = sock.sndWindowEnd() - seq;
        final int mss = TcpOutput.payload(sock);
        return window <= 0 || window > mss ? mss : window;
    }

    private static boolean split(TcpSock sock, int record, int atSeq) {
        final RtxQueue queue = sock.rtxQueue;
        if (!queue.split(record, atSeq)) {
            return false;
        }
        sock.packetsOut++;
        final int flags = queue.flags(record + 1);
        if ((flags & RtxQueue.LOST) != 0) {
            sock.lostOut++;
        }
        if ((flags & RtxQueue.RETRANSMITTED) != 0) {
            sock.retransOut++;
        }
        return true;
    }

    private static int headerFlags(TcpSock sock, int record, int dataLength) {
        final int flags = sock.rtxQueue.flags(record);
        if ((flags & RtxQueue.SYN) != 0) {
            return sock.state == TcpState.SYN_SENT ? SYN : SYN | ACK;
        }
        final boolean isLast = sock.rtxQueue.seq(record) + dataLength == sock.writeSeq;
        final int push = dataLength > 0 && isLast ? PSH : 0;
        return (flags & RtxQueue.FIN) != 0 ? FIN | push | ACK : push | ACK;
    }

    private void noteSent(TcpSock sock, int record, int dataLength, long nowNs) {
        final RtxQueue queue = sock.rtxQueue;
        if ((queue.flags(record) & RtxQueue.RETRANSMITTED) == 0) {
            sock.retransOut++;
        }
        queue.markRetransmitted(record, nowNs);
        DeliveryRate.onSent(sock, record, nowNs);
        sock.totalRetrans++;
        sock.bytesRetrans += dataLength;
        counters.increment(Counter.TcpRetransSegs);
    }
}
