package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** What close does with unsent data: linger none, 0 and more; half close; FIN_WAIT_2 of an orphan. */
class LingerTest extends TcpScript {

    @Test
    void shouldSendEverythingBeforeFinWhenLingerIsNotSet() {
        peer.withWindow(1000);
        accepted();
        assertEquals(1200, app.offers(1200));
        app.closes();
        stack.emits(data(1, 1, 500), data(501, 1, 500));
        peer.sends(ack(1, 1001));
        stack.emits(fin(1001, 1).length(200));
        peer.sends(fin(1, 1202));
        stack.emits(ack(1202, 2));
        app.heard("closed NORMAL");
    }

    @Test
    void shouldResetAtOnceWhenLingerIsZero() {
        accepted(options().lingerNs(0).build());
        app.offers(10);
        app.closes();
        stack.emits(rstAck(1, 1));
        app.heard("closed ABORTED");
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldResetWhenLingerTimeIsOver() {
        accepted(options().lingerNs(s(1)).build());
        app.offers(10);
        app.closes();
        stack.emits(fin(1, 1).length(10));
        after(ms(999));
        stack.emitsWhatever();
        after(ms(2));
        stack.emits(rstAck(12, 1));
        assertEquals(1, count(Counter.TcpAbortOnLinger));
        app.heard("closed ABORTED");
    }

    @Test
    void shouldCloseInOrderWhenAcknowledgedWithinLingerTime() {
        accepted(options().lingerNs(s(1)).build());
        app.offers(10);
        app.closes();
        stack.emits(fin(1, 1).length(10));
        peer.sends(ack(1, 12));
        after(s(30));
        stack.emitsNothing();
        peer.sends(fin(1, 12));
        stack.emits(ack(12, 2));
        app.heard("closed NORMAL");
    }

    @Test
    void shouldGoOnReadingWhenOnlyOutputIsShut() {
        accepted();
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        for (int i = 0; i < 10; i++) {
            peer.sends(data(1 + i * 100, 2, 100));
            stack.emits(ack(2, 101 + i * 100));
            after(s(20));
        }
        assertEquals(1000, app.readBytes);
        peer.sends(fin(1001, 2));
        stack.emits(ack(2, 1002));
        app.heard("peerClosed", "closed NORMAL");
    }

    @Test
    void shouldGoOnWritingWhenPeerShutItsOutput() {
        accepted();
        peer.sends(fin(1, 1));
        after(ms(1));
        stack.emits(ack(1, 2));
        int next = 1;
        for (int i = 0; i < 10; i++) {
            app.writes(100);
            stack.emits(data(next, 2, 100));
            next += 100;
            peer.sends(ack(2, next));
        }
        app.closes();
        stack.emits(fin(next, 2));
        peer.sends(ack(2, next + 1));
        app.heard("peerClosed", "closed NORMAL");
    }

    @Test
    void shouldStopTheFinWaitTimeoutWhenPeerClosesInTime() {
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        after(s(59));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        after(s(59));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldResetAfterFinWaitTimeoutWhenPeerSpeaks() {
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        after(s(61));
        peer.sends(data(1, 2, 10));
        stack.emits(rst(2));
        app.heard("closed NORMAL");
    }

    @Test
    void shouldBeDeafWhenClosedTwice() {
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        app.closes();
        stack.emitsNothing();
        isIn(TcpState.FIN_WAIT_1);
    }
}
