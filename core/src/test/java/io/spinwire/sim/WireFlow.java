package io.spinwire.sim;

import static io.spinwire.sim.WireSegment.ACK;
import static io.spinwire.sim.WireSegment.FIN;
import static io.spinwire.sim.WireSegment.RST;
import static io.spinwire.sim.WireSegment.SYN;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayQueue;
import org.agrona.collections.LongHashSet;

/**
 * One connection as the wire shows it to one end: what this end has sent, what has reached it, and whether the first
 * follows from the second. Sequence numbers are unwrapped to offsets from the initial ones, so that SYN is 0 and the
 * first byte 1.
 */
final class WireFlow {
    private static final int DEFAULT_MSS = 536; // RFC 9293 section 3.7.1
    private static final int TIMESTAMPS_LENGTH = 12;
    private static final int REMEMBERED = 64;
    private static final int MOST_AT_ONCE = 1 << 20; // bytes, before the first ACK

    /** Besides the largest timeout: for a claim that is refused, a neighbour to be found, a thread that stalls. */
    private static final long PATIENCE_NS = 4_000_000_000L;

    private final Known known;
    private final WireEcn ecn;

    // This end's direction.
    private boolean hasIss;
    private int iss;
    private WireSegment ownSyn;
    private long sndMax;
    private long sndUna;
    private long finEnd;
    private long peerEdge; // right edge of the peer's window, the furthest that has reached this end
    private int lastTsVal;
    private long lastSentNs;
    private final LongArrayQueue ends = new LongArrayQueue(Long.MIN_VALUE); // of segments in flight
    private final LongHashSet sacked = new LongHashSet(); // those of them that the peer reports
    private long mostInFlight; // segments: what the congestion window cannot have passed
    private long writtenOff; // segments: too long for the path
    private boolean isHeardAgain; // an ACK has come since sndUna moved that says nothing new of it
    private boolean isOnlyHeadRepeated; // as after a timeout that nothing but silence led to
    private boolean isWaiting; // segments may have waited in the qdisc until they were taken for lost

    // The peer's direction.
    private boolean hasIrs;
    private int irs;
    private WireSegment peerSyn;
    private int peerMss;
    private final WireReceived received = new WireReceived();
    private long lastAck;
    private long lastEdge;
    private int newestTsVal;

    // What came before it was known to which connection it belongs.
    private final List<WireSegment> peerSyns = new ArrayList<>();
    private final List<WireSegment> early = new ArrayList<>();

    /** Opened by an ACK that looks like a cookie's, long after the connection that it was of. */
    private boolean isPhantom;

    // The connection before this one.
    private boolean hasPrior;
    private int priorIss;
    private long priorMax;

    /**
     * What is known of an end besides what the wire shows.
     *
     * @param content what it says; null when not known
     * @param initialWindow segments that it may send before the first is acknowledged
     * @param maxRtoNs it is never silent for longer while something is to be acknowledged
     * @param isEcnEverywhere its congestion control may set ECT on all it sends
     * @param mayShrinkWindow its memory may run out
     * @param isNarrow it may learn that its path takes less, and then says so in a SYN that it repeats
     * @param mayDrop segments may be lost between the engine and its NIC
     * @param mayBePhantom it takes cookies: an ACK that comes late opens a connection that nobody has asked for
     * @param isQueueing a queue for each socket: what one has sent may leave after its successor's first segments
     */
    record Known(
            Content content,
            int initialWindow,
            long maxRtoNs,
            boolean isEcnEverywhere,
            boolean mayShrinkWindow,
            boolean isNarrow,
            boolean mayDrop,
            boolean mayBePhantom,
            boolean isQueueing) {}

    WireFlow(Known known) {
        this.known = known;
        ecn = new WireEcn(known.isEcnEverywhere);
    }

    // ---- What reaches this end ----

    void onReceived(WireSegment segment) {
        if (segment.is(RST)) {
            return;
        }
        ecn.onReceived(segment);
        if (segment.is(SYN)) {
            remember(peerSyns, segment);
        }
        if (!hasIrs || segment.is(SYN)) {
            remember(early, segment);
        }
        if (hasIrs) {
            take(segment);
        }
    }

    /**
     * All that is on its way, or waits for the NIC, may be taken for lost: then the window is open for as much again.
     */
    void onTooBig() {
        writtenOff = mostInFlight;
    }

    /** What waits in a qdisc is not sent again when it is taken for lost: new data leaves in its place. */
    void onFullNic() {
        isWaiting = known.mayDrop;
    }

    private static void remember(List<WireSegment> list, WireSegment segment) {
        if (list.size() == REMEMBERED) {
            list.removeFirst();
        }
        list.add(segment.copy());
    }

