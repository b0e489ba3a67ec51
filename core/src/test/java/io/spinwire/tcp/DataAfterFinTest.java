package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.Test;

/** A peer that sends on after its FIN, which nothing can follow. */
class DataAfterFinTest extends TcpScript {

    private void peerCloses() {
        accepted(options().quickAck(true).build());
        peer.sends(data(1, 1, 100));
        peer.sends(fin(101, 1));
        stack.emits(ack(1, 101), ack(1, 102));
        app.heard("peerClosed");
    }

    @Test
    void shouldResetWhenSegmentReachesBeyondTheFin() {
        peerCloses();
        peer.sends(data(91, 1, 30));
        stack.emits(rst(1));
        assertEquals(100, app.readBytes);
        assertEquals(1, count(Counter.TcpAbortOnData));
        assertEquals(0, count(Counter.EngineSocketsInUse));
        app.heard("closed ABORTED");
    }

    @Test
    void shouldDropWhenDataBeginsBehindTheFin() {
        peerCloses();
        peer.sends(data(102, 1, 30));
        stack.emitsNothing();
        assertEquals(1, count(DropReason.TCP_CLOSE));
        isIn(TcpState.CLOSE_WAIT);
    }

    @Test
    void shouldDropWhenASecondFinLiesBehindTheFirst() {
        peerCloses();
        peer.sends(fin(101, 1).length(1));
        stack.emitsNothing();
        isIn(TcpState.CLOSE_WAIT);
        app.closes();
        stack.emits(fin(1, 102));
    }

    @Test
    void shouldAcknowledgeAgainWhenTheFinIsRepeated() {
        peerCloses();
        peer.sends(fin(51, 1).length(50));
        stack.emits(ack(1, 102));
    }

    @Test
    void shouldForgetAnEarlyFinWhenDataTakesItsNumber() {
        accepted(options().quickAck(true).build());
        peer.sends(fin(101, 1).length(100));
        stack.emits(ack(1, 1));
        peer.sends(data(1, 1, 300));
        stack.emits(ack(1, 301));
        assertEquals(300, app.readBytes);
        peer.sends(fin(301, 1));
        stack.emits(ack(1, 302));
        app.heard("peerClosed");
    }
}
