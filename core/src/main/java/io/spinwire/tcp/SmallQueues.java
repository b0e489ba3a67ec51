package io.spinwire.tcp;

import io.spinwire.ip.IpOutput;
import io.spinwire.link.FrameOwner;
import io.spinwire.link.Qdisc;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * TCP Small Queues: a socket may have about a millisecond's worth of its rate in the qdisc, and two segments at the
 * least, so that a qdisc does not swallow a whole window. Its output goes on when frames leave. Egress, beside
 * {@link TcpOutput}; engine thread only. Linux: {@code tcp_small_queue_check()}, {@code tcp_tsq_handler()}.
 */
final class SmallQueues implements FrameOwner {
    /** Linux: tcp_limit_output_bytes. */
    private static final long LIMIT_OUTPUT_BYTES = 4L << 20;

    private static final int SEGMENTS = 2;

    /** Headers that come with a segment's payload; the qdisc counts whole frames. */
    private static final int HEADERS = 66;

    private static final int PACING_SHIFT = 10; // Linux: sk_pacing_shift

    private static final int SRTT_SHIFT = 3; // srttUs is in eighths

    private final Qdisc qdisc;
    private final SockPool socks;
    private final OutputList pending;
    private final boolean[] isThrottled; // by socket
    private final int slowStartPercent;
    private final int avoidancePercent;
    private final Counters counters;
    private IpOutput ip;
    private Reduction reduction;

    SmallQueues(SockPool socks, OutputList pending, TcpSetup setup) {
        qdisc = setup.qdisc();
        this.socks = socks;
        this.pending = pending;
        isThrottled = new boolean[qdisc.hasQueue() ? setup.limits().sockets() : 0];
        slowStartPercent = setup.config().pacingSlowStartPercent();
        avoidancePercent = setup.config().pacingAvoidancePercent();
        counters = setup.counters();
        qdisc.owner(this);
    }

    /** Names the rooms above that are told of drops. */
    void setReduction(IpOutput newIp, Reduction newReduction) {
        ip = newIp;
        reduction = newReduction;
    }

    /** Whether the socket has to wait until frames of its own have left; it is queued for output then. */
    boolean isFull(TcpSock sock) {
        if (!qdisc.hasQueue()) {
            return false;
        }
        final int queued = qdisc.queuedBytes(sock.index);
        final int least = SEGMENTS * (sock.mss + HEADERS);
        final boolean isFull = queued > least && (queued > millisecondOfOutput(sock) || qdisc.isFlowFull(sock.index));
        if (!isFull) {
            return false;
        }
        isThrottled[sock.index] = true;
        return true;
    }

    /** Linux: {@code tcp_update_pacing_rate()}, and sk_pacing_shift 10. */
    private long millisecondOfOutput(TcpSock sock) {
        if (sock.isPaced && sock.pacingRate > 0) {
            return sock.pacingRate >> PACING_SHIFT;
        }
        if (sock.srttUs == 0) {
            return LIMIT_OUTPUT_BYTES;
        }
        final boolean isSlowStart = sock.congestion.cwnd < sock.congestion.ssthresh >> 1;
        final long window = (long) Math.max(sock.congestion.cwnd, sock.packetsOut) * sock.mss;
        final long percent = isSlowStart ? slowStartPercent : avoidancePercent;
        return Math.min(window * 10 * percent / Math.max(sock.srttUs >> SRTT_SHIFT, 1), LIMIT_OUTPUT_BYTES);
    }

    /**
     * Whether what was sent at a time may still wait in the qdisc, so that sending it again would be of no use; the
     * socket is queued for output when its frames leave. Linux: {@code skb_still_in_host_queue()}.
     */
    boolean isWaiting(TcpSock sock, long sentNs) {
        if (!qdisc.hasQueue() || sentNs < qdisc.oldestQueuedNs(sock.index)) {
            return false;
        }
        isThrottled[sock.index] = true;
        counters.increment(Counter.TcpSpuriousRtxHostQueues);
        return true;
    }

    /**
     * A frame was refused. Where it was for a queue that is full, the host's own link is crowded. Linux: what
     * {@code tcp_transmit_skb()} does at NET_XMIT_DROP.
     */
    void onRefused(TcpSock sock) {
        if (qdisc.isFull()) {
            onLocalDrop(sock);
        }
    }

    private void onLocalDrop(TcpSock sock) {
        if (!sock.isFinished && sock.canSend() && !ip.isLocal(sock.dst)) {
            reduction.enterCwr(sock, socks.nowNs());
        }
    }

    /** Linux: {@code tcp_wfree()}. */
    @Override
    public void onFrameLeft(int index, boolean isDropped) {
        if (isDropped) {
            onLocalDrop(socks.get(index));
        }
        if (isThrottled[index]) {
            isThrottled[index] = false;
            final TcpSock sock = socks.get(index);
            if (!sock.isFinished) {
                pending.add(sock);
            }
        }
    }
}
