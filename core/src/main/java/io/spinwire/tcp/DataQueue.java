package io.spinwire.tcp;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.queue.OutOfOrderQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;

/**
 * Puts a segment's payload where it belongs: in order to the application or its ring, out of order to its place beyond
 * rcvNxt. RFC 9293 section 3.10.7.4, seventh check. Engine thread only. Linux: {@code tcp_data_queue()},
 * {@code tcp_queue_rcv()}.
 *
 * <p>Example: rcvNxt 100, a segment 150..200 arrives: its bytes go to their place, the range is noted, ACK 100 leaves.
 * Then 90..150 arrives: 90..100 is known, 100..150 is queued, and the range joins: rcvNxt 200.
 */
final class DataQueue {
    private final LentQueues queues;
    private final AckPolicy ackPolicy;
    private final Delivery delivery;
    private final TcpOutput output;
    private final SegmentDrops drops;
    private final Counters counters;
    private final Hooks hooks;
    private final ReceiveTuning tuning;
    private final EcnInput ecn;
    private final boolean isDsackOn;
    private Teardown teardown;

    DataQueue(LentQueues queues, Acknowledging acknowledging, Delivery delivery, TcpOutput output, Watching watching) {
        this.queues = queues;
        this.delivery = delivery;
        this.output = output;
        ackPolicy = acknowledging.ackPolicy();
        tuning = acknowledging.tuning();
        ecn = acknowledging.ecn();
        isDsackOn = acknowledging.isDsackOn();
        drops = watching.drops();
        counters = watching.counters();
        hooks = watching.hooks();
    }

    /** What the peer is told of its data, and whether of what comes twice (RFC 2883). */
    record Acknowledging(AckPolicy ackPolicy, ReceiveTuning tuning, EcnInput ecn, boolean isDsackOn) {}

    /** Where it is told what became of a segment. */
    record Watching(SegmentDrops drops, Counters counters, Hooks hooks) {}

    /** Who is told of a FIN. */
    void setTeardown(Teardown newTeardown) {
        teardown = newTeardown;
    }

