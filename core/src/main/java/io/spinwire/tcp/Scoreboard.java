package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.queue.RtxQueue;
import io.spinwire.queue.SackMemory;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.tcp.cc.CongestionState;
import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpOptions;

/**
 * Enters the SACK blocks of an ACK into the rtx queue: which records have arrived, whether they came in the order they
 * were sent, which retransmissions were duplicates. RFC 2018, 2883. What earlier ACKs have said is skipped, so that the
 * work of an ACK is what is new in it. Engine thread only. Linux: {@code tcp_sacktag_write_queue()}.
 */
final class Scoreboard {
    private static final int NO_BLOCK = -1;

    private final int maxReordering;
    private final CongestionSignals congestion;
    private final Counters counters;

    // The valid blocks of the ACK in hand, lowest first.
    private final int[] starts = new int[TcpOptions.MAX_SACK_BLOCKS];
    private final int[] ends = new int[TcpOptions.MAX_SACK_BLOCKS];
    private int used;

    /** Records before this number have been looked at: none is looked at twice. */
    private int walkedTo;

    /** Place of the block that reports a duplicate, or {@link #NO_BLOCK}. */
    private int duplicate;

    Scoreboard(CongestionSignals congestion, Counters counters, TcpConfig config) {
        this.congestion = congestion;
        this.counters = counters;
        maxReordering = config.maxReordering();
    }

    /** Takes the blocks of a segment whose ACK has been taken already. */
    void tag(TcpSock sock, Segment segment, AckResult ack) {
        final boolean hasDuplicate = checkDuplicate(sock, segment, ack);
        if (SeqNum.isBefore(segment.ackSeq, ack.priorUna - sock.maxWindow) || sock.packetsOut == 0) {
            return;
        }
        collect(sock, segment, ack, hasDuplicate);
        sort();
        final SackMemory known = sock.rtxQueue.sacks();
        if (sock.sackedOut == 0) {
            known.clear();
            known.highest = sock.sndUna;
        }
        walkedTo = sock.rtxQueue.seq(0);
        for (int i = 0; i < used; i++) {
            walkBlock(sock, ack, i);
        }
        remember(known);
        if (sock.congestionState != CongestionState.LOSS || sock.hasUndoMarker) {
            checkReordering(sock, ack.reord, Counter.TcpSACKReorder);
        }
    }

    // ---- Duplicates ----

    /**
     * RFC 2883 section 4: the first block lies below the ACK, or within the second. Linux: {@code tcp_check_dsack()}.
     */
    private boolean checkDuplicate(TcpSock sock, Segment segment, AckResult ack) {
        final int start = segment.sackStart[0];
        final int end = segment.sackEnd[0];
        if (SeqNum.isBefore(start, segment.ackSeq)) {
            counters.increment(Counter.TcpDSACKRecv);
        } else if (segment.sackCount > 1
                && SeqNum.isBeforeOrAt(end, segment.sackEnd[1])
                && SeqNum.isAfterOrAt(start, segment.sackStart[1])) {
            counters.increment(Counter.TcpDSACKOfoRecv);
        } else {
            return false;
        }
        final int segments = duplicateSegments(sock, start, end, ack);
        if (segments == 0) {
            counters.increment(Counter.TcpDSACKIgnoredDubious);
            return false;
        }
        counters.add(Counter.TcpDSACKRecvSegs, segments);
        if (sock.hasUndoMarker
                && sock.undoRetrans > 0
                && SeqNum.isBeforeOrAt(end, ack.priorUna)
                && SeqNum.isAfter(end, sock.undoMarker)) {
            sock.undoRetrans = Math.max(0, sock.undoRetrans - segments); // its record is gone already
        }
        return true;
    }