    private void take(WireSegment segment) {
        final long start = offset(segment.seq, irs, received.next());
        final long end = start + segment.seqLength();
        if (segment.is(SYN) && start != 0) {
            return; // of another connection between the same ports
        }
        if (segment.is(SYN)) {
            peerMss = Math.max(peerMss, segment.mss == 0 ? DEFAULT_MSS : segment.mss);
        }
        if (end > start && start > -Integer.MAX_VALUE / 2 && start < received.next() + Integer.MAX_VALUE / 2) {
            received.add(start, end);
        }
        if (segment.is(ACK)) {
            takeAck(segment);
        }
        if (segment.is(SYN) && !segment.is(ACK)) {
            peerEdge = Math.max(peerEdge, 1 + segment.window); // both opened at once
        }
        if (segment.hasTimestamps && segment.tsVal - newestTsVal > 0) {
            newestTsVal = segment.tsVal;
        }
    }

    private void takeAck(WireSegment segment) {
        final long ack = offset(segment.ack, iss, sndMax);
        if (ack < 0 || ack > sndMax) {
            return;
        }
        final int shift = segment.is(SYN) || !isScaled() ? 0 : peerSyn.scale;
        peerEdge = Math.max(peerEdge, ack + ((long) segment.window << shift));
        mostInFlight += ack <= sndUna ? 2 : 0; // says that a segment has left the network; BBR grows by that, too
        for (int i = 0; i < segment.sackCount; i++) {
            takeSack(offset(segment.sackStart[i], iss, sndMax), offset(segment.sackEnd[i], iss, sndMax));
        }
        final boolean isTimeoutAnswered = isOnlyHeadRepeated && ack > sndUna;
        isHeardAgain = ack <= sndUna;
        isOnlyHeadRepeated = false;
        sndUna = Math.max(sndUna, ack);
        while (!ends.isEmpty() && ends.peekLong() <= ack) {
            sacked.remove(ends.pollLong());
            mostInFlight++; // slow start
            writtenOff = Math.max(writtenOff - 1, 0);
        }
        if (isTimeoutAnswered) { // RFC 5682 section 3.1 step 2.b: new data, though RACK takes all before it for lost
            writtenOff = Math.max(writtenOff, ends.size());
        }
    }

    /** What is reported has left the network as well. */
    private void takeSack(long start, long end) {
        final LongArrayQueue.LongIterator sent = ends.iterator();
        while (sent.hasNext()) {
            final long each = sent.nextValue();
            if (each > start && each <= end && sacked.add(each)) {
                mostInFlight += 2; // BBR grows by it, too
            }
        }
    }

    // ---- What this end sends ----

    /**
     * Null when the segment is right; else what is wrong with it.
     *
     * @param mayLackSyn segments may be lost before the NIC: also a SYN, while ACKs of its connection leave already
     * @param askedNs when a neighbour's address was asked for last: what waited for the answer may have been given up
     */
    String onSent(WireSegment segment, DirectBuffer buffer, boolean mayLackSyn, long askedNs, long nowNs) {
        if (segment.is(RST)) {
            return null; // some answer what belongs to no connection; no rule of a flow can judge them
        }
        lastSentNs = Math.max(lastSentNs, askedNs);
        if (segment.is(SYN)) {
            isPhantom = false;
            lastSentNs = nowNs;
            final String fault = onSynSent(segment, buffer);
            return fault == null ? ecn.fault(segment, false) : fault;
        }
        final String fault = isPhantom ? null : fault(segment, buffer, mayLackSyn, nowNs);
        isPhantom |= fault != null && known.mayBePhantom;
        return isPhantom ? null : fault;
    }

    private String fault(WireSegment segment, DirectBuffer buffer, boolean mayLackSyn, long nowNs) {
        final boolean mayLack = mayLackSyn || known.mayDrop;
        if (mayLack && !isOfThisConnection(segment) && (segment.seqLength() == 0 || isAnswerToSyn(segment))) {
            return null;
        }
        if (known.mayDrop && hasIss && offset(segment.seq, iss, sndMax) < 0) {
            return null; // has waited in the qdisc since a former connection
        }
        if (!hasIss) {
            return "segment without a SYN before it";
        }
        if (known.isQueueing && !isOfThisConnection(segment) && isOfPriorConnection(segment)) {
            return null;
        }
        if (!segment.is(ACK)) {
            return "segment without ACK";
        }
        if (!hasIrs && !takeIrs(segment.ack)) {
            return "acknowledges a SYN that never came";
        }
        String fault = silenceFault(nowNs);
        fault = fault == null ? ecn.fault(segment, offset(segment.seq, iss, sndMax) < sndMax) : fault;
        fault = fault == null ? sequenceFault(segment, buffer) : fault;
        fault = fault == null ? ackFault(segment) : fault;
        fault = fault == null ? sackFault(segment) : fault;
        return fault == null ? timestampFault(segment) : fault;
    }

