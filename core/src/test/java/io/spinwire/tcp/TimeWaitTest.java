package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293: TIME_WAIT. Both closed, we first. */
class TimeWaitTest extends TcpScript {

    @BeforeEach
    void close() {
        accepted();
        closeFirst();
    }

    private void closeFirst() {
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.events.clear();
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldAcknowledgeAgainAndWaitAnewWhenFinIsRepeated() {
        after(s(30));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        after(s(59));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        after(s(1));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        assertEquals(1, count(Counter.TcpTimeWaited));
    }

    @Test
    void shouldEndAfterSixtySecondsWhenNothingComes() {
        after(ms(59_999));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        after(ms(1));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        peer.sends(fin(1, 2));
        stack.emits(rst(2));
    }

    @Test
    void shouldEndWhenResetIsExact() {
        peer.sends(rst(2));
        stack.emitsNothing();
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldStayWhenResetIsNotExact() {
        peer.sends(rst(1));
        peer.sends(rst(3));
        stack.emitsNothing();
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldStaySilentWhenBareAckArrives() {
        peer.sends(ack(2, 2));
        stack.emitsNothing();
    }

    @Test
    void shouldSayWhereItIsWhenDataArrives() {
        peer.sends(data(1, 2, 10));
        stack.emits(ack(2, 2));
        assertEquals(1, count(DropReason.TCP_TIME_WAIT));
    }

    @Test
    void shouldLimitAnswersWhenOldAcksPourIn() {
        peer.sends(ack(1, 2), ack(1, 2), ack(1, 2));
        stack.emits(ack(2, 2));
        stack.emitsNothing();
        assertEquals(2, count(Counter.TcpSkippedAcks));
        after(ms(500));
        peer.sends(ack(1, 2));
        stack.emits(ack(2, 2));
    }

    @Test
    void shouldOpenAnewBeyondTheOldNumbersWhenSynIsNewer() {
        final int oldIss = peer.stackIss;
        peer.sends(Packet.of(io.spinwire.wire.TcpHeader.SYN).seq(3));
        stack.emits(synAck());
        assertEquals(oldIss + 2 + 65_537, peer.stackIss);
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        assertEquals(1, count(Counter.TcpTimeWaitRecycled));
        peer.sends(ack(1, 1));
        app.heard("connected");
    }

    @Test
    void shouldNotOpenAnewWhenSynIsOlder() {
        peer.sends(syn());
        stack.emits(ack(2, 2));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldNotOpenAnewWhenNobodyListens() {
        engine.beginShutdown();
        peer.sends(Packet.of(io.spinwire.wire.TcpHeader.SYN).seq(3));
        stack.emits(ack(2, -1));
        assertTrue(engine.isDrained());
    }
}
