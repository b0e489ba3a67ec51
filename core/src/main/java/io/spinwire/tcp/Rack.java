package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.AckSample;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;

/**
 * Loss detection by time, RFC 8985: what was sent before something that has arrived, by more than a round trip and the
 * reordering window, is lost; retransmissions too. With {@code rack} off, by counting (RFC 6675 section 4). Engine
 * thread only. Linux: tcp_recovery.c.
 */
final class Rack {
    private static final byte RECOVERY_THRESH = 16; // RFC 8985 section 6.2 step 4, Linux: TCP_RACK_RECOVERY_THRESH
    private static final int MAX_STEPS = 255;

    /** Linux: TCP_TIMEOUT_MIN_US. */
    static final int TIMEOUT_MIN_US = 2_000;

    private final SockTimers timers;
    private final Counters counters;
    private final boolean isOn;

    Rack(SockTimers timers, Counters counters, TcpConfig config) {
        this.timers = timers;
        this.counters = counters;
        isOn = config.rack();
    }

    /** A segment has arrived: RFC 8985 section 6.2 step 2. Linux: {@code tcp_rack_advance()}. */
    static void advance(TcpSock sock, int flags, int endSeq, long sentNs, long nowNs) {
        final int rttUs = (int) ((nowNs - sentNs) / 1000);
        if ((flags & RtxQueue.EVER_RETRANSMITTED) != 0 && (sock.minRttUs == 0 || rttUs < sock.minRttUs)) {
            return; // it was the original that arrived, or it cannot be known
        }
        sock.isRackAdvanced = true;
        sock.rackRttUs = rttUs;
        if (LossMarks.isSentAfter(sentNs, endSeq, sock.rackNs, sock.rackEndSeq)) {
            sock.rackNs = sentNs;
            sock.rackEndSeq = endSeq;
        }
    }

    /**
     * The window grows with each round trip that reports a duplicate, and falls back after recoveries without. RFC 8985
     * section 6.2 step 4. Linux: {@code tcp_rack_update_reo_wnd()}.
     */
    static void updateWindow(TcpSock sock, AckSample sample) {
        if (sample.priorDelivered == 0) {
            return;
        }
        if (sample.priorDelivered - sock.rackLastDelivered < 0) {
            sock.isRackDsackSeen = false; // less than a round trip since the window was adjusted
        }
        if (sock.isRackDsackSeen) {
            sock.rackSteps = (short) Math.min(MAX_STEPS, sock.rackSteps + 1);
            sock.isRackDsackSeen = false;
            sock.rackLastDelivered = sock.delivered;
            sock.rackPersist = RECOVERY_THRESH;
        } else if (sock.rackPersist == 0) {
            sock.rackSteps = 1;
        }
    }

    /** A recovery that a report of duplicates has undone. */
    static void onSpuriousRecovery(TcpSock sock) {
        sock.rackPersist = (byte) Math.min(RECOVERY_THRESH, sock.rackPersist + 1);
    }

    /** A recovery that was needed. */
    static void onRecovered(TcpSock sock) {
        if (sock.rackPersist > 0) {
            sock.rackPersist--;
        }
    }

    /** Linux: {@code tcp_rack_reo_wnd()}. */
    private static int windowUs(TcpSock sock) {
        final boolean isRecovering = sock.congestionState.ordinal() >= CongestionState.RECOVERY.ordinal();
        if (sock.reordSeen == 0 && (isRecovering || sock.sackedOut >= sock.reordering)) {
            return 0; // no reordering has been seen on this path: three segments behind a hole are enough
        }
        return (int) Math.min((long) (sock.minRttUs >> 2) * sock.rackSteps, sock.srttUs >> 3);
    }

    /** Time that a record still has; 0 or less: it is overdue. Linux: {@code tcp_rack_skb_timeout()}. */
    static int leftUs(TcpSock sock, int record, int windowUs, long nowNs) {
        final long passedUs = (nowNs - sock.rtxQueue.sentNs(record)) / 1000;
        return Math.clamp(sock.rackRttUs + windowUs - passedUs, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /**
     * Marks what is lost, if anything has arrived that may say so. Sets the timer when some may be lost soon.
     *
     * @return true when it did
     */
    boolean markLost(TcpSock sock, long nowNs) {
        if (!isOn) {
            markLostByCount(sock);
            return false;
        }
        if (!sock.isRackAdvanced) {
            return false;
        }
        sock.isRackAdvanced = false;
        final int waitUs = detectLoss(sock, nowNs);
        if (waitUs > 0) {
            timers.armRtx(sock, SockTimers.REO_TIMEOUT, nowNs + (waitUs + TIMEOUT_MIN_US) * 1000L);
        }
        return waitUs > 0;
    }

    /** RFC 8985 section 6.2 step 5. Answers how long to wait for the others. Linux: {@code tcp_rack_detect_loss()}. */
    int detectLoss(TcpSock sock, long nowNs) {
        final RtxQueue queue = sock.rtxQueue;
        final int windowUs = windowUs(sock);
        int waitUs = 0;
        int record = queue.firstSent();
        while (record != RtxQueue.NOT_FOUND) {
            final int next = queue.sentAfter(record);
            final boolean isWaitingToBeSent =
                    (queue.flags(record) & (RtxQueue.LOST | RtxQueue.RETRANSMITTED)) == RtxQueue.LOST;
            if (!isWaitingToBeSent) {
                if (!LossMarks.isSentAfter(sock.rackNs, sock.rackEndSeq, queue.sentNs(record), queue.endSeq(record))) {
                    break;
                }
                final int leftUs = leftUs(sock, record, windowUs, nowNs);
                if (leftUs <= 0) {
                    mark(sock, record);
                } else {
                    waitUs = Math.max(waitUs, leftUs);
                }
            }
            record = next;
        }
        return waitUs;
    }

    private void mark(TcpSock sock, int record) {
        if (LossMarks.markLost(sock, record)) {
            counters.increment(Counter.TcpLostRetransmit);
        }
        sock.rtxQueue.unlist(record);
    }

    /**
     * RFC 6675 section 4, IsLost(): at least {@code reordering} segments above it have arrived. Once a record has been
     * counted as such it is marked, so that each ACK goes on from there.
     */
    private void markLostByCount(TcpSock sock) {
        final RtxQueue queue = sock.rtxQueue;
        int above = sock.sackedOut;
        for (int i = 0; i < queue.size() && above >= sock.reordering; i++) {
            final int flags = queue.flags(i);
            if ((flags & RtxQueue.SACKED) != 0) {
                above--;
            } else if ((flags & RtxQueue.LOST) == 0 && SeqNum.isBefore(queue.seq(i), sock.highestSack())) {
                mark(sock, i);
            }
        }
    }
}
