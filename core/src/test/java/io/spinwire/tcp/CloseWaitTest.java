package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293: CLOSE_WAIT. The peer closed, we go on. */
class CloseWaitTest extends TcpScript {

    @BeforeEach
    void receiveFin() {
        accepted();
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.heard("peerClosed");
        isIn(TcpState.CLOSE_WAIT);
    }

    @Test
    void shouldSendDataWhenOffered() {
        app.writes(100);
        stack.emits(data(1, 2, 100));
        peer.sends(ack(2, 101));
        stack.emitsNothing();
    }

    @Test
    void shouldSendFinWhenClosed() {
        app.closes();
        stack.emits(fin(1, 2));
        isIn(TcpState.LAST_ACK);
    }

    @Test
    void shouldSayEndWhenRead() {
        assertEquals(TcpSocket.CLOSED, app.reads(1));
        assertTrue(app.socket.isPeerClosed());
    }

    @Test
    void shouldAcknowledgeAgainWhenFinIsRepeated() {
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.heard();
    }

    @Test
    void shouldDropWhenDataComesBehindTheFin() {
        peer.sends(data(2, 1, 10));
        stack.emitsNothing();
        assertEquals(0, app.readBytes);
        assertEquals(1, count(DropReason.TCP_CLOSE));
    }

    @Test
    void shouldEndWhenReset() {
        peer.sends(rst(2));
        app.heard("closed RESET");
    }

    @Test
    void shouldEndWhenResetHasTheNumberOfTheFin() {
        peer.sends(rst(1));
        app.heard("closed RESET");
    }

    @Test
    void shouldResetWhenAborted() {
        app.aborts();
        stack.emits(rstAck(1, 2));
        app.heard("closed ABORTED");
    }
}
