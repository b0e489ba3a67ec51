package io.spinwire.sim;

import static io.spinwire.sim.WireSegment.ACK;
import static io.spinwire.sim.WireSegment.CWR;
import static io.spinwire.sim.WireSegment.ECE;
import static io.spinwire.sim.WireSegment.SYN;

/** One end's use of ECN (RFC 3168): nothing that was not agreed on, no echo without a mark, no mark of its own. */
final class WireEcn {
    private static final int ECT1 = 1;
    private static final int CE = 3;

    private final boolean isEverywhere; // DCTCP marks all its packets, SYN and ACK included
    private boolean hasAsked; // in a SYN
    private boolean hasAgreed; // in a SYN-ACK
    private boolean isPeerAsking;
    private boolean isPeerAgreeing;
    private boolean isMarked;
    private boolean isSynMarked; // which may have data, and comes before this end begins

    WireEcn(boolean isEverywhere) {
        this.isEverywhere = isEverywhere;
    }

    void clear() {
        hasAsked = false;
        hasAgreed = false;
        isMarked = isSynMarked;
    }

    void onReceived(WireSegment segment) {
        if (segment.is(SYN)) {
            isPeerAsking |= !segment.is(ACK) && segment.is(ECE) && segment.is(CWR);
            isSynMarked |= segment.ecn == CE;
            isPeerAgreeing |= segment.is(ACK) && segment.is(ECE) && !segment.is(CWR);
        }
        isMarked |= segment.ecn == CE;
    }

    String fault(WireSegment segment, boolean isRepeated) {
        if (segment.ecn == ECT1 || segment.ecn == CE) {
            return "ECN codepoint " + segment.ecn + " where only ECT(0) is for senders";
        }
        if (segment.is(SYN)) {
            return synFault(segment);
        }
        final boolean isAgreed = hasAsked && isPeerAgreeing || hasAgreed && isPeerAsking;
        if (!isAgreed && (segment.ecn != 0 || segment.is(ECE) || segment.is(CWR))) {
            return "ECN that was not agreed on";
        }
        if (segment.is(ECE) && !isMarked) {
            return "ECE though no mark has come";
        }
        if (segment.ecn != 0 && !isEverywhere && (segment.payloadLength == 0 || isRepeated)) {
            return segment.payloadLength == 0 ? "ECT without data" : "ECT on data that was sent before";
        }
        return null;
    }

    private String synFault(WireSegment segment) {
        if (segment.ecn != 0 && !isEverywhere) {
            return "ECT on a SYN";
        }
        if (segment.is(ACK)) {
            hasAgreed |= segment.is(ECE);
            return segment.is(CWR) || segment.is(ECE) && !isPeerAsking ? "SYN-ACK speaks ECN unasked" : null;
        }
        hasAsked |= segment.is(ECE) && segment.is(CWR);
        return segment.is(ECE) != segment.is(CWR) ? "SYN with half of an ECN request" : null;
    }
}
