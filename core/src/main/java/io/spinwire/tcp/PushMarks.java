package io.spinwire.tcp;

import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpHeader;

/**
 * Where in its stream the application has pushed, and how much of it has left. What was written with the more flag lies
 * behind the last push mark, and waits until it fills a segment or something comes in. Engine thread only. Linux:
 * {@code tcp_mark_push()}.
 */
final class PushMarks {
    private PushMarks() {}

    /** Another thread has written: what lies before the last mark does not wait for more. */
    static void take(TcpSock sock) {
        final int pushSeq = sock.sndUna + (int) (sock.writeQueue.pushPosition() - sock.writeQueue.releasedPosition());
        if (SeqNum.isAfter(pushSeq, sock.moreSeq)) {
            sock.moreSeq = SeqNum.isAfter(pushSeq, sock.writeSeq) ? sock.writeSeq : pushSeq;
        }
    }

    /** How many of the bytes left, less than a segment, may leave: FIN takes along all. */
    static int pushedOf(TcpSock sock, int unsent) {
        return sock.isFinQueued ? unsent : Math.min(unsent, sock.moreSeq - sock.sndNxt);
    }

    /**
     * PSH where a mark is within, or at the end of, the next {@code length} bytes, or where more than half of the
     * peer's largest window has left without one: it may be waiting for a mark. Linux: {@code forced_push()}.
     */
    static int flag(TcpSock sock, int length) {
        if (length == 0) {
            return 0;
        }
        final long start = sock.sendPosition(sock.sndNxt);
        final long push = sock.writeQueue.pushPosition();
        final boolean isMarked = push > start && push <= start + length;
        return isMarked || sock.sndNxt + length - sock.pushedSeq > sock.maxWindow >> 1 ? TcpHeader.PSH : 0;
    }

    /** The next {@code length} bytes leave with these flags. */
    static void onSending(TcpSock sock, int length, int flags) {
        if ((flags & TcpHeader.PSH) != 0) {
            sock.pushedSeq = sock.sndNxt + length;
        }
    }

    /** Tells the application on another thread how much of its stream has left. */
    static void noteSent(TcpSock sock) {
        final int sent = SeqNum.isAfter(sock.sndNxt, sock.writeSeq) ? sock.writeSeq : sock.sndNxt; // FIN is no byte
        sock.writeQueue.noteSent(sock.sendPosition(sent));
    }
}
