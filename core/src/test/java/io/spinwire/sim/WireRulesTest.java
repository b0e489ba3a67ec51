package io.spinwire.sim;

import static io.spinwire.sim.WireSegment.ACK;
import static io.spinwire.sim.WireSegment.ECE;
import static io.spinwire.sim.WireSegment.FIN;
import static io.spinwire.sim.WireSegment.SYN;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each rule that a simulation holds frames against: what keeps it passes, and what breaks it is found out. */
class WireRulesTest {
    private static final int ISS = -100; // wraps around soon
    private static final int IRS = 5_000;
    private static final int MSS = 1_460;
    private static final int LIMIT = MSS - 12; // with timestamps
    private static final int SCALE = 2;
    private static final int WINDOW = 5_000; // scaled: 20,000 bytes
    private static final long SECOND = 1_000_000_000;
    private static final Content CONTENT = new Content(7, 100_000);

    private final WireFlow flow =
            new WireFlow(new WireFlow.Known(CONTENT, 10, SECOND, false, false, false, false, false, false));
    private long nowNs = SECOND;
    private int tsVal = 100;

    @BeforeEach
    void connect() {
        holds(options(segment(SYN, ISS, 0, 0)));
        flow.onReceived(options(segment(SYN | ACK, IRS, ISS + 1, 0)));
        holds(sent(1, 0));
    }

    // ---- The stage ----

    private WireSegment segment(int flags, int seq, int ack, int length) {
        final WireSegment segment = new WireSegment();
        segment.isTcp = true;
        segment.flags = flags;
        segment.seq = seq;
        segment.ack = ack;
        segment.payloadLength = length;
        segment.window = WINDOW;
        segment.scale = -1;
        segment.hasTimestamps = true;
        segment.tsVal = tsVal;
        segment.tsEcr = (flags & ACK) != 0 ? 100 : 0;
        return segment;
    }

    private static WireSegment options(WireSegment syn) {
        syn.scale = SCALE;
        syn.mss = MSS;
        syn.isSackPermitted = true;
        return syn;
    }

    /** Of this end: bytes from {@code start} on, the first of which is 1. */
    private WireSegment sent(int start, int length) {
        final WireSegment segment = segment(ACK, ISS + start, IRS + 1, length);
        segment.payloadOffset = CONTENT.offset(start - 1);
        return segment;
    }

    private WireSegment sent(int start, int length, int ack) {
        final WireSegment segment = sent(start, length);
        segment.ack = IRS + ack;
        return segment;
    }

    private WireSegment sacking(int ack, int start, int end) {
        final WireSegment segment = sent(1, 0, ack);
        segment.sackCount = 1;
        segment.sackStart[0] = IRS + start;
        segment.sackEnd[0] = IRS + end;
        return segment;
    }

    /** Of the peer. */
    private void comes(int start, int length, int ack) {
        flow.onReceived(segment(ACK, IRS + start, ISS + ack, length));
    }

    private String judge(WireSegment segment) {
        return flow.onSent(segment, Content.buffer(), false, 0, nowNs);
    }

    private void holds(WireSegment segment) {
        assertNull(judge(segment));
    }

    private void breaks(String rule, WireSegment segment) {
        final String fault = judge(segment);
        assertNotNull(fault, "not found: " + rule);
        assertTrue(fault.contains(rule), fault);
    }

    // ---- The rules ----

    @Test
    void shouldFindContentThatIsNotWhatWasWritten() {
        holds(sent(1, 100));
        final WireSegment wrong = sent(101, 100);
        wrong.payloadOffset++;
        breaks("wrong byte", wrong);
    }

    @Test
    void shouldFindGapInSequence() {
        holds(sent(1, 100));
        breaks("where 101 is next", sent(102, 10));
    }

    @Test
    void shouldFindDataBeyondThePeersWindow() {
        for (int start = 1; start + LIMIT <= WINDOW; start += LIMIT) {
            holds(sent(start, LIMIT));
        }
        holds(sent(4_345, WINDOW + 1 - 4_345)); // in the SYN-ACK it is not scaled
        breaks("beyond the peer's window", sent(WINDOW + 1, 1));
        comes(1, 0, 1);
        holds(sent(WINDOW + 1, 1));
    }

    @Test
    void shouldFindMoreInFlightThanAnyWindowAllows() {
        comes(1, 0, 1); // the ACK is a duplicate, and lets two more leave
        int start = 1;
        for (int i = 0; i < 13; i++, start++) {
            holds(sent(start, 1));
        }
        breaks("segments in flight", sent(start, 1));
    }

