package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;

/**
 * How far an application may write ahead: the send buffer, which grows with the congestion window while the application
 * waits for room, and the limit of what is not sent yet. The buffer is in Linux's measure, in which a segment costs the
 * memory of a packet buffer. A socket of another thread has a ring instead, which does not grow. Engine thread only.
 * Linux: {@code tcp_sndbuf_expand()}, {@code tcp_check_space()}, {@code tcp_stream_memory_free()}.
 *
 * <p>Example: cwnd 10, segments of 1460, each of which costs 4352 bytes: 87040 bytes.
 */
final class SendSpace {
    /** No limit of what is not sent. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int LEAST_SEGMENTS = 10; // Linux: TCP_INIT_CWND
    private static final int HEADROOM = 320; // Linux: MAX_TCP_HEADER
    private static final int TAIL_OVERHEAD = 320; // Linux: struct skb_shared_info
    private static final int BUFFER_OVERHEAD = 256; // Linux: struct sk_buff

    private final LentQueues queues;
    private final OwedList owed;
    private final int least;

    SendSpace(TcpConfig config, LentQueues queues, OwedList owed) {
        this.queues = queues;
        this.owed = owed;
        least = config.sendBufferMin();
    }

    /** A socket's limits, from its options or else the configuration; what it has grown to, it keeps. */
    static void limit(TcpSock sock, TcpConfig config) {
        final int buffer = sock.options.sendBuffer();
        final int lowat = sock.options.notSentLowat();
        sock.sndBufMax = buffer == 0 ? config.sendBufferMax() : buffer;
        sock.sndBuf = buffer == 0 ? Math.max(sock.sndBuf, config.sendBuffer()) : buffer;
        sock.notSentLowat = lowat == 0 ? config.notSentLowat() : lowat;
    }

    /** Two congestion windows, or more where the congestion control wants so; never less than before. */
    static void expand(TcpSock sock) {
        final int segments = Math.max(Math.max(LEAST_SEGMENTS, sock.congestion.cwnd), sock.reordering + 1);
        final int windows = sock.congestionControl.hasControl() ? 3 : 2; // BBR's bursts need more: sndbuf_expand()
        final long wanted = (long) windows * segments * truesize(Math.max(sock.mssClamp, sock.mss));
        sock.sndBuf = (int) Math.max(sock.sndBuf, Math.min(wanted, sock.sndBufMax));
    }

    /** Memory that Linux allows for a segment in flight. */
    private static int truesize(int mss) {
        final int bytes = mss + HEADROOM + TAIL_OVERHEAD;
        return BUFFER_OVERHEAD + (Integer.highestOneBit(bytes - 1) << 1);
    }

    /** Something was acknowledged while the application waits for room. Linux: {@code tcp_should_expand_sndbuf()}. */
    void onAcked(TcpSock sock) {
        if (sock.sndBuf < sock.sndBufMax && sock.inFlight() < sock.congestion.cwnd && !queues.isHalfLent()) {
            expand(sock);
        }
    }

    /** Something was sent: less is unsent now, and an application that waits for that is told. */
    void onSent(TcpSock sock) {
        final boolean isAccepted = sock.facade != null; // before that, only its handshake is sent
        if (sock.notSentLowat != UNLIMITED
                && isAccepted
                && isFarBelowLowat(sock)
                && sock.facade.isWaitingForRoom(sock)) {
            owed.add(sock);
        }
    }

    /** Memory for more could not be had. Linux: {@code sk_stream_moderate_sndbuf()}. */
    void onNoMemory(TcpSock sock, int used) {
        if (sock.options.sendBuffer() == 0) {
            sock.sndBuf = Math.max(Math.min(sock.sndBuf, used >> 1), least);
        }
    }

    /** Bytes that may be written when so many wait already, unsent or not acknowledged. */
    static int room(TcpSock sock, int used) {
        final int room = sock.sndBuf - used;
        if (sock.notSentLowat == UNLIMITED) {
            return room;
        }
        final int left = sock.notSentLowat - unsent(sock);
        final int mss = Math.max(sock.mss, 1);
        return left <= 0 ? 0 : (int) Math.min(room, ((long) left + mss - 1) / mss * mss); // whole segments, as Linux
    }

    /** Whether so little is unsent that more may be written at all. */
    static boolean isBelowLowat(TcpSock sock) {
        return sock.notSentLowat == UNLIMITED || unsent(sock) < sock.notSentLowat;
    }

    /** Whether it is worth telling the application of room: a third is free, and half of what may be unsent. */
    static boolean isWriteable(TcpSock sock, int used) {
        final boolean isFree = sock.sndBuf - used >= used >> 1; // Linux: sk_stream_is_writeable()
        return isFree && (sock.notSentLowat == UNLIMITED || isFarBelowLowat(sock));
    }

    private static boolean isFarBelowLowat(TcpSock sock) {
        return 2L * unsent(sock) < sock.notSentLowat;
    }

    private static int unsent(TcpSock sock) {
        return Math.max(sock.writeSeq - sock.sndNxt, 0);
    }
}
