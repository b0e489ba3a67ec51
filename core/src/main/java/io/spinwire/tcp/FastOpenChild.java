package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * A socket that Fast Open made of a SYN, until its handshake is complete: its SYN-ACK is repeated, and the ACK takes it
 * to ESTABLISHED. It may have sent data by then, and even FIN. Engine thread only. Linux: {@code fastopen_rsk},
 * {@code tcp_fastopen_synack_timer()}, {@code tcp_rcv_synrecv_state_fastopen()}.
 */
final class FastOpenChild {
    private final Opening opening;
    private final Transmit transmit;
    private final LossState lossState;
    private final Teardown teardown;
    private final OwedList owed;
    private final SockTimers timers;
    private final Counters counters;
    private final int retries;
    private final long initialRtoNs;
    private final long maxRtoNs;

    FastOpenChild(
            Opening opening,
            Transmit transmit,
            ReceivingRooms receiving,
            OwedList owed,
            TcpOutput.Rooms rooms,
            TcpConfig config) {
        this.opening = opening;
        this.transmit = transmit;
        this.owed = owed;
        lossState = receiving.recovery.lossState;
        teardown = receiving.teardown;
        timers = rooms.timers();
        counters = rooms.counters();
        retries = config.synAckRetries() + 1; // Linux: one more than for a request
        initialRtoNs = config.initialRtoNs();
        maxRtoNs = config.maxRtoNs();
    }

    static boolean isRepeatedSyn(TcpSock sock, Segment segment) {
        return segment.isSyn() && !segment.isAck() && !segment.isRst() && segment.seq == sock.irs;
    }

    /** The peer has sent its SYN again: the SYN-ACK was lost, or is late. */
    void repeatSynAck(TcpSock sock, long nowNs) {
        if (transmit.send(sock, sock.iss, 0, SYN | ACK, nowNs)) {
            counters.increment(Counter.TcpRetransSegs);
            sock.totalRetrans++;
        }
    }

    /** The handshake's ACK, perhaps with data and acknowledging data. */
    void onAck(TcpSock sock, Segment segment) {
        final long nowNs = segment.receivedNs;
        if (sock.srttUs == 0) {
            measureRtt(sock, segment);
        }
        sock.retransStampNs = 0;
        sock.retransmits = 0;
        sock.backoff = 0;
        sock.fastOpens.onEnd(false, nowNs);
        sock.fastOpens = null;
        sock.sockDeadlineNs = sock.lingerDeadlineNs;
        opening.onFastOpenEstablished(sock, nowNs);
        if (sock.packetsOut > 0) {
            timers.armRtx(sock, SockTimers.RETRANS, nowNs + sock.rtoNs);
        }
        owed.add(sock);
    }

    /** tsRecent is of the SYN still. */
    private void measureRtt(TcpSock sock, Segment segment) {
        if (sock.totalRetrans == 0) {
            opening.firstRtt(sock, sock.tsRecentNs, segment.receivedNs);
        } else {
            opening.firstRttByTimestamp(sock, segment);
        }
    }

    /** Its timer: nothing has been heard since the SYN. */
    void onTimer(TcpSock sock, long nowNs) {
        final int limit = sock.options.synCount() == 0 ? retries : sock.options.synCount();
        if (sock.retransmits >= limit) {
            teardown.giveUp(sock, CloseReason.TIMED_OUT);
            return;
        }
        counters.increment(Counter.TcpTimeouts);
        if (sock.retransmits == 1 && sock.packetsOut > 0) {
            lossState.enter(sock, nowNs);
        }
        repeatSynAck(sock, nowNs);
        sock.retransmits++;
        sock.sockDeadlineNs = nowNs + Math.min(initialRtoNs << Math.min(sock.retransmits, 30), maxRtoNs);
    }
}
