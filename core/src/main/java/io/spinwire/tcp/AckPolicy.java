package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;
import static io.spinwire.wire.TcpHeader.SYN;
import static io.spinwire.wire.TcpHeader.URG;

import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.wire.TcpHeader;
import io.spinwire.wire.TcpOptions;

/**
 * Decides when data is acknowledged: RFC 1122 section 4.2.3.2 and RFC 5681 section 4.2, with Linux's quick ACKs at the
 * start and its delay that follows the peer's pace. Only decides; {@link TcpOutput} sends. Engine thread only.
 */
final class AckPolicy {
    private static final int DEFAULT_MSS = 536; // RFC 9293 section 3.7.1
    private static final int REMNANT = FIN | URG | SYN | PSH; // Linux: TCP_REMNANT; without, a segment is full
    private static final long PUSHED_MAX_ATO_NS = 500_000_000L; // Linux: HZ / 2

    private final long minAtoNs;
    private final long maxAtoNs;
    private final int maxQuickAcks;
    private final ReceiveWindow receiveWindow;
    private final ReceiveTuning tuning;
    private final SockTimers timers;
    private final Hooks hooks;

    AckPolicy(TcpConfig config, ReceiveWindow receiveWindow, ReceiveTuning tuning, SockTimers timers, Hooks hooks) {
        this.tuning = tuning;
        minAtoNs = config.minDelayedAckNs();
        maxAtoNs = config.maxDelayedAckNs();
        maxQuickAcks = config.quickAckSegments();
        this.receiveWindow = receiveWindow;
        this.timers = timers;
        this.hooks = hooks;
    }

    /** First estimate of the peer's segments. Linux: {@code tcp_initialize_rcv_mss()}. */
    void init(TcpSock sock) {
        int hint = Math.min(sock.advMss, sock.mss);
        hint = Math.min(hint, sock.rcvWnd / 2);
        hint = Math.min(hint, DEFAULT_MSS);
        sock.rcvMss = Math.max(hint, TcpConfig.MIN_MSS);
    }

    /**
     * Data arrived, of which {@code length} bytes are new: learn its size and pace. Linux:
     * {@code tcp_event_data_recv()}.
     */
    void onData(TcpSock sock, Segment segment, int length) {
        sock.isAckScheduled = true;
        measure(sock, segment);
        final long nowNs = segment.receivedNs;
        if (sock.atoNs == 0) {
            addQuickAcks(sock, maxQuickAcks);
            sock.atoNs = minAtoNs;
        } else {
            final long gapNs = nowNs - sock.lastDataReceivedNs;
            if (gapNs <= minAtoNs / 2) {
                sock.atoNs = (sock.atoNs >> 1) + minAtoNs / 2;
            } else if (gapNs < sock.atoNs) {
                sock.atoNs = Math.min((sock.atoNs >> 1) + gapNs, sock.rtoNs);
            } else if (gapNs > sock.rtoNs) {
                addQuickAcks(sock, maxQuickAcks); // the sender may have restarted slowly: help it
            }
        }
        sock.lastDataReceivedNs = nowNs;
        tuning.onData(sock, segment, length);
    }

    /** Linux: {@code tcp_measure_rcv_mss()}. */
    private static void measure(TcpSock sock, Segment segment) {
        final int length = segment.dataLength;
        final int lastSegSize = sock.lastSegSize;
        sock.lastSegSize = 0;
        if (length >= sock.rcvMss) {
            if (length != sock.rcvMss) {
                ReceiveTuning.onSegmentSize(sock, length);
                sock.rcvMss = Math.min(length, sock.advMss);
            }
            sock.isAckPushed |= segment.is(PSH); // likely the end of a write, whose writer may wait
            return;
        }
        final int whole = length + segment.headerLength;
        final boolean isFull = whole >= TcpConfig.MIN_MSS + TcpHeader.LENGTH && (segment.flags & REMNANT) == 0;
        if (isFull || whole >= DEFAULT_MSS + TcpHeader.LENGTH) {
            final int size = whole - usualHeader(sock); // a SACK option made it smaller
            sock.lastSegSize = size;
            if (size == lastSegSize) {
                sock.rcvMss = size;
                return;
            }
        }
        sock.isAckPushedTwice = sock.isAckPushed;
        sock.isAckPushed = true;
    }

    private static int usualHeader(TcpSock sock) {
        return TcpHeader.LENGTH + (sock.hasTimestamps ? TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : 0);
    }

    /** Linux: {@code tcp_enter_quickack_mode()}: after reordering, loss or a duplicate. */
    void enterQuickAck(TcpSock sock) {
        enterQuickAck(sock, maxQuickAcks);
    }

    /** The same, for fewer ACKs. */
    void enterQuickAck(TcpSock sock, int max) {
        addQuickAcks(sock, max);
        sock.isPingPong = false;
        sock.atoNs = minAtoNs;
    }

