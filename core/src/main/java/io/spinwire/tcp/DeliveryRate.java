package io.spinwire.tcp;

import io.spinwire.queue.RtxQueue;
import io.spinwire.tcp.cc.AckSample;
import io.spinwire.wire.SeqNum;

/**
 * Measures the rate at which segments reach the peer: each record remembers how many had been delivered when it was
 * sent, so that its acknowledgment tells how many have been since, over the longer of the times of sending and of
 * acknowledging (draft-ietf-ccwg-bbr section 4.1). Called where records are sent and acknowledged. Engine thread only.
 * Linux: tcp_rate.c.
 */
final class DeliveryRate {
    private DeliveryRate() {}

    /**
     * A record has just been sent, for the first time or again; before it is counted in packetsOut. Linux:
     * {@code tcp_rate_skb_sent()}.
     */
    static void onSent(TcpSock sock, int record, long nowNs) {
        if (sock.packetsOut == 0) { // an idle time says nothing about the path
            sock.firstSentNs = nowNs;
            sock.deliveredNs = nowNs;
        }
        final RtxQueue queue = sock.rtxQueue;
        queue.putDelivered(record, sock.delivered, sock.deliveredCe, sock.deliveredNs);
        queue.putInFlight(record, sock.inFlight() + 1, sock.lost, sock.firstSentNs);
        if (sock.appLimited != 0) {
            queue.setFlags(record, queue.flags(record) | RtxQueue.APP_LIMITED);
        }
    }

    /**
     * A record is acknowledged, or reported selectively: the one sent last is the one that counts. Linux:
     * {@code tcp_rate_skb_delivered()}.
     */
    static void onDelivered(TcpSock sock, int record, AckSample sample) {
        final RtxQueue queue = sock.rtxQueue;
        final long deliveredNs = queue.deliveredNs(record);
        if (deliveredNs == 0) {
            return; // counted already, when it was reported selectively
        }
        final long sentNs = queue.sentNs(record);
        if (sample.priorDeliveredNs == 0
                || sentNs > sock.firstSentNs
                || sentNs == sock.firstSentNs && SeqNum.isAfter(queue.endSeq(record), sample.lastEndSeq)) {
            final int flags = queue.flags(record);
            sample.priorDelivered = queue.delivered(record);
            sample.priorDeliveredCe = queue.deliveredCe(record);
            sample.priorLost = queue.lost(record);
            sample.priorDeliveredNs = deliveredNs;
            sample.txInFlight = queue.inFlight(record);
            sample.isAppLimited = (flags & RtxQueue.APP_LIMITED) != 0;
            sample.isRetransmitted = (flags & RtxQueue.EVER_RETRANSMITTED) != 0;
            sample.lastEndSeq = queue.endSeq(record);
            sock.firstSentNs = sentNs;
            sample.sendIntervalUs = (sentNs - queue.firstSentNs(record)) / 1000;
        }
        queue.forgetDelivered(record);
    }

    /**
     * The end of an ACK that brought {@link AckSample#ackedSacked} and {@link AckSample#losses}: what it says about the
     * rate. Linux: {@code tcp_rate_gen()}.
     *
     * @param isReneging the peer took back what it had reported: no measurement
     */
    static void measure(TcpSock sock, AckSample sample, boolean isReneging, long nowNs) {
        if (sock.appLimited != 0 && sock.delivered - sock.appLimited > 0) {
            sock.appLimited = 0; // the gap that the application left has passed the peer
        }
        if (sample.ackedSacked > 0) {
            sock.deliveredNs = nowNs;
        }
        if (sample.priorDeliveredNs == 0 || isReneging) {
            return;
        }
        sample.rateDelivered = sock.delivered - sample.priorDelivered;
        sample.rateDeliveredCe = sock.deliveredCe - sample.priorDeliveredCe;
        sample.rateLost = sock.lost - sample.priorLost;
        final long intervalUs = Math.max(sample.sendIntervalUs, (nowNs - sample.priorDeliveredNs) / 1000);
        if (intervalUs < sock.minRttUs) {
            return; // faster than light: retransmitted in vain, or ACKs that were held back
        }
        sample.intervalUs = intervalUs;
        if (!sample.isAppLimited
                || (long) sample.rateDelivered * sock.rateIntervalUs >= (long) sock.rateDelivered * intervalUs) {
            sock.rateDelivered = sample.rateDelivered;
            sock.rateIntervalUs = (int) Math.min(intervalUs, Integer.MAX_VALUE);
            sock.isRateAppLimited = sample.isAppLimited;
        }
    }

    /**
     * The application is about to write: has it left the network less than it takes? Linux:
     * {@code tcp_rate_check_app_limited()}.
     */
    static void checkAppLimited(TcpSock sock) {
        if (sock.writeSeq - sock.sndNxt < sock.mss
                && sock.inFlight() < sock.congestion.cwnd
                && sock.lostOut <= sock.retransOut) {
            final int until = sock.delivered + sock.inFlight();
            sock.appLimited = until == 0 ? 1 : until;
        }
    }

    /** Bytes a second, as last measured; 0 before. Linux: {@code tcp_compute_delivery_rate()}. */
    static long bytesPerSecond(TcpSock sock) {
        return sock.rateIntervalUs == 0 ? 0 : (long) sock.rateDelivered * sock.mss * 1_000_000 / sock.rateIntervalUs;
    }
}
