package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293: FIN_WAIT_1. We closed, and our FIN is not acknowledged. */
class FinWait1Test extends TcpScript {

    @BeforeEach
    void shutDown() {
        accepted();
        app.shutsDown();
        stack.emits(fin(1, 1));
        isIn(TcpState.FIN_WAIT_1);
    }

    @Test
    void shouldEnterFinWait2WhenFinIsAcknowledged() {
        peer.sends(ack(1, 2));
        stack.emitsNothing();
        isIn(TcpState.FIN_WAIT_2);
    }

    @Test
    void shouldEnterTimeWaitWhenFinArrivesWithAckOfOurs() {
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.heard("peerClosed", "closed NORMAL");
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldEnterClosingWhenFinArrivesAlone() {
        peer.sends(fin(1, 1));
        stack.emits(ack(2, 2));
        isIn(TcpState.CLOSING);
        app.heard("peerClosed");
    }

    @Test
    void shouldDeliverDataWhenOnlyOutputIsShut() {
        peer.sends(data(1, 1, 10));
        stack.emits(ack(2, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldRefuseOffersWhenOutputIsShut() {
        assertEquals(TcpSocket.CLOSED, app.offers(1));
        assertEquals(0, app.socket.writable());
    }

    @Test
    void shouldRepeatFinWhenNoAckComes() {
        stack.emitsAfter(ms(200), fin(1, 1));
    }

    @Test
    void shouldEndWhenReset() {
        peer.sends(rst(1));
        app.heard("closed RESET");
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldStayWhenOldAckArrives() {
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        isIn(TcpState.FIN_WAIT_1);
    }

    @Test
    void shouldSendFinOnceWhenShutDownTwiceAndClosed() {
        app.shutsDown();
        app.closes();
        stack.emitsNothing();
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.heard("closed NORMAL");
    }
}
