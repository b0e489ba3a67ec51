package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.URG;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;

/**
 * Everything that may come in a synchronized state, or in SYN_RECEIVED, checked in the order of RFC 9293 section
 * 3.10.7.4: sequence, RST, SYN, ACK, URG, data, FIN; with the answers of RFC 5961. Engine thread only. Linux:
 * {@code tcp_validate_incoming()}, the second half of {@code tcp_rcv_established()}, {@code tcp_rcv_state_process()}.
 */
final class SlowPath {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final long PAWS_WRAP_NS =
            2147L * 1_000_000_000L; // Linux: TCP_PAWS_WRAP, the peer may use microseconds

    private final AckProcessor acks;
    private final DataQueue data;
    private final Opening opening;
    private final FastOpenChild fastOpen;
    private final FastOpenBlackHole blackHole;
    private final AckPolicy ackPolicy;
    private final Teardown teardown;
    private final TcpOutput output;
    private final ResetReply resets;
    private final SegmentDrops drops;
    private final Counters counters;
    private final long rateLimitNs;

    SlowPath(
            Receiving receiving,
            AckPolicy ackPolicy,
            Teardown teardown,
            TcpOutput output,
            Counters counters,
            long rateLimitNs) {
        acks = receiving.acks();
        data = receiving.data();
        opening = receiving.opening();
        fastOpen = receiving.fastOpen();
        blackHole = receiving.blackHole();
        resets = receiving.resets();
        drops = receiving.drops();
        this.ackPolicy = ackPolicy;
        this.teardown = teardown;
        this.output = output;
        this.counters = counters;
        this.rateLimitNs = rateLimitNs;
    }

    /** The rooms that a segment's parts go to: its ACK, its data, and the answer where it fits nothing. */
    record Receiving(
            AckProcessor acks,
            DataQueue data,
            Opening opening,
            FastOpenChild fastOpen,
            FastOpenBlackHole blackHole,
            ResetReply resets,
            SegmentDrops drops) {}