    /** Takes the payload and FIN of a segment whose other checks are done. */
    void queue(TcpSock sock, Segment segment) {
        if (segment.seq == segment.endSeq) {
            return;
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_data_queue, sock.index, segment.dataLength);
        }
        final int seq = segment.isSyn() ? segment.seq + 1 : segment.seq;
        final int window = sock.receiveWindow();
        if (SeqNum.isBeforeOrAt(segment.endSeq, sock.rcvNxt)) {
            counters.increment(Counter.TcpDelayedAckLost);
            noteDuplicate(sock, seq, segment.endSeq);
            refuse(sock, segment, DropReason.TCP_OLD_DATA);
        } else if (SeqNum.isBeforeOrAt(seq, sock.rcvNxt)) {
            if (seq != sock.rcvNxt) {
                noteDuplicate(sock, seq, sock.rcvNxt);
            }
            if (window == 0 && segment.dataLength > 0) {
                refuse(sock, segment, DropReason.TCP_ZEROWINDOW);
            } else {
                queueInOrder(sock, segment, sock.rcvNxt - seq);
            }
        } else if (SeqNum.isAfterOrAt(seq, sock.rcvNxt + window)) {
            refuse(sock, segment, DropReason.TCP_OVERWINDOW);
        } else {
            queueOutOfOrder(sock, segment, seq);
        }
    }

    /** Bytes came that were here already: the next ACK tells of them first. Linux: {@code tcp_dsack_set()}. */
    void noteDuplicate(TcpSock sock, int startSeq, int endSeq) {
        if (!isDsackOn || !sock.hasSack) {
            return;
        }
        final boolean isOld = SeqNum.isBefore(startSeq, sock.rcvNxt);
        counters.increment(isOld ? Counter.TcpDSACKOldSent : Counter.TcpDSACKOfoSent);
        sock.dsackStart = startSeq;
        sock.dsackEnd = endSeq;
    }

    /**
     * The same for what a queue of ranges has met, unless an older part is noted. Linux: {@code tcp_dsack_extend()}.
     */
    private void noteKnown(TcpSock sock, OutOfOrderQueue queue) {
        if (!queue.hasKnown()) {
            return;
        }
        if (!sock.hasDsack()) {
            noteDuplicate(sock, queue.knownStart(), queue.knownEnd());
        } else if (queue.knownStart() == sock.dsackEnd) {
            sock.dsackEnd = queue.knownEnd();
        }
    }

    /** Drops it, and says where we are: the sender may have missed it. */
    private void refuse(TcpSock sock, Segment segment, DropReason reason) {
        drops.drop(reason, sock, segment);
        ackPolicy.enterQuickAck(sock);
        output.ackAtOnce(sock, segment.receivedNs);
    }

    /**
     * Takes bytes that begin at or before rcvNxt. Linux: {@code tcp_queue_rcv()}.
     *
     * @param known leading bytes that were received before
     */
    void queueInOrder(TcpSock sock, Segment segment, int known) {
        tuning.onEcho(sock, segment);
        final int room = sock.receiveWindow();
        final int length = Math.min(segment.dataLength - known, room);
        final boolean isCut = length < segment.dataLength - known;
        if (length > 0 && !store(sock, segment, segment.dataOffset + known, length)) {
            onNoMemory(sock, segment);
            return;
        }
        if (length > 0) {
            sock.rcvNxt += length;
            sock.bytesReceived += length;
            ackPolicy.onData(sock, segment, length);
            if (sock.ecnFlags != 0) {
                ecn.onData(sock, segment, sock.rcvNxt - length);
            }
            oweReadable(sock);
        }
        if (isCut) {
            drops.drop(DropReason.TCP_OVERWINDOW, sock, segment); // only what fits was taken
        }
        if (segment.isFin() && !isCut) {
            takeFin(sock, segment.receivedNs);
        } else if (sock.outOfOrderQueue != null) {
            mergeOutOfOrder(sock, segment.receivedNs);
        }
    }

    /** Nothing comes behind a FIN, so nothing is told of that did. Linux: {@code tcp_fin()}. */
    private void takeFin(TcpSock sock, long nowNs) {
        if (sock.outOfOrderQueue != null) {
            sock.outOfOrderQueue.clear();
            queues.releaseOutOfOrderQueue(sock);
        }
        sock.clearDsack();
        teardown.onFin(sock, nowNs);
    }

    private void oweReadable(TcpSock sock) {
        if (sock.isReadable()) {
            delivery.owe(sock);
        }
    }

    /** Leaves bytes in the frame for the handler, or copies them to the ring. False when memory ran out. */
    private boolean store(TcpSock sock, Segment segment, int offset, int length) {
        final boolean isPassed = sock.isInline()
                && !sock.hasMark
                && sock.receiveQueue == null
                && length >= sock.options.receiveLowWater()
                && queues.canPassThrough();
        if (isPassed) {
            delivery.hold(segment.buffer, offset, length);
        } else {
            if (!queues.ensureReceiveQueue(sock, sock.available() + length)) {
                return false;
            }
            if (sock.hasMark) {
                Urgent.markQueue(sock);
            }
            final long position = sock.receiveQueue.publishedPosition();
            sock.receiveQueue.write(position, segment.buffer, offset, length);
            sock.receiveQueue.publish(position + length);
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_queue_rcv, sock.index, length);
            hooks.fire(isPassed ? HookPoint.__skb_queue_tail : HookPoint.tcp_try_coalesce, sock.index, length);
        }
        return true;
    }

    /** Not acknowledged, and the next window is zero: the peer keeps it, and probes. */
    private void onNoMemory(TcpSock sock, Segment segment) {
        drops.drop(DropReason.TCP_MEMORY, sock, segment);
        counters.increment(Counter.TcpMemoryPressures);
        sock.isOutOfMemory = true;
        output.ackAtOnce(sock, segment.receivedNs);
        sock.isOutOfMemory = false;
    }

    /** What was out of order may have become in order. Linux: {@code tcp_ofo_queue()}. */
    private void mergeOutOfOrder(TcpSock sock, long nowNs) {
        final OutOfOrderQueue queue = sock.outOfOrderQueue;
        final int rcvNxt = queue.advance(sock.rcvNxt);
        final int merged = rcvNxt - sock.rcvNxt;
        noteKnown(sock, queue);
        if (merged > 0) {
            sock.receiveQueue.publish(sock.receiveQueue.publishedPosition() + merged);
            sock.rcvNxt = rcvNxt;
            sock.bytesReceived += merged;
            oweReadable(sock);
        }
        sock.isAckNow = true; // RFC 5681 section 4.2: at once when a hole is filled, all or in part
        final int finSeq = queue.finSeq();
        if (queue.hasFin() && SeqNum.isBeforeOrAt(finSeq, rcvNxt)) {
            queue.forgetFin(); // data over a FIN's number makes it void, as in Linux
            if (finSeq == rcvNxt) {
                takeFin(sock, nowNs);
                return;
            }
        }
        queues.releaseOutOfOrderQueue(sock);
    }

    /** Linux: {@code tcp_data_queue_ofo()}. */
    private void queueOutOfOrder(TcpSock sock, Segment segment, int seq) {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_data_queue_ofo, sock.index, segment.dataLength);
        }
        sock.predFlags = 0;
        sock.rcvOooPack++;
        sock.isAckScheduled = true;
        ackPolicy.enterQuickAck(sock);
        final int ahead = seq - sock.rcvNxt;
        final int length = Math.min(segment.dataLength, sock.receiveWindow() - ahead);
        if (sock.ecnFlags != 0) {
            ecn.onData(sock, segment, sock.rcvNxt);
        }
        tuning.onEcho(sock, segment);
        sock.clearDsack();
        final boolean isKept = length == 0 || storeOutOfOrder(sock, segment, seq, length);
        if (isKept) {
            noteKept(sock, segment, seq, length);
        }
        output.ackAtOnce(sock, segment.receivedNs); // RFC 5681 section 4.2: each one its own duplicate ACK
    }

    /** What the peer is told of a segment that waits beyond a hole: its place, and what of it is here twice. */
    private void noteKept(TcpSock sock, Segment segment, int seq, int length) {
        final OutOfOrderQueue queue = queues.ensureOutOfOrderQueue(sock);
        int endSeq = seq + length;
        if (segment.isFin() && length == segment.dataLength) {
            queue.noteFin(endSeq);
            endSeq++;
        }
        if (sock.hasSack && endSeq != seq) {
            queue.sackBlocks.add(seq, endSeq);
            tuning.growWindow(sock, length); // without SACK the duplicate ACKs must be alike
        }
        tuning.onOutOfOrder(sock);
        queues.releaseOutOfOrderQueue(sock);
    }

    /** False when there is no memory or no range for it. */
    private boolean storeOutOfOrder(TcpSock sock, Segment segment, int seq, int length) {
        final int ahead = seq - sock.rcvNxt;
        if (!queues.ensureReceiveQueue(sock, sock.available() + ahead + length)) {
            drops.drop(DropReason.TCP_MEMORY, sock, segment);
            counters.increment(Counter.TcpMemoryPressures);
            return false;
        }
        final OutOfOrderQueue queue = queues.ensureOutOfOrderQueue(sock);
        final int result = queue.add(seq, seq + length);
        noteKnown(sock, queue);
        switch (result) {
            case OutOfOrderQueue.FULL -> {
                drops.drop(DropReason.TCP_OFO_QUEUE_FULL, sock, segment);
                return false;
            }
            case OutOfOrderQueue.DUPLICATE -> drops.drop(DropReason.TCP_OLD_DATA, sock, segment);
            case OutOfOrderQueue.MERGED -> {
                counters.increment(Counter.TcpOFOMerge);
                writeAhead(sock, segment, ahead, length);
            }
            default -> {
                counters.increment(Counter.TcpOFOQueue);
                writeAhead(sock, segment, ahead, length);
            }
        }
        return true;
    }

    private static void writeAhead(TcpSock sock, Segment segment, int ahead, int length) {
        final long position = sock.receiveQueue.publishedPosition() + ahead;
        sock.receiveQueue.write(position, segment.buffer, segment.dataOffset, length);
    }
}