    /** A timeout, and the answer to it: all that is still in flight may be taken for lost, and new data leaves. */
    @Test
    void shouldAllowAnotherWindowWhenOnlyTheHeadWasRepeated() {
        int start = 1;
        for (int i = 0; i < 10; i++, start++) {
            holds(sent(start, 1));
        }
        holds(sent(1, 1));
        comes(1, 0, 2);
        for (int i = 0; i < 14; i++, start++) {
            holds(sent(start, 1));
        }
        breaks("segments in flight", sent(start, 1));
    }

    @Test
    void shouldAllowNoOtherWindowWhenDuplicatesLedToTheRepetition() {
        int start = 1;
        for (int i = 0; i < 10; i++, start++) {
            holds(sent(start, 1));
        }
        comes(1, 0, 1);
        holds(sent(1, 1));
        comes(1, 0, 2);
        for (int i = 0; i < 7; i++, start++) {
            holds(sent(start, 1));
        }
        breaks("segments in flight", sent(start, 1));
    }

    @Test
    void shouldFindPayloadThatIsTooLong() {
        breaks("for a peer that takes " + LIMIT, sent(1, LIMIT + 1));
    }

    @Test
    void shouldFindDataAfterFin() {
        final WireSegment fin = sent(1, 0);
        fin.flags |= FIN;
        holds(fin);
        breaks("with the FIN at 1", sent(2, 1));
    }

    @Test
    void shouldFindAckOfWhatNeverCame() {
        comes(1, 100, 1);
        holds(sent(1, 0, 101));
        breaks("where 101 was received", sent(1, 0, 102));
    }

    @Test
    void shouldFindAckThatGoesBack() {
        comes(1, 100, 1);
        holds(sent(1, 0, 101));
        breaks("acknowledges 100 after 101", sent(1, 0, 100));
    }

    @Test
    void shouldFindWindowThatIsTakenBack() {
        comes(1, 100, 1);
        final WireSegment smaller = sent(1, 0, 101);
        smaller.window = WINDOW - 100 / (1 << SCALE);
        holds(smaller);
        final WireSegment taken = sent(1, 0, 101);
        taken.window = smaller.window - 2;
        breaks("right window edge", taken);
    }

    @Test
    void shouldFindSackOfWhatNeverCame() {
        comes(201, 100, 1);
        holds(sacking(1, 201, 301));
        breaks("was not received", sacking(1, 201, 302));
        breaks("was not received", sacking(1, 151, 200));
    }

    @Test
    void shouldFindDuplicateSackOfWhatCameOnce() {
        comes(1, 100, 1);
        comes(1, 50, 1);
        holds(sacking(101, 1, 51));
        breaks("did not come twice", sacking(101, 1, 52));
    }

    @Test
    void shouldFindTimestampThatGoesBack() {
        holds(sent(1, 10));
        tsVal = 99;
        breaks("timestamp 99 after 100", sent(11, 10));
    }

    @Test
    void shouldFindEchoOfTimestampThatNeverCame() {
        final WireSegment echo = sent(1, 10);
        echo.tsEcr = 101;
        breaks("echoes a timestamp that never came", echo);
    }

    @Test
    void shouldFindMissingTimestamps() {
        final WireSegment bare = sent(1, 10);
        bare.hasTimestamps = false;
        breaks("no timestamps", bare);
    }

    @Test
    void shouldFindForgottenTimer() {
        holds(sent(1, 10));
        nowNs += 4 * SECOND; // what a neighbour or a full ring may take
        holds(sent(1, 10));
        nowNs += 6 * SECOND;
        breaks("silent for 6.0 s", sent(1, 10));
    }

    @Test
    void shouldFindEcnThatWasNotAgreedOn() {
        final WireSegment marked = sent(1, 10);
        marked.ecn = 2;
        breaks("ECN that was not agreed on", marked);
        final WireSegment echo = sent(1, 10);
        echo.flags |= ECE;
        breaks("ECN that was not agreed on", echo);
    }

    @Test
    void shouldFindSynRepeatedWithOtherOptions() {
        final WireSegment other = options(segment(SYN | ACK, ISS, IRS + 1, 0));
        other.mss = 536;
        breaks("SYN repeated with other options", other);
    }

    @Test
    void shouldFindAnswerToSynThatNeverCame() {
        final WireFlow stranger =
                new WireFlow(new WireFlow.Known(null, 10, SECOND, false, false, false, false, false, false));
        final WireSegment answer = options(segment(SYN | ACK, ISS, IRS + 1, 0));
        final String fault = stranger.onSent(answer, Content.buffer(), false, 0, nowNs);
        assertNotNull(fault);
        assertTrue(fault.contains("acknowledges a SYN that never came"), fault);
    }
}
