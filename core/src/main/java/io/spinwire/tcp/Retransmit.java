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
    // What the output step is to do. Linux: enum of tcp_xmit_recovery().
    static final byte NOTHING = 0;

    /** New data only: F-RTO waits to see what it brings. Linux: REXMIT_NEW. */
    static final byte NEW = 1;

    /** What is lost, as far as the window allows. Linux: REXMIT_LOST. */
    static final byte LOST = 2;

    private static final int NOT_JOINED = RtxQueue.SYN | RtxQueue.SACKED | RtxQueue.REST;
    private static final int MARKS = RtxQueue.LOST | RtxQueue.RETRANSMITTED | RtxQueue.SACKED;

    private final Transmit transmit;
    private final XmitTimer xmitTimer;
    private final SmallQueues smallQueues;
    private final Counters counters;

    Retransmit(Transmit transmit, XmitTimer xmitTimer, SmallQueues smallQueues, Counters counters) {
        this.transmit = transmit;
        this.xmitTimer = xmitTimer;
        this.smallQueues = smallQueues;
        this.counters = counters;
    }

    XmitTimer xmitTimer() {
        return xmitTimer;
    }

    /**
     * Sends lost segments again, oldest first, while the congestion window allows.
     *
     * @return false when a frame was refused: to be tried again
     */
    boolean sendLost(TcpSock sock, long nowNs) {
        final RtxQueue queue = sock.rtxQueue;
        int burst = 0;
        boolean isHeld = false; // by pacing or the qdisc: it will be told to go on
        boolean isHeadSent = false;
        boolean isSent = true;
        boolean hasHole = false;
        for (int i = sock.packetsOut == 0 ? 0 : queue.retransmitHint(); i < sock.packetsOut && isSent; i++) {
            if (!hasHole) {
                queue.setRetransmitHint(i);
            }
            if (sock.inFlight() >= sock.congestion.cwnd || sock.retransOut >= sock.lostOut) {
                break;
            }
            final int flags = queue.flags(i);
            if ((flags & MARKS) == RtxQueue.LOST) {
                burst = burst == 0 ? transmit.pacing().burst(sock, nowNs) : burst;
                if (burst == 0 || smallQueues.isFull(sock) || isWaiting(sock, i)) {
                    isHeld = true;
                    break;
                }
                if (!fitsWindow(sock, queue.seq(i))) {
                    break;
                }
                burst--;
                isSent = send(sock, i, nowNs);
                if (isSent) {
                    count(sock);
                    isHeadSent |= i == 0;
                }
            } else {
                hasHole |= (flags & MARKS) == 0; // it may yet be found lost
            }
        }
        if (isHeadSent && sock.rtxTimer != SockTimers.REO_TIMEOUT) {
            xmitTimer.restart(sock, nowNs);
        }
        if (isSent && !isHeld) {
            sock.rexmit = NOTHING; // until the next ACK, whatever the windows left
        }
        return isSent;
    }

    /** Whether a record may not even have left the qdisc; output goes on when it has. */
    boolean isWaiting(TcpSock sock, int record) {
        return smallQueues.isWaiting(sock, sock.rtxQueue.sentNs(record));
    }

    private void count(TcpSock sock) {
        final boolean isLoss = sock.congestionState == CongestionState.LOSS;
        counters.increment(isLoss ? Counter.TcpSlowStartRetrans : Counter.TcpFastRetrans);
        if (Reduction.isReducing(sock)) {
            sock.congestion.prrOut++;
        }
    }

    private static boolean fitsWindow(TcpSock sock, int seq) {
        return seq == sock.sndUna || SeqNum.isBefore(seq, sock.sndWindowEnd());
    }

    /**
     * Sends one record again, cut to the segment size and to the peer's window, or joined with those after it.
     *
     * @return false when a frame was refused
     */
    boolean send(TcpSock sock, int record, long nowNs) {
        stamp(sock, nowNs);
        if (!sendAgain(sock, record, nowNs)) {
            return false;
        }
        final RtxQueue queue = sock.rtxQueue;
        if ((queue.flags(record) & RtxQueue.RETRANSMITTED) == 0) {
            sock.retransOut++;
        }
        queue.markRetransmitted(record, nowNs);
        DeliveryRate.onSent(sock, record, nowNs);
        sock.undoRetrans = Math.max(sock.undoRetrans, 0) + 1;
        return true;
    }

    /** The timeout's. False when no frame was to be had, or the original has not left the qdisc. */
    boolean sendHead(TcpSock sock, long nowNs) {
        stamp(sock, nowNs);
        return !isWaiting(sock, 0) && send(sock, 0, nowNs);
    }

    /** Also when it is refused: time counts from the first attempt. */
    private static void stamp(TcpSock sock, long nowNs) {
        if (sock.retransStampNs == 0) {
            sock.retransStampNs = nowNs;
        }
    }

    /** Sends a record again that is not taken for lost: a tail loss probe. False when a frame was refused. */
    boolean sendProbe(TcpSock sock, int record, long nowNs) {
        if (!sendAgain(sock, record, nowNs)) {
            return false;
        }
        sock.rtxQueue.markProbed(record, nowNs);
        DeliveryRate.onSent(sock, record, nowNs);
        return true;
    }

    /** Linux: {@code __tcp_retransmit_skb()}. */
    private boolean sendAgain(TcpSock sock, int record, long nowNs) {
        MtuProber.onRetransmit(sock);
        final int seq = sock.rtxQueue.seq(record);
        final int fit = fittingLength(sock, seq);
        int dataLength = dataLength(sock.rtxQueue, record);
        if (dataLength > fit) {
            if (!LossMarks.split(sock, record, seq + fit)) {
                return false;
            }
            sock.rtxQueue.setFlags(record + 1, sock.rtxQueue.flags(record + 1) | RtxQueue.REST);
            dataLength = fit;
        } else {
            dataLength = collapse(sock, record, dataLength, fit);
        }
        if (!transmit.send(sock, seq, dataLength, headerFlags(sock, record, dataLength), nowNs)) {
            return false;
        }
        sock.totalRetrans++;
        sock.bytesRetrans += dataLength;
        counters.increment(Counter.TcpRetransSegs);
        return true;
    }

    private static int dataLength(RtxQueue queue, int record) {
        final int flags = queue.flags(record);
        return queue.endSeq(record) - queue.seq(record) - (flags & RtxQueue.SYN) - ((flags & RtxQueue.FIN) >> 1);
    }

    private static int fittingLength(TcpSock sock, int seq) {
        final int window = sock.sndWindowEnd() - seq;
        final int mss = SegmentSize.payload(sock);
        return window <= 0 || window > mss ? mss : window;
    }

    /**
     * Small segments behind a small one leave with it. Linux: {@code tcp_retrans_try_collapse()}, with
     * tcp_retrans_collapse 1.
     *
     * @return data of the record then
     */
    private static int collapse(TcpSock sock, int record, int length, int fit) {
        final RtxQueue queue = sock.rtxQueue;
        int dataLength = length;
        while ((queue.flags(record) & NOT_JOINED) == 0 && record + 1 < queue.size()) {
            final int next = record + 1;
            final int joined = dataLength + dataLength(queue, next);
            final boolean isInWindow = SeqNum.isBeforeOrAt(queue.endSeq(next), sock.sndWindowEnd());
            if ((queue.flags(next) & RtxQueue.SACKED) != 0 || joined > fit || !isInWindow || dataLength >= fit) {
                break;
            }
            LossMarks.merge(sock, record);
            dataLength = joined;
        }
        return dataLength;
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
}
