package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpOptions;

/**
 * How a receive buffer grows, dynamic right-sizing: the application should be able to read in one round trip what the
 * peer sends in two, and the window follows what arrives. Sizes are in Linux's measure, in which a segment costs the
 * memory of a packet buffer, so that windows on the wire are the same; a ring of ours costs less. Engine thread only.
 * Linux: {@code tcp_rcv_space_adjust()}, {@code tcp_rcvbuf_grow()}, {@code tcp_grow_window()}.
 *
 * <p>Example: 14480 bytes were read in the last round trip, 28960 in this: the sender doubles, so twice as much and
 * four times the growth is allowed for: 57920 + 2 * 57920 = 173760 bytes of window.
 */
final class ReceiveTuning {
    /** Before a full segment has come, half is thought to be overhead. Linux: TCP_DEFAULT_SCALING_RATIO. */
    static final short DEFAULT_RATIO = 128;

    private static final int RATIO_SHIFT = 8; // Linux: TCP_RMEM_TO_WIN_SCALE
    private static final int INITIAL_SEGMENTS = 10; // Linux: TCP_INIT_CWND
    private static final int LEAST_GROWING = 128; // Linux: a smaller segment says nothing of a bulk transfer
    private static final int PRESSURE_SEGMENTS = 4; // Linux: tcp_adjust_rcv_ssthresh()
    private static final int BUFFER_OVERHEAD = 256; // Linux: struct sk_buff
    private static final int FRAME_OVERHEAD = 424; // Linux: headers, headroom, struct skb_shared_info
    private static final int PAGE = 4096;
    private static final int MAX_SLAB_BUFFER = 2 * PAGE;
    private static final int US = 1000;

    private final LentQueues queues;
    private final boolean isOn;
    private final int bufferMax;

    ReceiveTuning(TcpConfig config, LentQueues queues) {
        this.queues = queues;
        isOn = config.receiveAutoTuning();
        bufferMax = config.receiveBufferMax();
    }

    // ---- The measure ----

    /** Window that a buffer of {@code bytes} can keep. Linux: {@code tcp_win_from_space()}. */
    static int windowFrom(TcpSock sock, int bytes) {
        return (int) ((long) bytes * sock.rcvRatio >> RATIO_SHIFT);
    }

    /** The same for the socket's own buffer, and its ring where that cannot grow. Linux: {@code tcp_full_space()}. */
    static int space(TcpSock sock) {
        return Math.min(windowFrom(sock, sock.rcvBuf), sock.rcvCapacity);
    }

    /** Memory that Linux spends on a segment: a packet buffer of a size in which the kernel allocates. */
    static int truesize(int length) {
        final int bytes = length + FRAME_OVERHEAD;
        return BUFFER_OVERHEAD
                + (bytes <= MAX_SLAB_BUFFER ? Integer.highestOneBit(bytes - 1) << 1 : (bytes + PAGE - 1) / PAGE * PAGE);
    }

    private static int advMss(TcpSock sock) {
        return sock.hasTimestamps ? sock.advMss - TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : sock.advMss;
    }

    private static int micros(long ns) {
        return (int) (ns / US);
    }

    // ---- Events ----

    /** The connection is established. Linux: {@code tcp_init_buffer_space()}. */
    static void init(TcpSock sock, long nowNs) {
        final int advMss = advMss(sock);
        final int most = space(sock);
        int clamp = Math.min(sock.windowClamp, most);
        if (clamp > 2 * advMss && clamp + advMss > most) {
            clamp = Math.max(2 * advMss, most - advMss); // one segment is kept back
        }
        sock.windowClamp = clamp;
        sock.rcvSsthresh = Math.min(sock.rcvSsthresh, clamp);
        sock.rcvqSpace = Math.min(Math.min(sock.rcvSsthresh, sock.rcvWnd), INITIAL_SEGMENTS * advMss);
        sock.rcvqSeq = sock.rcvNxt;
        sock.rcvqStartUs = micros(nowNs);
        sock.rcvRttUs = 0;
        sock.rcvRttStartUs = 0;
        sock.rcvRttTsEcr = 0;
    }

    /** The peer's segments are of this size: that tells how much of the buffer is overhead. */
    static void onSegmentSize(TcpSock sock, int length) {
        final int ratio = Math.clamp(((long) length << RATIO_SHIFT) / truesize(length), 1, (1 << RATIO_SHIFT) - 1);
        if (ratio != sock.rcvRatio) {
            sock.rcvRatio = (short) ratio;
            ReceiveWindow.setClamp(sock, windowFrom(sock, sock.rcvBuf));
            sock.rcvqSpace = Math.min(sock.rcvqSpace, sock.windowClamp);
        }
    }

    /** Data was queued in order, {@code length} bytes of it. Linux: a part of {@code tcp_event_data_recv()}. */
    void onData(TcpSock sock, Segment segment, int length) {
        if (!SeqNum.isBefore(sock.rcvNxt, sock.rcvRttSeq) || sock.rcvRttStartUs == 0) {
            measureByWindow(sock, segment.receivedNs);
        }
        if (length >= LEAST_GROWING) {
            growWindow(sock, length);
        }
    }

