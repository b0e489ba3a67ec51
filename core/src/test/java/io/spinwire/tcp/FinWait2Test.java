package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293: FIN_WAIT_2. Our FIN is acknowledged, the peer goes on. */
class FinWait2Test extends TcpScript {

    @BeforeEach
    void shutDown() {
        accepted();
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        isIn(TcpState.FIN_WAIT_2);
    }

    @Test
    void shouldDeliverDataWhenOnlyOutputIsShut() {
        peer.sends(data(1, 2, 10));
        stack.emits(ack(2, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldEnterTimeWaitWhenFinArrives() {
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.heard("peerClosed", "closed NORMAL");
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldDeliverFirstWhenFinComesWithData() {
        peer.sends(fin(1, 2).length(10));
        stack.emits(ack(2, 12));
        assertEquals(10, app.readBytes);
        app.heard("peerClosed", "closed NORMAL");
    }

    @Test
    void shouldStayForeverWhenOnlyOutputIsShut() {
        after(s(3600));
        stack.emitsNothing();
        isIn(TcpState.FIN_WAIT_2);
    }

    @Test
    void shouldResetWhenDataComesAfterClose() {
        app.closes();
        peer.sends(data(1, 2, 10));
        stack.emits(rst(2));
        assertEquals(1, count(Counter.TcpAbortOnData));
        assertEquals(1, count(DropReason.TCP_ABORT_ON_DATA));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldGiveUpAfterFinTimeoutWhenClosed() {
        app.closes();
        after(ms(59_999));
        assertEquals(1, count(Counter.EngineSocketsInUse));
        after(ms(1));
        assertEquals(0, count(Counter.EngineSocketsInUse));
        peer.sends(fin(1, 2));
        stack.emits(rst(2));
    }

    @Test
    void shouldEndWhenReset() {
        peer.sends(rst(1));
        app.heard("closed RESET");
    }

    @Test
    void shouldHoldFinBackWhenItIsOutOfOrder() {
        peer.sends(fin(11, 2));
        stack.emits(ack(2, 1));
        isIn(TcpState.FIN_WAIT_2);
        peer.sends(data(1, 2, 10));
        stack.emits(ack(2, 12));
        app.heard("peerClosed", "closed NORMAL");
    }

    @Test
    void shouldWaitForTheReaderWhenItLeftSomething() {
        app.appetite = 0;
        peer.sends(fin(1, 2).length(10));
        stack.emits(ack(2, 12));
        app.heard("peerClosed");
        app.reads(3);
        app.heard();
        app.reads(7);
        app.heard("closed NORMAL");
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldNotWaitForTheReaderWhenEngineShutsDown() {
        app.appetite = 0;
        peer.sends(fin(1, 2).length(10));
        stack.emits(ack(2, 12));
        app.heard("peerClosed");
        engine.beginShutdown();
        run();
        app.heard("closed NORMAL");
        assertTrue(engine.isDrained());
        stack.emitsNothing();
    }

    @Test
    void shouldTellTheEndWhenEngineClosesUnderTheReader() {
        app.appetite = 0;
        peer.sends(fin(1, 2).length(10));
        stack.emits(ack(2, 12));
        app.heard("peerClosed");
        engine.close();
        app.heard("closed NORMAL");
    }
}
