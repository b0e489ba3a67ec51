package io.spinwire.tcp;

import io.spinwire.queue.OutOfOrderQueue;
import io.spinwire.queue.ReceiveQueue;
import io.spinwire.wire.TcpOptions;

/** Fields of {@link TcpSock} that receiving touches; names as in RFC 9293 and Linux's {@code tcp_sock}. */
abstract class SockRx extends SockShared {
    /** Next sequence number expected. */
    int rcvNxt;

    /** rcvNxt when the last window was sent. */
    int rcvWup;

    /** Window offered then, in bytes from rcvWup on. */
    int rcvWnd;

    /** Shift of the windows that we send. */
    int rcvWscale;

    /** Receive buffer in Linux's measure, which counts overhead: see {@link ReceiveTuning}. Linux: sk_rcvbuf. */
    int rcvBuf;

    /** Of 256 bytes of that, so many carry data. Linux: scaling_ratio. */
    short rcvRatio;

    /** Largest window that may ever be offered as things stand. Linux: window_clamp. */
    int windowClamp;

    /** Largest window that is offered now; grows with what arrives. Linux: rcv_ssthresh. */
    int rcvSsthresh;

    /** Bytes that the receive queue may grow to; a power of two, not less than any window offered. */
    int rcvCapacity;

    /** Round trip as seen by a receiver, us times 8; 0 before the first. Linux: rcv_rtt_est.rtt_us. */
    int rcvRttUs;

    /** When rcvNxt gets here, one window has come. Linux: rcv_rtt_est.seq. */
    int rcvRttSeq;

    /** When that window began, in us that wrap. Linux: rcv_rtt_est.time. */
    int rcvRttStartUs;

    /** The last echoed timestamp that a round trip was taken from. Linux: rcv_rtt_last_tsecr. */
    int rcvRttTsEcr;

    /** Bytes that the application read in a round trip, at its best. Linux: rcvq_space.space. */
    int rcvqSpace;

    /** copiedSeq when the round trip began that is being looked at. Linux: rcvq_space.seq. */
    int rcvqSeq;

    /** When it began, in us that wrap. Linux: rcvq_space.time. */
    int rcvqStartUs;

    /**
     * Header prediction: offset, flags and window that the next ordinary segment has; 0 when there is none. Linux:
     * pred_flags.
     */
    int predFlags;

    /** Peer's timestamp to echo. RFC 7323: TS.Recent. */
    int tsRecent;

    /** When tsRecent was taken. */
    long tsRecentNs;

    /** When the last segment with data came. Linux: icsk_ack.lrcvtime. */
    long lastDataReceivedNs;

    /** When the last segment with a valid ACK came. Linux: rcv_tstamp. */
    long lastReceivedNs;

    /** Estimate of the peer's segment size. Linux: icsk_ack.rcv_mss. */
    int rcvMss;

    /** Length of the last segment that was not full. Linux: icsk_ack.last_seg_size. */
    int lastSegSize;

    /** ACKs that still go out at once. Linux: icsk_ack.quick. */
    int quickAcks;

    /** Delay of an ACK now; 0 before the first data. Linux: icsk_ack.ato. */
    long atoNs;

    /** Talk goes back and forth, so ACKs can ride on data. Linux: pingpong mode. */
    boolean isPingPong;

    /** The last data came with PSH: Linux: ICSK_ACK_PUSHED. */
    boolean isAckPushed;

    /** Two of them. Linux: ICSK_ACK_PUSHED2. */
    boolean isAckPushedTwice;

    /** In-window data was refused for want of memory: the next window is zero. Linux: ICSK_ACK_NOMEM. */
    boolean isOutOfMemory;

    /** Peer's FIN has been received in order. Linux: RCV_SHUTDOWN. */
    boolean isPeerClosed;

    /** The peer has marked urgent data that was not read yet. Linux: urg_data. */
    boolean hasMark;

    /** The last byte of it. Linux: urg_seq. */
    int urgSeq;

    /** Bytes that came twice, to be told of with the next segment; none while both are equal. Linux: duplicate_sack. */
    int dsackStart;

    int dsackEnd;

    /** Lent while it holds data; null for an idle inline socket. */
    ReceiveQueue receiveQueue;

    /** Lent while there are holes, or a FIN has come too early; else null. */
    OutOfOrderQueue outOfOrderQueue;

    /** Next byte that the application will read. */
    final int copiedSeq() {
        return rcvNxt - available() - (isPeerClosed ? 1 : 0);
    }

    final boolean hasDsack() {
        return dsackStart != dsackEnd;
    }

    final void clearDsack() {
        dsackStart = dsackEnd;
    }

    /** Blocks of the SACK option that a segment sent now has. Linux: {@code tcp_established_options()}. */
    final int sackCount() {
        final int kept = outOfOrderQueue == null ? 0 : outOfOrderQueue.sackBlocks.size();
        final int room = hasTimestamps ? TcpOptions.MAX_SACK_BLOCKS_WITH_TIMESTAMPS : TcpOptions.MAX_SACK_BLOCKS;
        return Math.min(hasDsack() ? kept + 1 : kept, room);
    }

    /** Readable bytes: 0 without a queue. */
    final int available() {
        return receiveQueue == null ? 0 : receiveQueue.available();
    }

    /** Right edge of the window offered, minus rcvNxt. Linux: tcp_receive_window(). */
    final int receiveWindow() {
        return Math.max(rcvWup + rcvWnd - rcvNxt, 0);
    }
}
