package io.spinwire.tcp;

import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpHeader;
import io.spinwire.wire.TcpOptions;

/**
 * Header prediction: a segment that is the next expected one and has nothing unusual takes a short cut past all checks
 * that it cannot fail. The slow path would do the same with it, byte for byte. Engine thread only. Linux: the first
 * half of {@code tcp_rcv_established()}.
 *
 * <p>It is off (predFlags 0) when a window is announced for the first time or changes, when there is out-of-order data,
 * when our window is zero, when urgent data is to be read, and in all states but ESTABLISHED.
 */
final class FastPath {
    private final AckProcessor acks;
    private final DataQueue data;
    private final AckPolicy ackPolicy;
    private final Counters counters;

    FastPath(AckProcessor acks, DataQueue data, AckPolicy ackPolicy, Counters counters) {
        this.acks = acks;
        this.data = data;
        this.ackPolicy = ackPolicy;
        this.counters = counters;
    }

    /** Sets up prediction if nothing speaks against it. Linux: {@code tcp_fast_path_check()}. */
    static void predict(TcpSock sock) {
        if (sock.outOfOrderQueue == null && !sock.hasMark && sock.rcvWnd > 0) {
            final int headerLength = TcpHeader.LENGTH + (sock.hasTimestamps ? TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : 0);
            sock.predFlags = TcpHeader.predictedControl(headerLength, sock.sndWnd >>> sock.sndWscale);
        }
    }

    /** Takes the segment if it is the predicted one. False: nothing was touched, the slow path must look at it. */
    boolean process(TcpSock sock, Segment segment) {
        if (!TcpHeader.isPredicted(segment.control, sock.predFlags)
                || segment.seq != sock.rcvNxt
                || SeqNum.isAfter(segment.ackSeq, sock.sndNxt)
                || SeqNum.isBefore(segment.ackSeq, sock.sndUna)
                || segment.dataLength > sock.receiveWindow()) {
            return false;
        }
        if (sock.hasTimestamps) {
            if (!segment.parseAlignedTimestamps() || segment.tsVal - sock.tsRecent < 0) {
                return false;
            }
            if (SeqNum.isBeforeOrAt(segment.seq, sock.rcvWup)) {
                sock.tsRecent = segment.tsVal;
                sock.tsRecentNs = segment.receivedNs;
            }
        }
        acks.process(sock, segment);
        if (segment.dataLength == 0) {
            counters.increment(Counter.TcpHPAcks);
            return true;
        }
        counters.increment(Counter.TcpHPHits);
        data.queueInOrder(sock, segment, 0);
        ackPolicy.check(sock, segment);
        return true;
    }
}
