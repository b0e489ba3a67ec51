package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.8.4: keepalive probes have the number before the next, and no data. */
class KeepAliveTest extends TcpScript {

    private static SocketOptionsBuilder keepAlive() {
        return options().keepAlive(true);
    }

    @Test
    void shouldStaySilentWhenOff() {
        accepted();
        after(s(100_000));
        stack.emitsNothing();
    }

    @Test
    void shouldProbeAfterTwoHoursWhenOn() {
        accepted(keepAlive().build());
        stack.emitsAfter(s(7200), ack(0, 1));
        assertEquals(1, count(Counter.TcpKeepAlive));
        peer.sends(ack(1, 1));
        stack.emitsAfter(s(7200), ack(0, 1));
    }

    @Test
    void shouldProbeNineTimesAndResetWhenNobodyAnswers() {
        accepted(keepAlive().build());
        stack.emitsAfter(s(7200), ack(0, 1));
        for (int i = 1; i < 9; i++) {
            stack.emitsAfter(s(75), ack(0, 1));
        }
        app.heard();
        stack.emitsAfter(s(75), rstAck(1, 1));
        app.heard("closed TIMED_OUT");
        assertEquals(1, count(Counter.TcpAbortOnTimeout));
        assertEquals(9, count(Counter.TcpKeepAlive));
    }

    /** Junk from the outside must not make a dead peer look alive. */
    @Test
    void shouldProbeInTimeWhenOnlyInvalidSegmentsCome() {
        accepted(keepAlive().keepAliveIdleNs(s(10)).build());
        after(s(9));
        peer.sends(ack(1, 1_000_000), data(900_000, 1, 1), rst(60_000));
        stack.emitsWhatever();
        stack.emitsAfter(s(1), ack(0, 1));
        peer.sends(ack(1, 1_000_000));
        stack.emitsWhatever();
        assertEquals(1, info().probes);
        peer.sends(ack(1, 1));
        assertEquals(0, info().probes);
    }

    @Test
    void shouldObeyOptionsWhenGiven() {
        accepted(keepAlive()
                .keepAliveIdleNs(s(10))
                .keepAliveIntervalNs(s(2))
                .keepAliveCount(2)
                .build());
        stack.emitsAfter(s(10), ack(0, 1));
        stack.emitsAfter(s(2), ack(0, 1));
        stack.emitsAfter(s(2), rstAck(1, 1));
    }

    @Test
    void shouldWaitAnewWhenPeerSpeaks() {
        accepted(keepAlive().keepAliveIdleNs(s(10)).build());
        after(s(9));
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        stack.emitsAfter(s(10), ack(0, 11));
    }

    @Test
    void shouldStartOverWhenAProbeIsAnswered() {
        accepted(keepAlive()
                .keepAliveIdleNs(s(10))
                .keepAliveIntervalNs(s(2))
                .keepAliveCount(2)
                .build());
        for (int i = 0; i < 5; i++) {
            stack.emitsAfter(s(10), ack(0, 1));
            stack.emitsAfter(s(2), ack(0, 1));
            peer.sends(ack(1, 1));
        }
        app.heard();
    }

    @Test
    void shouldLeaveItToRetransmissionWhenDataIsInFlight() {
        accepted(keepAlive().keepAliveIdleNs(s(1)).build());
        app.writes(10);
        stack.emits(data(1, 1, 10));
        after(ms(3100));
        stack.emits(data(1, 1, 10), data(1, 1, 10), data(1, 1, 10), data(1, 1, 10));
        assertEquals(0, count(Counter.TcpKeepAlive));
    }

    @Test
    void shouldGiveUpByUserTimeoutWhenGiven() {
        accepted(keepAlive()
                .keepAliveIdleNs(s(10))
                .keepAliveIntervalNs(s(1))
                .userTimeoutNs(s(13))
                .build());
        stack.emitsAfter(s(10), ack(0, 1));
        stack.emitsAfter(s(1), ack(0, 1));
        stack.emitsAfter(s(1), ack(0, 1));
        stack.emitsAfter(s(1), rstAck(1, 1));
        app.heard("closed TIMED_OUT");
    }

    @Test
    void shouldAnswerWhenPeerProbes() {
        accepted();
        after(s(1));
        peer.sends(ack(0, 1));
        stack.emits(ack(1, 1));
        after(s(1));
        peer.sends(data(0, 1, 1)); // some send a byte of garbage
        stack.emits(ack(1, 1));
    }
}