    private boolean isOfThisConnection(WireSegment segment) {
        final long start = offset(segment.seq, iss, sndMax);
        return hasIss && start >= 0 && start <= sndMax;
    }

    /** With RFC 7413 data may follow a SYN-ACK that has come no farther than to the NIC. */
    private boolean isAnswerToSyn(WireSegment segment) {
        for (final WireSegment syn : peerSyns) {
            final int beyond = segment.ack - syn.seq;
            if (beyond > 0 && beyond <= MOST_AT_ONCE) {
                return true;
            }
        }
        return false;
    }

    private boolean isOfPriorConnection(WireSegment segment) {
        final long start = offset(segment.seq, priorIss, priorMax);
        return hasPrior && start >= 0 && start <= priorMax;
    }

    private String onSynSent(WireSegment segment, DirectBuffer buffer) {
        if (segment.is(FIN) || segment.payloadLength > 0 && segment.is(ACK)) {
            return "SYN with FIN, or SYN-ACK with data";
        }
        final boolean isRepeated = hasIss && segment.seq == iss && !isAnswerToLaterSyn(segment);
        if (!isRepeated) {
            begin(segment);
        } else if (segment.scale != ownSyn.scale && isScaled() || segment.mss != ownSyn.mss && !known.isNarrow) {
            return "SYN repeated with other options";
        }
        if (segment.is(ACK)) {
            if (!hasIrs && !takeIrs(segment.ack)) {
                return "acknowledges a SYN that never came";
            }
            final long ack = offset(segment.ack, irs, received.next());
            lastEdge = Math.max(lastEdge, ack + segment.window);
            lastAck = Math.max(lastAck, ack);
            ownSyn = segment.copy();
        }
        final Content content = known.content;
        return content == null || segment.payloadLength == 0
                ? null
                : content.fault(buffer, segment.payloadOffset, 0, segment.payloadLength);
    }

    /** Of another connection at the same moment, and so with the same number: a SYN had ended the one before. */
    private boolean isAnswerToLaterSyn(WireSegment segment) {
        if (!segment.is(ACK) || !hasIrs) {
            return false;
        }
        for (final WireSegment syn : peerSyns) {
            if (syn.seq != irs && segment.ack == syn.seq + 1) {
                return true;
            }
        }
        return segment.ack - irs <= 0;
    }

    private void begin(WireSegment syn) {
        hasPrior = hasIss;
        priorIss = iss;
        priorMax = sndMax;
        hasIss = true;
        iss = syn.seq;
        ownSyn = syn.copy();
        sndMax = 1 + syn.payloadLength; // data with RFC 7413
        sndUna = 0;
        finEnd = -1;
        peerEdge = 0;
        lastTsVal = syn.tsVal;
        ends.clear();
        mostInFlight = known.initialWindow;
        writtenOff = 0;
        isHeardAgain = false;
        isOnlyHeadRepeated = false;
        ecn.clear();
        hasIrs = false;
        peerSyn = null;
        peerMss = 0;
        received.clear();
        lastAck = 0;
        lastEdge = 1 + syn.window;
    }

    /** @param ack of the peer's SYN, and perhaps of data that came with it or right behind it */
    private boolean takeIrs(int ack) {
        int nearest = MOST_AT_ONCE;
        for (final WireSegment syn : peerSyns) {
            final int beyond = ack - syn.seq;
            if (beyond > 0 && beyond <= nearest) {
                nearest = beyond;
                hasIrs = true;
                irs = syn.seq;
                peerSyn = syn;
                newestTsVal = syn.tsVal;
            }
        }
        if (hasIrs) {
            early.forEach(this::take);
            early.clear();
        }
        return hasIrs;
    }

    private boolean isScaled() {
        return ownSyn.scale >= 0 && peerSyn != null && peerSyn.scale >= 0;
    }

    private boolean isTimestamped() {
        return ownSyn.hasTimestamps && peerSyn.hasTimestamps;
    }

    /** Something is to be acknowledged: then the end speaks up at the latest when its timer is due. */
    private String silenceFault(long nowNs) {
        final long silentNs = nowNs - lastSentNs;
        lastSentNs = nowNs;
        return sndUna < sndMax && silentNs > known.maxRtoNs + PATIENCE_NS
                ? "silent for " + silentNs / 1e9 + " s although " + (sndMax - sndUna) + " bytes were in flight"
                : null;
    }

