package io.spinwire.sim;

import static io.spinwire.sim.WireSegment.ACK;
import static io.spinwire.sim.WireSegment.FIN;
import static io.spinwire.sim.WireSegment.RST;
import static io.spinwire.sim.WireSegment.SYN;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * One connection as the wire shows it to one end: what this end has sent, what has reached it, and whether the first
 * follows from the second. Sequence numbers are unwrapped to offsets from the initial ones, so that SYN is 0 and the
 * first byte 1.
 */
final class WireFlow {
    private static final int DEFAULT_MSS = 536; // RFC 9293 section 3.7.1
    private static final int TIMESTAMPS_LENGTH = 12;
    private static final int REMEMBERED = 64;

    private final Content content; // of this end; null when not known
    private final boolean mayShrinkWindow;

    // This end's direction.
    private boolean hasIss;
    private int iss;
    private WireSegment ownSyn;
    private long sndMax;
    private long finEnd;
    private long peerEdge; // right edge of the peer's window, the furthest that has reached this end
    private int lastTsVal;

    // The peer's direction.
    private boolean hasIrs;
    private int irs;
    private WireSegment peerSyn;
    private long rcvNxt;
    private final TreeMap<Long, Long> ahead = new TreeMap<>();
    private long lastAck;
    private long lastEdge;
    private int newestTsVal;

    // What came before it was known to which connection it belongs.
    private final List<WireSegment> peerSyns = new ArrayList<>();
    private final List<WireSegment> early = new ArrayList<>();

    WireFlow(Content content, boolean mayShrinkWindow) {
        this.content = content;
        this.mayShrinkWindow = mayShrinkWindow;
    }

    // ---- What reaches this end ----

