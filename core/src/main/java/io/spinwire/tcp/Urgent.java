package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.URG;

import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpHeader;

/**
 * Urgent data both ways, RFC 6093: it stays in the stream, and a pointer says where the urgent part ends. On the wire
 * the pointer is one more than the last urgent byte, as Linux has it (tcp_stdurg 0); {@code urgSeq} is that byte
 * itself, {@code sndUp} the number behind it. Reads stop before the mark, as with SO_OOBINLINE. Engine thread only.
 * Linux: {@code tcp_check_urg()}, {@code tcp_mark_urg()}.
 */
final class Urgent {
    private static final int MAX_POINTER = 0xFFFF;

    private Urgent() {}

    // ---- Receiving ----

    /** Takes the pointer of a segment that has one. False when it says nothing new. */
    static boolean onPointer(TcpSock sock, Segment segment) {
        final int pointer = TcpHeader.urgentPointer(segment.buffer, segment.headerOffset);
        final int mark = segment.seq + (pointer == 0 ? 0 : pointer - 1);
        final boolean isKnown =
                SeqNum.isBefore(mark, sock.rcvNxt) || sock.hasMark && !SeqNum.isAfter(mark, sock.urgSeq);
        if (isKnown) {
            return false;
        }
        sock.hasMark = true;
        sock.urgSeq = mark;
        sock.predFlags = 0; // until the mark is read
        markQueue(sock);
        return true;
    }

    /** The queue of an inline socket has just been lent, or the mark has moved: reads must stop there. */
    static void markQueue(TcpSock sock) {
        if (sock.receiveQueue != null) {
            sock.receiveQueue.mark(sock.receiveQueue.publishedPosition() + (sock.urgSeq - sock.rcvNxt));
        }
    }

    /** Forgets a mark that the application has read beyond. */
    static void forgetIfRead(TcpSock sock) {
        if (SeqNum.isAfter(sock.copiedSeq(), sock.urgSeq)) {
            sock.hasMark = false;
        }
    }

    /** Bytes that can be read, or will come, before the urgent one; or -1 when there is none. */
    static int bytesToMark(TcpSock sock) {
        final int distance = sock.urgSeq - sock.copiedSeq();
        return sock.hasMark && distance >= 0 ? distance : -1;
    }

    // ---- Sending ----

    /** Everything up to {@code endSeq} is urgent. */
    static void send(TcpSock sock, int endSeq) {
        sock.sndUp = endSeq;
        sock.isUrgent = SeqNum.isAfter(endSeq, sock.sndUna);
    }

    /** Flag and pointer of a segment about to be sent. Linux: a part of {@code tcp_transmit_skb()}. */
    static void mark(TcpSock sock, OutSegment out) {
        final int pointer = sock.sndUp - out.seq;
        if (pointer <= 0) {
            return;
        }
        if (pointer <= MAX_POINTER) {
            out.flags |= URG;
            out.urgentPointer = pointer;
        } else if (SeqNum.isAfter(out.seq + MAX_POINTER, sock.sndNxt)) {
            out.flags |= URG; // it lies further ahead than can be said
            out.urgentPointer = MAX_POINTER;
        }
    }

    /** Whether a probe of a closed window should say where the urgent part ends. Linux: {@code tcp_write_wakeup()}. */
    static boolean isWorthAProbe(TcpSock sock) {
        final int pointer = sock.sndUp - sock.sndUna;
        return sock.isUrgent && pointer > 0 && pointer <= MAX_POINTER;
    }
}
