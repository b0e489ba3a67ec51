package io.spinwire.tcp;

import static io.spinwire.api.TcpState.CLOSED;
import static io.spinwire.api.TcpState.SYN_SENT;

import io.spinwire.api.TcpState;
import io.spinwire.queue.RtxQueue;
import io.spinwire.wire.SeqNum;

/**
 * What must hold of a socket whenever none of its rooms is at work on it; run by assertions after every segment, timer
 * and output step, and so in every test, and never in production. Answers true, or throws. Engine thread only.
 */
final class SockInvariants {
    /** A longer rtx queue is recounted with one segment in {@link #RECOUNTED_ONE_IN} only. */
    private static final int RECOUNTED_ALWAYS = 128;

    private static final int RECOUNTED_ONE_IN = 64;

    private SockInvariants() {}

    /** After a segment or a timer. */
    static boolean hold(TcpSock sock) {
        if (sock.state == CLOSED || sock.state == SYN_SENT || sock.isFinished) {
            return true;
        }
        hold(sock, SeqNum.isBeforeOrAt(sock.sndUna, sock.sndNxt), "sndUna <= sndNxt");
        hold(
                sock,
                SeqNum.isBeforeOrAt(sock.sndNxt, sock.sendEnd()) || !sock.isSynchronised(),
                "sndNxt <= end of what was written");
        hold(sock, SeqNum.isBeforeOrAt(sock.rcvWup, sock.rcvNxt), "rcvWup <= rcvNxt");
        hold(sock, sock.congestion.cwnd >= 1, "cwnd >= 1");
        holdFlight(sock);
        hold(
                sock,
                sock.packetsOut == 0 || sock.rtxDeadlineNs != Long.MAX_VALUE || sock.isInOutputList,
                "data in flight has a timer");
        return true;
    }

    private static void holdFlight(TcpSock sock) {
        final RtxQueue queue = sock.rtxQueue;
        final int size = queue == null ? 0 : queue.size();
        hold(sock, sock.packetsOut == size, "packetsOut counts the rtx queue");
        hold(sock, size == 0 == (sock.sndUna == sock.sndNxt), "nothing in flight means sndUna == sndNxt");
        hold(sock, sock.sackedOut + sock.lostOut <= size, "sackedOut + lostOut <= packetsOut");
        hold(sock, sock.retransOut <= size, "retransOut <= packetsOut");
        hold(sock, sock.inFlight() >= 0, "in flight >= 0");
        if (size > 0) {
            hold(sock, queue.seq(0) == sock.sndUna, "the rtx queue begins at sndUna");
            hold(sock, queue.endSeq(size - 1) == sock.sndNxt, "the rtx queue ends at sndNxt");
        }
        if (size <= RECOUNTED_ALWAYS || sock.segsIn % RECOUNTED_ONE_IN == 0) {
            recount(sock, queue, size);
        }
    }

    /** Linux: {@code tcp_verify_left_out()}, and more. */
    private static void recount(TcpSock sock, RtxQueue queue, int size) {
        int sacked = 0;
        int lost = 0;
        int retransmitted = 0;
        for (int i = 0; i < size; i++) {
            final int flags = queue.flags(i);
            final boolean isSacked = (flags & RtxQueue.SACKED) != 0;
            final boolean isLost = (flags & RtxQueue.LOST) != 0;
            hold(sock, !(isSacked && isLost), "nothing is sacked and lost");
            sacked += isSacked ? 1 : 0;
            lost += isLost ? 1 : 0;
            retransmitted += (flags & RtxQueue.RETRANSMITTED) != 0 ? 1 : 0;
        }
        hold(sock, lost == sock.lostOut, "lostOut counts the lost records");
        hold(sock, retransmitted == sock.retransOut, "retransOut counts the retransmitted records");
        // Without blocks it counts duplicate ACKs.
        hold(sock, sacked == 0 || sacked == sock.sackedOut, "sackedOut counts the sacked records");
    }

    /** After the output step: nothing that is to happen later has been forgotten. */
    static boolean isArmed(TcpSock sock) {
        if (sock.isFinished || sock.isInOutputList) {
            return true;
        }
        final boolean isWaiting = sock.canSend() && sock.sndNxt != sock.sendEnd();
        final boolean isTimed = sock.rtxDeadlineNs != Long.MAX_VALUE;
        hold(sock, sock.packetsOut == 0 || isTimed, "what is in flight has a timer");
        hold(sock, !isWaiting || isTimed || sock.paceDeadlineNs != Long.MAX_VALUE, "what waits has a timer");
        hold(sock, !sock.isAckScheduled || sock.delackDeadlineNs != Long.MAX_VALUE, "an ACK that is owed has a timer");
        hold(
                sock,
                sock.state != TcpState.FIN_WAIT_2 || !sock.isOrphan || sock.sockDeadlineNs != Long.MAX_VALUE,
                "FIN_WAIT_2 of an orphan has a timer");
        hold(
                sock,
                !sock.options.keepAlive()
                        || sock.isOrphan
                        || !sock.isSynchronised()
                        || sock.sockDeadlineNs != Long.MAX_VALUE,
                "keepalive has a timer");
        final long firstNs = Math.min(
                Math.min(sock.rtxDeadlineNs, sock.delackDeadlineNs),
                Math.min(sock.sockDeadlineNs, sock.paceDeadlineNs));
        hold(sock, sock.wheelDeadlineNs <= firstNs, "the wheel knows the earliest deadline");
        return true;
    }

    private static void hold(TcpSock sock, boolean condition, String invariant) {
        if (!condition) {
            throw new AssertionError("broken: " + invariant + " in " + sock);
        }
    }
}
