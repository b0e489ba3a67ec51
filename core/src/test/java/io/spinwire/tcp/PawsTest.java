package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 7323: timestamps, which of them is echoed, and protection against wrapped sequence numbers. */
class PawsTest extends TcpScript {

    private int start;

    @BeforeEach
    void establish() {
        peer.withTimestamps();
        accepted();
        start = peer.tsNow();
    }

    private Packet at(int tick, Packet packet) {
        return packet.ts(start + tick, peer.tsEcr);
    }

    @Test
    void shouldEchoTheLatestWhenDataIsInOrder() {
        peer.sends(at(10, data(1, 1, 10)));
        stack.emits(ack(1, 11).ts(Packet.ANY, start + 10));
        peer.sends(at(20, data(11, 1, 10)));
        stack.emits(ack(1, 21).ts(Packet.ANY, start + 20));
    }

    @Test
    void shouldEchoTheOneBeforeTheHoleWhenDataIsOutOfOrder() {
        peer.sends(at(10, data(1, 1, 10)));
        stack.emits(ack(1, 11));
        peer.sends(at(30, data(21, 1, 10)));
        stack.emits(ack(1, 11).ts(Packet.ANY, start + 10));
        peer.sends(at(20, data(11, 1, 10)));
        stack.emits(ack(1, 31).ts(Packet.ANY, start + 20)); // RFC 7323 section 4.3, case (C)
    }

    @Test
    void shouldDropAndAnswerWhenDataIsOlderThanTheLast() {
        peer.sends(at(10, data(1, 1, 10)));
        stack.emits(ack(1, 11));
        peer.sends(at(9, data(11, 1, 10)));
        stack.emits(ack(1, 11));
        assertEquals(10, app.readBytes);
        assertEquals(1, count(DropReason.TCP_RFC7323_PAWS));
    }

    @Test
    void shouldTakeTheSameTimestampWhenRepeated() {
        peer.sends(at(10, data(1, 1, 10)), at(10, data(11, 1, 10)));
        stack.emits(ack(1, 21));
    }

    @Test
    void shouldTakeResetWhenItsTimestampIsOld() {
        peer.sends(at(10, data(1, 1, 10)));
        stack.emits(ack(1, 11));
        peer.sends(at(0, rst(11)));
        app.heard("closed RESET");
    }

    @Test
    void shouldTakeAnOvertakenPureAckWhenNearlyAsNew() {
        peer.sends(at(10, data(1, 1, 10)));
        stack.emits(ack(1, 11));
        peer.sends(at(9, ack(11, 1)));
        stack.emitsNothing();
        assertEquals(0, count(DropReason.TCP_RFC7323_PAWS));
    }

    @Test
    void shouldLimitAnswersWhenOldAcksPourIn() {
        peer.sends(at(5000, data(1, 1, 10)));
        stack.emits(ack(1, 11));
        peer.sends(at(0, ack(11, 1)), at(0, ack(11, 1)));
        stack.emits(ack(1, 11));
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpSkippedAcks));
    }

    @Test
    void shouldTakeAnythingWhenAPeerOfMicrosecondsMayHaveWrappedSince() {
        peer.sends(at(10, data(1, 1, 10)));
        stack.emits(ack(1, 11));
        after(s(2146));
        peer.sends(at(5, data(11, 1, 10)));
        stack.emits(ack(1, 11));
        after(s(1));
        peer.sends(at(5, data(11, 1, 10)));
        stack.emits(ack(1, 21));
        assertEquals(20, app.readBytes);
    }

    @Test
    void shouldTakeDataWithoutTimestampsWhenPeerLeavesThemOut() {
        peer.sends(data(1, 1, 10).noTimestamps().window(100).rawOptions());
        stack.emits(ack(1, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldTickOnceAMillisecondWhenSending() {
        app.writes(10);
        final int first = stack.next().tsVal;
        peer.sends(ack(1, 11));
        after(ms(123));
        app.writes(10);
        assertEquals(first + 123, stack.next().tsVal);
    }

    @Test
    void shouldMeasureRoundTripFromEchoWhenSegmentWasRetransmitted() {
        app.writes(10);
        final Packet first = stack.next();
        stack.emitsAfter(ms(200), data(1, 1, 10));
        after(ms(50));
        peer.sends(ack(1, 11).ts(peer.tsNow(), first.tsVal));
        isIn(TcpState.ESTABLISHED);
        assertEquals(0, info().backoff);
        assertEquals(true, info().rttUs > 20_000, "round trip of " + info().rttUs + " us");
    }
}