    /** One window has come: that took a round trip or more. Linux: {@code tcp_rcv_rtt_measure()}. */
    private static void measureByWindow(TcpSock sock, long nowNs) {
        final int nowUs = micros(nowNs);
        if (sock.rcvRttStartUs != 0) {
            final int sampleUs = Math.max(nowUs - sock.rcvRttStartUs, 1);
            if (sock.rcvRttUs == 0 || sampleUs < sock.rcvRttUs >> 3) {
                sock.rcvRttUs = sampleUs << 3; // the least of all: without timestamps it is too long as it is
            }
        }
        sock.rcvRttSeq = sock.rcvNxt + sock.rcvWnd;
        sock.rcvRttStartUs = nowUs;
    }

    /** A segment with data echoes a timestamp of ours; before it is queued. Linux: {@code tcp_rcv_rtt_measure_ts()}. */
    void onEcho(TcpSock sock, Segment segment) {
        if (!segment.hasTimestamps || segment.tsEcr == sock.rcvRttTsEcr) {
            return;
        }
        sock.rcvRttTsEcr = segment.tsEcr;
        final long sampleUs = segment.dataLength < sock.rcvMss ? 0 : sock.echoUs(segment);
        if (sampleUs <= 0 || sampleUs > Integer.MAX_VALUE >> 4) {
            return;
        }
        final int sample = (int) sampleUs;
        if (sock.rcvRttUs == 0 || sample << 3 < sock.rcvRttUs) {
            sock.rcvRttUs = sample << 3;
        } else if (sock.available() == 0) {
            sock.rcvRttUs += sample - (sock.rcvRttUs >> 3); // else the wait is for the application
        }
    }

    /** More is offered where there is room: the peer is in slow start. Linux: {@code tcp_grow_window()}. */
    void growWindow(TcpSock sock, int length) {
        final int unread = Math.max(sock.available(), length); // it may lie in its frame still
        final int room = Math.min(sock.windowClamp, space(sock) - unread) - sock.rcvSsthresh;
        if (room <= 0) {
            return;
        }
        if (queues.isUnderPressure()) {
            shrink(sock);
            return;
        }
        final int step = windowFrom(sock, truesize(length)) <= length ? 2 * advMss(sock) : smallStep(sock, length);
        if (step > 0) {
            sock.rcvSsthresh += Math.min(room, Math.max(step, 2 * length));
            sock.quickAcks |= 1;
        }
    }

    /** Segments that are mostly overhead: allowed while the buffer is small. Linux: {@code __tcp_grow_window()}. */
    private int smallStep(TcpSock sock, int length) {
        int cost = windowFrom(sock, truesize(length)) >> 1;
        for (int window = windowFrom(sock, bufferMax) >> 1; sock.rcvSsthresh <= window; window >>= 1) {
            if (cost <= length) {
                return 2 * sock.rcvMss;
            }
            cost >>= 1;
        }
        return 0;
    }

    /** Memory is short. Linux: {@code tcp_adjust_rcv_ssthresh()}. */
    static void shrink(TcpSock sock) {
        sock.rcvSsthresh = Math.min(sock.rcvSsthresh, PRESSURE_SEGMENTS * advMss(sock));
    }

    /** The application has read. Linux: {@code tcp_rcv_space_adjust()}. */
    void onRead(TcpSock sock) {
        if (sock.rcvRttUs == 0) {
            return;
        }
        final int nowUs = micros(sock.lastDataReceivedNs); // the last that is known is new enough
        if (nowUs - sock.rcvqStartUs < sock.rcvRttUs >> 3) {
            return;
        }
        final int copiedSeq = sock.copiedSeq();
        final int read = copiedSeq - sock.rcvqSeq - sock.available(); // what waits could not be read fast enough
        if (read > sock.rcvqSpace) {
            growBuffer(sock, read);
        }
        sock.rcvqSeq = copiedSeq;
        sock.rcvqStartUs = nowUs;
    }

    /** Data waits beyond a hole: room for it too. */
    void onOutOfOrder(TcpSock sock) {
        growBuffer(sock, sock.rcvqSpace);
    }

    /** Linux: {@code tcp_rcvbuf_grow()}. */
    private void growBuffer(TcpSock sock, int read) {
        final long before = Math.max(sock.rcvqSpace, 1);
        sock.rcvqSpace = read;
        if (!isOn || sock.options.receiveBuffer() != 0 || !sock.isInline()) {
            return;
        }
        long window = 2L * read; // what is seen now is one round trip old
        window += 2 * (window * (read - before) / before); // in slow start it doubles
        if (sock.outOfOrderQueue != null) {
            window += sock.outOfOrderQueue.span(sock.rcvNxt);
        }
        final int wanted = (int) Math.min((window << RATIO_SHIFT) / sock.rcvRatio, bufferMax);
        if (wanted > sock.rcvBuf) {
            sock.rcvBuf = wanted;
            ReceiveWindow.widen(sock);
        }
    }
}