    /** Segments that were received twice; 0 when that cannot be. Linux: {@code tcp_dsack_seen()}. */
    private static int duplicateSegments(TcpSock sock, int start, int end, AckResult ack) {
        final int length = end - start;
        if (length <= 0 || length > sock.maxWindow) {
            return 0;
        }
        int segments = 1;
        if (length > sock.mss) {
            segments = (length + sock.mss - 1) / sock.mss;
        } else if (sock.hasTlp && sock.tlpHighSeq == end) {
            ack.set(AckResult.DSACK_TLP);
        }
        sock.dsackDups += segments;
        if (sock.dsackDups > sock.totalRetrans) {
            return 0; // more than were ever retransmitted: the network makes copies
        }
        if (sock.reordSeen != 0 && !ack.has(AckResult.DSACK_TLP)) {
            sock.isRackDsackSeen = true;
        }
        ack.set(AckResult.DSACKING_ACK);
        ack.sackDelivered += segments;
        return segments;
    }

    // ---- Blocks ----

    private void collect(TcpSock sock, Segment segment, AckResult ack, boolean hasDuplicate) {
        used = 0;
        duplicate = NO_BLOCK;
        for (int i = 0; i < segment.sackCount; i++) {
            final int start = segment.sackStart[i];
            final int end = segment.sackEnd[i];
            final boolean isDuplicate = hasDuplicate && i == 0;
            if (!isValid(sock, start, end, isDuplicate)) {
                countInvalid(sock, segment.ackSeq, end, isDuplicate);
            } else if (SeqNum.isAfter(end, ack.priorUna)) {
                if (isDuplicate) {
                    duplicate = used;
                }
                starts[used] = start;
                ends[used] = end;
                used++;
            }
        }
    }

    /** Linux: {@code tcp_is_sackblock_valid()}. */
    private static boolean isValid(TcpSock sock, int start, int end, boolean isDuplicate) {
        if (SeqNum.isAfter(end, sock.sndNxt)
                || SeqNum.isAfterOrAt(start, end)
                || SeqNum.isAfterOrAt(start, sock.sndNxt)) {
            return false;
        }
        if (SeqNum.isAfter(start, sock.sndUna)) {
            return true;
        }
        if (!isDuplicate || !sock.hasUndoMarker || SeqNum.isAfter(end, sock.sndUna)) {
            return false; // a hole begins at sndUna; what lies below it was acknowledged
        }
        if (SeqNum.isAfterOrAt(start, sock.undoMarker)) {
            return true;
        }
        return SeqNum.isAfter(end, sock.undoMarker) && SeqNum.isAfterOrAt(start, end - sock.maxWindow);
    }

    private void countInvalid(TcpSock sock, int ackSeq, int end, boolean isDuplicate) {
        if (isDuplicate) {
            counters.increment(sock.hasUndoMarker ? Counter.TcpDSACKIgnoredOld : Counter.TcpDSACKIgnoredNoUndo);
        } else if (ackSeq == sock.sndUna || SeqNum.isAfter(end, sock.sndUna)) {
            counters.increment(Counter.TcpSACKDiscard); // else the ACK was overtaken by another
        }
    }

    private void sort() {
        for (int i = used - 1; i > 0; i--) {
            for (int j = 0; j < i; j++) {
                if (SeqNum.isAfter(starts[j], starts[j + 1])) {
                    swap(j);
                }
            }
        }
    }

    private void swap(int j) {
        final int start = starts[j];
        final int end = ends[j];
        starts[j] = starts[j + 1];
        ends[j] = ends[j + 1];
        starts[j + 1] = start;
        ends[j + 1] = end;
        if (duplicate == j) {
            duplicate = j + 1;
        } else if (duplicate == j + 1) {
            duplicate = j;
        }
    }