    /** Deals with one segment. */
    void process(TcpSock sock, Segment segment) {
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, sock, segment);
            return;
        }
        if (sock.fastOpens != null && FastOpenChild.isRepeatedSyn(sock, segment)) {
            answerRepeatedSyn(sock, segment);
            return;
        }
        if (!isValid(sock, segment)) {
            return;
        }
        if (!segment.isAck()) {
            drops.drop(DropReason.TCP_INVALID_ACK, sock, segment); // RFC 9293: fifth, if the ACK bit is off, drop
            return;
        }
        if (!takeAck(sock, segment)) {
            return;
        }
        if (sock.ecnFlags != 0) {
            takeEcn(sock, segment);
        }
        takeTimestamp(sock, segment); // not before: a guessed segment must not set PAWS against the peer
        if (sock.isFinSent && sock.sndUna == sock.writeSeq + 1) {
            onFinAcked(sock, segment);
        }
        if (!sock.isFinished) {
            takeData(sock, segment);
        }
        if (!sock.isFinished) {
            if (segment.seq != segment.endSeq) {
                ackPolicy.check(sock, segment); // a bare ACK brings nothing to acknowledge
            }
            if (sock.hasMark) {
                Urgent.forgetIfRead(sock);
            }
            if (sock.state == TcpState.ESTABLISHED) {
                FastPath.predict(sock);
            }
        }
    }

    /** A SYN that comes as far as this is a SYN-ACK that crossed ours: it has the peer's last word on ECN. */
    private static void takeEcn(TcpSock sock, Segment segment) {
        if (segment.isSyn()) {
            EcnInput.onSynAck(sock, segment);
        } else {
            EcnInput.acceptCwr(sock, segment);
        }
    }

    private void onFinAcked(TcpSock sock, Segment segment) {
        if (sock.state == TcpState.FIN_WAIT_1 && sock.isOrphan && sock.options.finWait2Ns() < 0) {
            counters.increment(Counter.TcpAbortOnData); // Linux counts it so
            resets.send(segment);
            teardown.finish(sock, CloseReason.NORMAL);
        } else {
            teardown.onFinAcked(sock, segment.receivedNs);
        }
    }

    // ---- First to fourth: sequence number, RST, SYN ----

    private boolean isValid(TcpSock sock, Segment segment) {
        if (isOldDuplicate(sock, segment) && !segment.isRst()) {
            drops.drop(DropReason.TCP_RFC7323_PAWS, sock, segment);
            answerOutOfWindow(sock, segment);
            return false;
        }
        if (!isInWindow(sock, segment)) {
            drops.drop(DropReason.TCP_INVALID_SEQUENCE, sock, segment);
            if (!segment.isRst()) {
                answerOutOfWindow(sock, segment);
            } else if (isResetBehindFin(sock, segment)) {
                teardown.onReset(sock);
            }
            return false;
        }
        if (segment.isRst()) {
            takeReset(sock, segment);
            return false;
        }
        if (segment.isSyn() && !isCrossedSynAck(sock, segment)) {
            drops.drop(DropReason.TCP_INVALID_SYN, sock, segment);
            challenge(sock, segment); // RFC 5961 section 4.2
            return false;
        }
        return true;
    }

    /** RFC 7323 section 5.3 R1, as Linux has it: a pure ACK that is merely overtaken is let through. */
    private static boolean isOldDuplicate(TcpSock sock, Segment segment) {
        if (!sock.hasTimestamps || !segment.hasTimestamps || segment.tsVal - sock.tsRecent >= 0) {
            return false;
        }
        if (segment.receivedNs - sock.tsRecentNs >= PAWS_WRAP_NS) {
            return false;
        }
        final boolean isOvertakenAck = segment.seq == segment.endSeq
                && segment.seq == sock.rcvNxt
                && segment.ackSeq == sock.sndUna
                && segment.window << sock.sndWscale == sock.sndWnd
                && (sock.tsRecent - segment.tsVal) * 1_000_000L <= sock.rtoNs;
        return !isOvertakenAck;
    }

    /** Linux: {@code tcp_sequence()}: ends at or after the last window update, begins at or before the right edge. */
    private static boolean isInWindow(TcpSock sock, Segment segment) {
        return SeqNum.isAfterOrAt(segment.endSeq, sock.rcvWup)
                && SeqNum.isBeforeOrAt(segment.seq, sock.rcvNxt + sock.receiveWindow());
    }

    /**
     * A reset that the peer sent before it knew our ACK of its FIN: its number is rcvNxt - 1. Linux: tcp_reset_check().
     */
    private static boolean isResetBehindFin(TcpSock sock, Segment segment) {
        return segment.seq == sock.rcvNxt - 1
                && (sock.state == TcpState.CLOSE_WAIT
                        || sock.state == TcpState.LAST_ACK
                        || sock.state == TcpState.CLOSING);
    }

    /** Both sides opened at once: the answer to our SYN. RFC 9293 figure 7; it counts as an ACK only. */
    private static boolean isCrossedSynAck(TcpSock sock, Segment segment) {
        return sock.state == TcpState.SYN_RECEIVED
                && segment.isAck()
                && segment.seq + 1 == sock.rcvNxt
                && segment.endSeq == sock.rcvNxt
                && SeqNum.isAfter(segment.ackSeq, sock.iss)
                && SeqNum.isBeforeOrAt(segment.ackSeq, sock.sndNxt);
    }

    private void takeReset(TcpSock sock, Segment segment) {
        if (segment.seq == sock.rcvNxt || isResetBehindFin(sock, segment) || isResetBehindSack(sock, segment)) {
            drops.drop(DropReason.TCP_RESET, sock, segment);
            teardown.onReset(sock);
        } else {
            drops.drop(DropReason.TCP_INVALID_RST, sock, segment);
            blackHole.onDoubtfulReset(sock, segment.receivedNs);
            challenge(sock, segment); // RFC 5961 section 3.2: in the window, but not exact
        }
    }

    /** Its sender has seen our SACK, and counts from its right edge. Linux: {@code tcp_validate_incoming()}. */
    private static boolean isResetBehindSack(TcpSock sock, Segment segment) {
        return sock.hasSack
                && sock.outOfOrderQueue != null
                && sock.outOfOrderQueue.size() > 0
                && segment.seq == sock.outOfOrderQueue.end(sock.outOfOrderQueue.size() - 1);
    }

    /** An ACK that says where we are; limited, unless there is data. Linux: {@code tcp_send_dupack()}. */
    private void answerOutOfWindow(TcpSock sock, Segment segment) {
        if (segment.isSyn()) {
            challenge(sock, segment);
            return;
        }
        if (segment.seq == segment.endSeq && isRateLimited(sock, segment.receivedNs)) {
            return;
        }
        if (segment.seq != segment.endSeq && SeqNum.isBefore(segment.seq, sock.rcvNxt)) {
            counters.increment(Counter.TcpDelayedAckLost);
            ackPolicy.enterQuickAck(sock);
            data.noteDuplicate(sock, segment.seq, SeqNum.min(segment.endSeq, sock.rcvNxt));
        }
        output.ackAtOnce(sock, segment.receivedNs);
    }

    /** Linux: {@code tcp_send_challenge_ack()}. */
    private void challenge(TcpSock sock, Segment segment) {
        if (!isRateLimited(sock, segment.receivedNs)) {
            counters.increment(Counter.TcpChallengeACK);
            output.ackAtOnce(sock, segment.receivedNs);
        }
    }

    /** Linux: {@code tcp_oow_rate_limited()}. */
    private boolean isRateLimited(TcpSock sock, long nowNs) {
        final int nowMs = (int) (nowNs / NANOS_PER_MILLI);
        final int passedMs = nowMs - sock.lastOutOfWindowAckMs;
        if (sock.lastOutOfWindowAckMs != 0 && Integer.toUnsignedLong(passedMs) * NANOS_PER_MILLI < rateLimitNs) {
            counters.increment(Counter.TcpSkippedAcks);
            return true;
        }
        sock.lastOutOfWindowAckMs = nowMs == 0 ? 1 : nowMs;
        return false;
    }

    // ---- Fifth: ACK ----

    /** RFC 7323 section 4.3: TS.Recent comes from the segment that the last ACK sent is answered by. */
    private static void takeTimestamp(TcpSock sock, Segment segment) {
        if (sock.hasTimestamps
                && segment.hasTimestamps
                && SeqNum.isBeforeOrAt(segment.seq, sock.rcvWup)
                && (segment.tsVal - sock.tsRecent >= 0 || segment.receivedNs - sock.tsRecentNs >= PAWS_WRAP_NS)) {
            sock.tsRecent = segment.tsVal;
            sock.tsRecentNs = segment.receivedNs;
        }
    }

    private boolean takeAck(TcpSock sock, Segment segment) {
        final int result = acks.process(sock, segment);
        if (segment.dataLength == 0 && result == AckProcessor.TAKEN) {
            counters.increment(Counter.TcpPureAcks);
        }
        if (sock.fastOpens != null) {
            return takeFastOpenAck(sock, segment, result);
        }
        if (sock.state == TcpState.SYN_RECEIVED) {
            return takeHandshakeAck(sock, segment, result);
        }
        switch (result) {
            case AckProcessor.TOO_OLD -> {
                drops.drop(DropReason.TCP_OLD_ACK, sock, segment);
                challenge(sock, segment); // RFC 5961 section 5.2
                return false;
            }
            case AckProcessor.UNSENT -> {
                drops.drop(DropReason.TCP_ACK_UNSENT_DATA, sock, segment);
                challenge(sock, segment);
                return false;
            }
            default -> {
                return true;
            }
        }
    }

    private void answerRepeatedSyn(TcpSock sock, Segment segment) {
        if (!isRateLimited(sock, segment.receivedNs)) {
            fastOpen.repeatSynAck(sock, segment.receivedNs);
        }
    }

    /** The third segment of a handshake by Fast Open, whose socket may have sent data and FIN already. */
    private boolean takeFastOpenAck(TcpSock sock, Segment segment, int result) {
        if (result != AckProcessor.TAKEN) {
            drops.drop(DropReason.TCP_INVALID_ACK, sock, segment);
            resets.send(segment);
            return false;
        }
        fastOpen.onAck(sock, segment);
        return true;
    }

    /** The third segment of a handshake opened by both sides at once. */
    private boolean takeHandshakeAck(TcpSock sock, Segment segment, int result) {
        if (result != AckProcessor.TAKEN || sock.sndUna == sock.iss) {
            drops.drop(DropReason.TCP_INVALID_ACK, sock, segment);
            resets.send(segment);
            return false;
        }
        final int shift = segment.isSyn() ? 0 : sock.sndWscale; // RFC 7323 section 2.2: never scaled in a SYN
        sock.sndWnd = segment.window << shift;
        sock.maxWindow = Math.max(sock.maxWindow, sock.sndWnd);
        sock.sndWl1 = segment.seq;
        opening.onEstablished(sock, segment.receivedNs);
        return true;
    }

    // ---- Sixth to eighth: URG, data, FIN ----

    private void takeData(TcpSock sock, Segment segment) {
        if (segment.is(URG) && !sock.isPeerClosed && Urgent.onPointer(sock, segment)) {
            counters.increment(Counter.TcpUrgentReceived);
        }
        if (segment.seq == segment.endSeq) {
            return;
        }
        switch (sock.state) {
            case ESTABLISHED -> data.queue(sock, segment);
            case FIN_WAIT_1, FIN_WAIT_2 -> {
                if ((sock.isOrphan || sock.isInputShut) && SeqNum.isAfter(dataEnd(segment), sock.rcvNxt)) {
                    abortOnData(sock, segment);
                } else {
                    data.queue(sock, segment);
                }
            }
            default -> takeAfterFin(sock, segment);
        }
    }

    /** Nothing can follow a FIN. A repetition wants its ACK; what reaches beyond the FIN breaks the connection. */
    private void takeAfterFin(TcpSock sock, Segment segment) {
        if (SeqNum.isAfterOrAt(segment.seq, sock.rcvNxt)) {
            drops.drop(DropReason.TCP_CLOSE, sock, segment);
        } else if (SeqNum.isAfter(dataEnd(segment), sock.rcvNxt)) {
            abortOnData(sock, segment);
        } else if (SeqNum.isBeforeOrAt(segment.endSeq, sock.rcvNxt)) {
            data.queue(sock, segment);
        } else {
            drops.drop(DropReason.TCP_CLOSE, sock, segment); // a second FIN, behind the first
        }
    }

    private static int dataEnd(Segment segment) {
        return segment.isFin() ? segment.endSeq - 1 : segment.endSeq;
    }

    /** RFC 9293 section 3.10.7.4: nobody is there to read it, and the peer must know. */
    private void abortOnData(TcpSock sock, Segment segment) {
        drops.drop(DropReason.TCP_ABORT_ON_DATA, sock, segment);
        counters.increment(Counter.TcpAbortOnData);
        resets.send(segment);
        sock.setError(SocketError.ECONNRESET);
        teardown.finish(sock, CloseReason.ABORTED);
    }
}
