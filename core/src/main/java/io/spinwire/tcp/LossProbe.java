package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.SeqNum;

/**
 * Tail loss probe, RFC 8985 section 7: when nothing comes back of the end of a flight, a segment is sent that makes the
 * peer speak, before the timeout. Engine thread only. Linux: {@code tcp_send_loss_probe()},
 * {@code tcp_process_tlp_ack()}.
 */
final class LossProbe {
    private final Probing probing;
    private final Retransmit retransmit;
    private final Reduction reduction;
    private final XmitTimer xmitTimer;
    private final Counters counters;

    LossProbe(Probing probing, Retransmit retransmit, Reduction reduction, XmitTimer xmitTimer, Counters counters) {
        this.probing = probing;
        this.retransmit = retransmit;
        this.reduction = reduction;
        this.xmitTimer = xmitTimer;
        this.counters = counters;
    }

    /** The probe is due: new data if the peer's window takes it, or else the last segment again. */
    void onTimer(TcpSock sock, long nowNs) {
        if (!sock.hasTlp && send(sock, nowNs)) { // one probe is enough
            sock.hasTlp = true;
            sock.tlpHighSeq = sock.sndNxt;
            counters.increment(Counter.TcpLossProbes);
            sock.rtxTimer = SockTimers.NONE; // the timeout runs from now on
        }
        xmitTimer.rearm(sock, nowNs);
    }

    private boolean send(TcpSock sock, long nowNs) {
        sock.isTlpRetransmission = false;
        if (probing.hasNew(sock)) {
            return probing.sendNew(sock, nowNs);
        }
        final RtxQueue queue = sock.rtxQueue;
        int last = queue.size() - 1;
        if (retransmit.isWaiting(sock, last)) {
            return false;
        }
        final int length = queue.endSeq(last) - queue.seq(last) - ((queue.flags(last) & RtxQueue.FIN) >> 1);
        if (length > sock.mss) {
            final int cut = (length - 1) / sock.mss * sock.mss;
            if (!LossMarks.split(sock, last, queue.seq(last) + cut)) {
                return false;
            }
            last++;
        }
        sock.isTlpRetransmission = retransmit.sendProbe(sock, last, nowNs);
        return sock.isTlpRetransmission;
    }

    /** What an ACK says about the probe. RFC 8985 section 7.4. */
    void onAck(TcpSock sock, AckResult ack) {
        if (SeqNum.isBefore(sock.sndUna, sock.tlpHighSeq)) {
            return;
        }
        if (!sock.isTlpRetransmission || ack.has(AckResult.DSACK_TLP)) {
            sock.hasTlp = false; // new data has arrived; or both the original and the probe have
        } else if (SeqNum.isAfter(sock.sndUna, sock.tlpHighSeq)) {
            reduction.onProbeRepaired(sock, ack.nowNs); // the original was lost
        } else if (!ack.has(AckResult.SND_UNA_ADVANCED | AckResult.NOT_DUP | AckResult.DATA_SACKED)) {
            sock.hasTlp = false; // a duplicate ACK: the probe came second
        }
    }
}