    void onReceived(WireSegment segment) {
        if (segment.is(RST)) {
            return;
        }
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

    private static void remember(List<WireSegment> list, WireSegment segment) {
        if (list.size() == REMEMBERED) {
            list.removeFirst();
        }
        list.add(segment.copy());
    }

    private void take(WireSegment segment) {
        final long start = offset(segment.seq, irs, rcvNxt);
        final long end = start + segment.seqLength();
        if (segment.is(SYN) && start != 0) {
            return; // of another connection between the same ports
        }
        if (end > rcvNxt && start < rcvNxt + Integer.MAX_VALUE / 2) {
            addReceived(Math.max(start, rcvNxt), end);
        }
        if (segment.is(ACK)) {
            final long ack = offset(segment.ack, iss, sndMax);
            if (ack >= 0 && ack <= sndMax) {
                final int shift = segment.is(SYN) || !isScaled() ? 0 : peerSyn.scale;
                peerEdge = Math.max(peerEdge, ack + ((long) segment.window << shift));
            }
        }
        if (segment.is(SYN) && !segment.is(ACK)) {
            peerEdge = Math.max(peerEdge, 1 + segment.window); // both opened at once
        }
        if (segment.hasTimestamps && segment.tsVal - newestTsVal > 0) {
            newestTsVal = segment.tsVal;
        }
    }

    private void addReceived(long start, long end) {
        ahead.merge(start, end, Math::max);
        while (!ahead.isEmpty() && ahead.firstKey() <= rcvNxt) {
            rcvNxt = Math.max(rcvNxt, ahead.pollFirstEntry().getValue());
        }
    }

    // ---- What this end sends ----

    /**
     * Null when the segment is right; else what is wrong with it.
     *
     * @param mayLackSyn segments may be lost before the NIC: also a SYN, while ACKs of its connection leave already
     */
    String onSent(WireSegment segment, DirectBuffer buffer, boolean mayLackSyn) {
        if (segment.is(RST)) {
            return null; // some answer what belongs to no connection; no rule of a flow can judge them
        }
        if (segment.is(SYN)) {
            return onSynSent(segment);
        }
        if (mayLackSyn && segment.seqLength() == 0 && !isOfThisConnection(segment)) {
            return null;
        }
        if (!hasIss) {
            return "segment without a SYN before it";
        }
        if (!segment.is(ACK)) {
            return "segment without ACK";
        }
        if (!hasIrs && !takeIrs(segment.ack)) {
            return "acknowledges a SYN that never came";
        }
        String fault = sequenceFault(segment, buffer);
        fault = fault == null ? ackFault(segment) : fault;
        return fault == null ? timestampFault(segment) : fault;
    }

    private boolean isOfThisConnection(WireSegment segment) {
        final long start = offset(segment.seq, iss, sndMax);
        return hasIss && start >= 0 && start <= sndMax;
    }

    private String onSynSent(WireSegment segment) {
        if (segment.payloadLength > 0 || segment.is(FIN)) {
            return "SYN with data or FIN";
        }
        final boolean isRepeated =
                hasIss && segment.seq == iss && (!segment.is(ACK) || !hasIrs || segment.ack == irs + 1);
        if (!isRepeated) {
            begin(segment);
        } else if (segment.scale != ownSyn.scale && isScaled() || segment.mss != ownSyn.mss) {
            return "SYN repeated with other options";
        }
        if (segment.is(ACK)) {
            if (!hasIrs && !takeIrs(segment.ack)) {
                return "acknowledges a SYN that never came";
            }
            lastEdge = Math.max(lastEdge, 1 + segment.window);
            lastAck = Math.max(lastAck, 1);
            ownSyn = segment.copy();
        }
        return null;
    }

    private void begin(WireSegment syn) {
        hasIss = true;
        iss = syn.seq;
        ownSyn = syn.copy();
        sndMax = 1;
        finEnd = -1;
        peerEdge = 0;
        lastTsVal = syn.tsVal;
        hasIrs = false;
        peerSyn = null;
        rcvNxt = 0;
        ahead.clear();
        lastAck = 0;
        lastEdge = 1 + syn.window;
    }

    private boolean takeIrs(int ack) {
        for (final WireSegment syn : peerSyns) {
            if (syn.seq == ack - 1) {
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

    private String sequenceFault(WireSegment segment, DirectBuffer buffer) {
        final long start = offset(segment.seq, iss, sndMax);
        final long end = start + segment.seqLength();
        if (start < 0 || start > sndMax) {
            return "sequence " + start + " where " + sndMax + " is next";
        }
        if (end == start) {
            return null;
        }
        if (end > peerEdge) {
            return "sent up to " + end + ", beyond the peer's window, which ends at " + peerEdge;
        }
        if (finEnd >= 0 && end > finEnd || segment.is(FIN) && end < sndMax) {
            return "sent " + start + " to " + end + " with the FIN at " + (finEnd - 1) + ", next " + sndMax;
        }
        finEnd = segment.is(FIN) ? end : finEnd;
        sndMax = Math.max(sndMax, end);
        final int limit = (peerSyn.mss == 0 ? DEFAULT_MSS : peerSyn.mss) - (isTimestamped() ? TIMESTAMPS_LENGTH : 0);
        if (segment.payloadLength > limit) {
            return "payload of " + segment.payloadLength + " for a peer that takes " + limit;
        }
        return content == null ? null : content.fault(buffer, segment.payloadOffset, start - 1, segment.payloadLength);
    }

    private String ackFault(WireSegment segment) {
        final long ack = offset(segment.ack, irs, rcvNxt);
        if (ack > rcvNxt) {
            return "acknowledges " + ack + " where " + rcvNxt + " was received";
        }
        if (ack < lastAck) {
            return "acknowledges " + ack + " after " + lastAck;
        }
        lastAck = ack;
        final int shift = isScaled() ? ownSyn.scale : 0;
        final long edge = ack + ((long) segment.window << shift);
        if (edge < lastEdge - (1L << shift) && !mayShrinkWindow) {
            return "right window edge from " + lastEdge + " to " + edge + " with scale " + shift;
        }
        lastEdge = Math.max(lastEdge, edge);
        return null;
    }

    private String timestampFault(WireSegment segment) {
        if (segment.hasTimestamps != isTimestamped()) {
            return segment.hasTimestamps ? "timestamps not agreed on" : "no timestamps";
        }
        if (!segment.hasTimestamps) {
            return null;
        }
        if (segment.tsVal - lastTsVal < 0) {
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
        return "sent to " + sndMax + " of window to " + peerEdge + ", received to " + rcvNxt + " and "
                + ahead.entrySet().stream().map(Map.Entry::toString).toList();
    }
}