    /** What lies in a block of the last ACK has been entered: only what is beside it is new. */
    private void walkBlock(TcpSock sock, AckResult ack, int block) {
        final SackMemory known = sock.rtxQueue.sacks();
        final int end = ends[block];
        int from = starts[block];
        for (int k = 0; block != duplicate && k < SackMemory.BLOCKS; k++) { // lowest first
            final int knownStart = known.start(k);
            final int knownEnd = known.end(k);
            if (knownStart == knownEnd || SeqNum.isAfterOrAt(from, knownEnd)) {
                continue;
            }
            if (SeqNum.isAfterOrAt(knownStart, end)) {
                break;
            }
            if (SeqNum.isBefore(from, knownStart)) {
                walk(sock, ack, block, from, knownStart);
            }
            if (SeqNum.isAfter(end, knownEnd) && duplicate > block && SeqNum.isBefore(starts[duplicate], knownEnd)) {
                walk(sock, ack, duplicate, starts[duplicate], ends[duplicate]); // it would be passed over
            }
            from = knownEnd;
        }
        if (SeqNum.isBefore(from, end)) {
            walk(sock, ack, block, from, end);
        }
    }

    private void remember(SackMemory known) {
        final int empty = SackMemory.BLOCKS - used;
        for (int k = 0; k < SackMemory.BLOCKS; k++) {
            if (k < empty) {
                known.put(k, 0, 0);
            } else {
                known.put(k, starts[k - empty], ends[k - empty]);
            }
        }
    }

    // ---- Records ----

    /** The part of a block from {@code from} to {@code to}. Linux: {@code tcp_sacktag_walk()}. */
    private void walk(TcpSock sock, AckResult ack, int block, int from, int to) {
        final RtxQueue queue = sock.rtxQueue;
        final int start = SeqNum.isBefore(from, walkedTo) ? walkedTo : from;
        final int found = queue.find(start);
        int record = found == RtxQueue.NOT_FOUND ? queue.size() : found;
        while (record < queue.size() && SeqNum.isBefore(queue.seq(record), to)) {
            final int fit = cover(sock, record, starts[block], ends[block]);
            if (fit < 0) {
                return;
            }
            if (fit > 0) {
                tagRecord(sock, ack, record, block == duplicate || isInDuplicate(sock, record));
            }
            walkedTo = queue.endSeq(record);
            record++;
        }
    }

    private boolean isInDuplicate(TcpSock sock, int record) {
        return duplicate != NO_BLOCK
                && SeqNum.isAfterOrAt(sock.rtxQueue.seq(record), starts[duplicate])
                && SeqNum.isBeforeOrAt(sock.rtxQueue.endSeq(record), ends[duplicate]);
    }

    /**
     * Whether a block covers a record. One of several segments is cut where the block ends, at a multiple of the
     * segment size, and then the first part counts. Linux: {@code tcp_match_skb_to_sack()}.
     *
     * @return 1 covered, 0 not, -1 no memory to cut it
     */
    private static int cover(TcpSock sock, int record, int start, int end) {
        final RtxQueue queue = sock.rtxQueue;
        final int seq = queue.seq(record);
        final boolean beginsInside = SeqNum.isBeforeOrAt(start, seq);
        if (beginsInside && SeqNum.isAfterOrAt(end, queue.endSeq(record))) {
            return 1;
        }
        final int length = queue.endSeq(record) - seq - ((queue.flags(record) & RtxQueue.FIN) >> 1);
        if (length <= sock.mss || SeqNum.isBeforeOrAt(queue.endSeq(record), start)) {
            return 0;
        }
        final int partial = beginsInside ? end - seq : start - seq;
        if (beginsInside && partial < sock.mss) {
            return 0;
        }
        final int roundUp = beginsInside ? 0 : sock.mss - 1;
        final int cut = Math.max((partial + roundUp) / sock.mss * sock.mss, sock.mss);
        if (cut >= length) {
            return 0;
        }
        if (!LossMarks.split(sock, record, seq + cut)) {
            return -1;
        }
        return beginsInside ? 1 : 0;
    }