    private static void addQuickAcks(TcpSock sock, int max) {
        final int wanted = Math.max(sock.rcvWnd / (2 * Math.max(sock.rcvMss, 1)), 2);
        sock.quickAcks = Math.max(sock.quickAcks, Math.min(wanted, max));
    }

    /** A segment with data has been taken: ACK now, or later? Linux: {@code __tcp_ack_snd_check()}. */
    void check(TcpSock sock, Segment segment) {
        if (!sock.isAckScheduled && !sock.isAckNow) {
            return;
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.__tcp_ack_snd_check, sock.index, sock.rcvNxt - sock.rcvWup);
        }
        if (sock.isAckNow) {
            return;
        }
        if (isTwoSegments(sock, Math.max(sock.available(), segment.dataLength))
                || isQuickAck(sock)
                || sock.outOfOrderQueue != null) {
            sock.isAckNow = true;
        } else {
            scheduleDelayed(sock, segment.receivedNs);
        }
    }

    /** More than a full segment waits for its ACK, and the ACK will not tell of a smaller window. */
    private boolean isTwoSegments(TcpSock sock, int unread) {
        return sock.rcvNxt - sock.rcvWup > sock.rcvMss
                && (unread < sock.options.receiveLowWater() || receiveWindow.propose(sock, unread) >= sock.rcvWnd);
    }

    /** Linux: {@code tcp_in_quickack_mode()}. */
    private static boolean isQuickAck(TcpSock sock) {
        return sock.isQuickAck || sock.quickAcks > 0 && !sock.isPingPong;
    }

    /** Linux: {@code tcp_send_delayed_ack()}. */
    private void scheduleDelayed(TcpSock sock, long nowNs) {
        long atoNs = sock.atoNs;
        if (atoNs > minAtoNs) {
            long maxNs = sock.isPingPong || sock.isAckPushed ? maxAtoNs : PUSHED_MAX_ATO_NS;
            if (sock.srttUs != 0) {
                maxNs = Math.min(maxNs, Math.max((sock.srttUs >> 3) * 1000L, minAtoNs));
            }
            atoNs = Math.min(atoNs, maxNs);
        }
        atoNs = Math.min(atoNs, maxAtoNs);
        final long deadlineNs = nowNs + atoNs;
        if (sock.delackDeadlineNs != Long.MAX_VALUE) {
            if (sock.delackDeadlineNs <= nowNs + (atoNs >> 2)) {
                sock.isAckNow = true; // it would fire soon anyway
                return;
            }
            if (sock.delackDeadlineNs <= deadlineNs) {
                return;
            }
        }
        sock.delackDeadlineNs = deadlineNs;
        timers.arm(sock);
    }

    /** The delayed-ACK timer fired. Linux: {@code tcp_delack_timer_handler()}. */
    void onTimer(TcpSock sock) {
        if (!sock.isAckScheduled) {
            return;
        }
        if (sock.isPingPong) {
            sock.isPingPong = false;
            sock.atoNs = minAtoNs;
        } else {
            sock.atoNs = Math.min(sock.atoNs << 1, sock.rtoNs);
        }
        sock.isAckNow = true;
    }

    /** An ACK has left, alone or with data. Linux: {@code tcp_event_ack_sent()}. */
    static void onAckSent(TcpSock sock, long minAtoNs) {
        if (sock.quickAcks > 0) {
            sock.quickAcks--;
            if (sock.quickAcks == 0) {
                sock.atoNs = minAtoNs; // begins anew after quick ACKs
            }
        }
        sock.isAckNow = false;
        sock.isAckScheduled = false;
        sock.isAckPushed = false;
        sock.isAckPushedTwice = false;
        sock.delackDeadlineNs = Long.MAX_VALUE;
    }

    /** Data has left soon after data came: talk goes back and forth. Linux: {@code tcp_event_data_sent()}. */
    static void onDataSent(TcpSock sock, long nowNs) {
        if (nowNs - sock.lastDataReceivedNs < sock.atoNs) {
            sock.isPingPong = true;
        }
    }

    /** The application has read: is an ACK, or a wider window, worth sending? Linux: {@code tcp_cleanup_rbuf()}. */
    void onRead(TcpSock sock) {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_cleanup_rbuf, sock.index, sock.available());
        }
        if (sock.state == TcpState.SYN_SENT) {
            return; // nothing can have been read, and nothing can be acknowledged
        }
        tuning.onRead(sock);
        if (sock.isAckScheduled) {
            final boolean isPushed = sock.isAckPushedTwice || sock.isAckPushed && !sock.isPingPong;
            if (sock.rcvNxt - sock.rcvWup > sock.rcvMss || isPushed && sock.available() == 0) {
                sock.isAckNow = true;
                return;
            }
        }
        final int offered = sock.receiveWindow();
        if (!sock.isPeerClosed && 2 * offered <= sock.windowClamp) {
            final int proposed = receiveWindow.propose(sock, sock.available());
            if (proposed > 0 && proposed >= 2 * offered) {
                sock.isAckNow = true;
            }
        }
    }
}
