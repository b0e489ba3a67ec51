package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293: CLOSING. Both closed at once. */
class ClosingTest extends TcpScript {

    @BeforeEach
    void closeBoth() {
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 1));
        stack.emits(ack(2, 2));
        isIn(TcpState.CLOSING);
    }

    @Test
    void shouldEnterTimeWaitWhenFinIsAcknowledged() {
        peer.sends(ack(2, 2));
        stack.emitsNothing();
        app.heard("closed NORMAL");
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldRepeatFinWhenNoAckComes() {
        stack.emitsAfter(ms(200), fin(1, 2));
        peer.sends(ack(2, 2));
        app.heard("closed NORMAL");
    }

    @Test
    void shouldAcknowledgeAgainWhenFinIsRepeated() {
        peer.sends(fin(1, 1));
        stack.emits(ack(2, 2));
        isIn(TcpState.CLOSING);
    }

    @Test
    void shouldDropWhenDataComesBehindTheFin() {
        peer.sends(data(2, 1, 10));
        stack.emitsNothing();
        isIn(TcpState.CLOSING);
    }

    @Test
    void shouldEndWhenReset() {
        peer.sends(rst(2));
        app.heard("closed NORMAL");
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
    }
}
