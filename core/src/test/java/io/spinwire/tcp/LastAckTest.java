package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293: LAST_ACK. The peer closed, then we. */
class LastAckTest extends TcpScript {

    @BeforeEach
    void closeAfterPeer() {
        accepted();
        app.onPeerClosed = socket -> socket.close();
        peer.sends(fin(1, 1));
        stack.emits(fin(1, 2));
        isIn(TcpState.LAST_ACK);
        app.heard("peerClosed");
    }

    @Test
    void shouldEndWithoutTimeWaitWhenFinIsAcknowledged() {
        peer.sends(ack(2, 2));
        stack.emitsNothing();
        app.heard("closed NORMAL");
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    @Test
    void shouldStayWhenAckIsOld() {
        peer.sends(ack(2, 1));
        stack.emitsNothing();
        isIn(TcpState.LAST_ACK);
    }

    @Test
    void shouldRepeatFinWhenNoAckComes() {
        stack.emitsAfter(ms(200), fin(1, 2));
    }

    @Test
    void shouldAcknowledgeAgainWhenFinIsRepeated() {
        peer.sends(fin(1, 1));
        stack.emits(ack(2, 2));
    }

    @Test
    void shouldEndInOrderWhenReset() {
        peer.sends(rst(2));
        app.heard("closed NORMAL");
    }
}