    private String sequenceFault(WireSegment segment, DirectBuffer buffer) {
        final long start = offset(segment.seq, iss, sndMax);
        final long end = start + segment.seqLength();
        if (known.mayDrop && start > sndMax && start < peerEdge) {
            sndMax = start; // what was before it has not come this far
        }
        if (start < 0 || start > sndMax) {
            return "sequence " + start + " where " + sndMax + " is next";
        }
        if (end == start) {
            return null;
        }
        final boolean isOfSyn = start == sndUna && end <= sndMax; // went with the SYN, before a window was offered
        if (end > peerEdge && !isOfSyn) {
            return "sent up to " + end + ", beyond the peer's window, which ends at " + peerEdge;
        }
        if (finEnd >= 0 && end > finEnd || segment.is(FIN) && end < sndMax) {
            return "sent " + start + " to " + end + " with the FIN at " + (finEnd - 1) + ", next " + sndMax;
        }
        finEnd = segment.is(FIN) ? end : finEnd;
        final int limit = peerMss - (isTimestamped() ? TIMESTAMPS_LENGTH : 0);
        if (segment.payloadLength > limit) {
            return "payload of " + segment.payloadLength + " for a peer that takes " + limit;
        }
        final Content content = known.content;
        final String fault =
                content == null ? null : content.fault(buffer, segment.payloadOffset, start - 1, segment.payloadLength);
        return fault == null ? flightFault(start, end) : fault;
    }

    /**
     * A congestion window begins at the initial one, and grows by what is acknowledged at the most. Retransmissions cut
     * segments anew, and a probe may go beyond the window by one.
     */
    private String flightFault(long start, long end) {
        if (start < sndMax) {
            isOnlyHeadRepeated = start == sndUna && !isHeardAgain;
            mostInFlight += 2; // one more in flight for one that is lost, and one more to be acknowledged if it is cut
            ends.forEachLong(each -> mostInFlight += each > start && each < end ? 1 : 0); // or if some become one
        }
        if (end <= sndMax) {
            return null;
        }
        sndMax = end;
        ends.addLong(end);
        final long most = isWaiting ? 2 * mostInFlight : mostInFlight;
        return ends.size() > most + writtenOff + 1
                ? ends.size() + " segments in flight, where the window cannot have passed " + mostInFlight
                : null;
    }

    private String ackFault(WireSegment segment) {
        final long ack = offset(segment.ack, irs, received.next());
        if (ack > received.next()) {
            return "acknowledges " + ack + " where " + received.next() + " was received";
        }
        if (ack < lastAck && known.isQueueing) {
            return null; // overtaken by what answers for the connection after its socket: TIME_WAIT
        }
        if (ack < lastAck) {
            return "acknowledges " + ack + " after " + lastAck;
        }
        lastAck = ack;
        final int shift = isScaled() ? ownSyn.scale : 0;
        final long edge = ack + ((long) segment.window << shift);
        if (edge < lastEdge - (1L << shift) && !known.mayShrinkWindow) {
            return "right window edge from " + lastEdge + " to " + edge + " with scale " + shift;
        }
        lastEdge = Math.max(lastEdge, edge);
        return null;
    }

    /** RFC 2018 section 4 and RFC 2883 section 4: each block was received; the first may tell what came twice. */
    private String sackFault(WireSegment segment) {
        if (segment.sackCount > 0 && !(ownSyn.isSackPermitted && peerSyn.isSackPermitted)) {
            return "SACK that was not agreed on";
        }
        final long ack = offset(segment.ack, irs, received.next()); // of an ACK that was overtaken, before the last
        for (int i = 0; i < segment.sackCount; i++) {
            final long start = offset(segment.sackStart[i], irs, received.next());
            final long end = offset(segment.sackEnd[i], irs, received.next());
            if (end <= start) {
                return "SACK block " + start + " to " + end;
            }
            if (!received.has(start, end)) {
                return "SACK block " + start + " to " + end + " was not received: " + received;
            }
            final boolean isDuplicate = start < ack || i == 0 && isWithinSecond(segment);
            if (isDuplicate && (i > 0 || !received.hasTwice(start, end))) {
                return "SACK block " + i + ", " + start + " to " + end + ", did not come twice: " + received;
            }
        }
        return null;
    }

    private static boolean isWithinSecond(WireSegment segment) {
        return segment.sackCount > 1
                && segment.sackStart[0] - segment.sackStart[1] >= 0
                && segment.sackEnd[0] - segment.sackEnd[1] <= 0;
    }

    private String timestampFault(WireSegment segment) {
        if (segment.hasTimestamps != isTimestamped()) {
            return segment.hasTimestamps ? "timestamps not agreed on" : "no timestamps";
        }
        if (!segment.hasTimestamps) {
            return null;
        }
        if (segment.tsVal - lastTsVal < 0 && !known.isQueueing) {
            return "timestamp " + segment.tsVal + " after " + lastTsVal;
        }
        lastTsVal = segment.tsVal;
        return segment.tsEcr - newestTsVal > 0 ? "echoes a timestamp that never came" : null;
    }

    private static long offset(int seq, int base, long near) {
        return near + (seq - (base + (int) near));
    }

    @Override
    public String toString() {
        return "sent to " + sndMax + " of window to " + peerEdge + ", received to " + received;
    }
}