    private void tagRecord(TcpSock sock, AckResult ack, int record, boolean isDuplicate) {
        final RtxQueue queue = sock.rtxQueue;
        final int flags = queue.flags(record);
        if (isDuplicate && (flags & RtxQueue.EVER_RETRANSMITTED) != 0) {
            takeDuplicate(sock, ack, record);
        }
        DeliveryRate.onDelivered(sock, record, congestion.sample);
        if (SeqNum.isBeforeOrAt(queue.endSeq(record), sock.sndUna)) {
            return; // about to be taken off
        }
        if ((flags & RtxQueue.SACKED) == 0) {
            Rack.advance(sock, flags, queue.endSeq(record), queue.sentNs(record), ack.nowNs);
            takeNew(sock, ack, record);
        }
        if (isDuplicate && (queue.flags(record) & RtxQueue.RETRANSMITTED) != 0) {
            queue.setFlags(record, queue.flags(record) & ~RtxQueue.RETRANSMITTED);
            sock.retransOut--;
        }
        queue.unlist(record);
        if (SeqNum.isAfter(queue.endSeq(record), queue.sacks().highest)) {
            queue.sacks().highest = queue.endSeq(record);
        }
    }

    /** A retransmission that was not needed. */
    private static void takeDuplicate(TcpSock sock, AckResult ack, int record) {
        final RtxQueue queue = sock.rtxQueue;
        if (sock.hasUndoMarker && sock.undoRetrans > 0 && SeqNum.isAfter(queue.endSeq(record), sock.undoMarker)) {
            sock.undoRetrans--;
        }
        if ((queue.flags(record) & RtxQueue.SACKED) != 0 && SeqNum.isBefore(queue.seq(record), ack.reord)) {
            ack.reord = queue.seq(record);
        }
    }

    /** A record that has newly arrived. Linux: {@code tcp_sacktag_one()}. */
    private static void takeNew(TcpSock sock, AckResult ack, int record) {
        final RtxQueue queue = sock.rtxQueue;
        int flags = queue.flags(record);
        if ((flags & RtxQueue.RETRANSMITTED) != 0) {
            if ((flags & RtxQueue.LOST) != 0) { // else the retransmission is believed to be still in flight
                flags &= ~(RtxQueue.LOST | RtxQueue.RETRANSMITTED);
                sock.lostOut--;
                sock.retransOut--;
            }
        } else {
            if ((flags & RtxQueue.EVER_RETRANSMITTED) == 0) {
                takeOriginal(sock, ack, record);
            }
            if ((flags & RtxQueue.LOST) != 0) {
                flags &= ~RtxQueue.LOST;
                sock.lostOut--;
            }
        }
        queue.setFlags(record, flags | RtxQueue.SACKED);
        ack.set(AckResult.DATA_SACKED);
        sock.sackedOut++;
        ack.sackDelivered++;
    }

    private static void takeOriginal(TcpSock sock, AckResult ack, int record) {
        final RtxQueue queue = sock.rtxQueue;
        final int seq = queue.seq(record);
        if (SeqNum.isBefore(seq, sock.highestSack()) && SeqNum.isBefore(seq, ack.reord)) {
            ack.reord = seq; // it fills a hole, and was never retransmitted: it was overtaken
        }
        if (SeqNum.isBeforeOrAt(queue.endSeq(record), sock.highSeq)) {
            ack.set(AckResult.ORIG_SACK_ACKED);
        }
        if (ack.firstSackedNs == AckResult.NONE) {
            ack.firstSackedNs = queue.sentNs(record);
        }
        ack.lastSackedNs = queue.sentNs(record);
    }

    // ---- Reordering ----

    /** Something from {@code lowSeq} arrived after what was sent later. Linux: {@code tcp_check_sack_reordering()}. */
    void checkReordering(TcpSock sock, int lowSeq, Counter counter) {
        final int distance = sock.highestSack() - lowSeq;
        if (distance <= 0) {
            return;
        }
        if (distance > (long) sock.reordering * sock.mss) {
            sock.reordering = Math.min((distance + sock.mss - 1) / sock.mss, maxReordering);
        }
        sock.reordSeen++;
        counters.increment(counter);
    }
}
