package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.wire.TcpHeader.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 5961: blind resets, SYNs and ACKs are challenged, at a limited rate; and our own resets. */
class ResetTest extends TcpScript {

    @BeforeEach
    void establish() {
        accepted();
    }

    @Test
    void shouldEndWhenResetIsExactAfterData() {
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        peer.sends(rst(101));
        stack.emitsNothing();
        app.heard("closed RESET");
        assertEquals(1, count(DropReason.TCP_RESET));
    }

    @Test
    void shouldTakeResetWithAckAsWellWhenExact() {
        peer.sends(rstAck(1, 1));
        app.heard("closed RESET");
    }

    @Test
    void shouldChallengeAtTheWindowsEdgeAndIgnoreBeyondWhenReset() {
        final int edge = 1 + 64240;
        peer.sends(rst(edge + 1));
        stack.emitsNothing();
        peer.sends(rst(edge));
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldLimitChallengesWhenResetsPourIn() {
        for (int i = 0; i < 100; i++) {
            peer.sends(rst(2 + i));
        }
        stack.emits(ack(1, 1));
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpChallengeACK));
        assertEquals(99, count(Counter.TcpSkippedAcks));
        assertEquals(100, count(DropReason.TCP_INVALID_RST));
        after(ms(500));
        peer.sends(rst(5));
        stack.emits(ack(1, 1));
    }

    @Test
    void shouldLimitEachConnectionByItselfWhenBothAreAttacked() {
        final Peer other = newPeer(PEER_PORT + 1, PORT);
        other.sends(syn());
        stack.next();
        other.sends(ack(1, 1));
        peer.sends(rst(2));
        other.sends(rst(2));
        stack.emits(ack(1, 1), ack(1, 1));
    }

    @Test
    void shouldShareTheLimitWhenSynsAndOldAcksAndResetsMix() {
        peer.sends(ack(-100_000, 1));
        stack.emits(ack(1, 1));
        peer.sends(rst(2));
        peer.sends(ack(1, 2));
        peer.sends(Packet.of(SYN).seq(0));
        stack.emitsNothing();
        assertEquals(3, count(Counter.TcpSkippedAcks));
    }

    @Test
    void shouldAlwaysAnswerDataWhenOutOfWindow() {
        for (int i = 0; i < 5; i++) {
            peer.sends(data(100_000, 1, 10));
        }
        stack.emits(ack(1, 1), ack(1, 1), ack(1, 1), ack(1, 1), ack(1, 1));
    }

    @Test
    void shouldResetWithUnsentDataLostWhenAborted() {
        peer.sends(ack(1, 1).window(0));
        assertEquals(100, app.offers(100));
        app.aborts();
        stack.emits(rstAck(1, 1));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldResetBehindWhatWasSentWhenAborted() {
        app.writes(100);
        stack.emits(data(1, 1, 100));
        app.aborts();
        stack.emits(rstAck(101, 1));
    }

    @Test
    void shouldResetWhenClosedWithDataUnread() {
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        app.closes();
        stack.emits(rstAck(1, 101));
        app.heard("closed ABORTED");
        assertEquals(1, count(Counter.TcpAbortOnClose));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldResetWhenClosedInsideTheCallbackThatLeavesData() {
        app.appetite = 40;
        app.onData = socket -> socket.close();
        peer.sends(data(1, 1, 100));
        stack.emits(rstAck(1, 101));
        app.heard("closed ABORTED");
    }

    @Test
    void shouldCloseInOrderWhenClosedInsideTheCallbackThatTakesAll() {
        app.onData = socket -> socket.close();
        peer.sends(data(1, 1, 100));
        stack.emits(fin(1, 101));
        isIn(TcpState.FIN_WAIT_1);
    }

    @Test
    void shouldResetOnceWhenDataComesAfterClose() {
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(data(1, 1, 10));
        stack.emits(rst(1));
        app.heard("closed ABORTED");
        peer.sends(data(11, 2, 10));
        stack.emits(rst(2)); // from CLOSED
    }

    @Test
    void shouldAcceptAckOfDataInFlightWhenItComesAfterClose() {
        app.writes(500);
        stack.emits(data(1, 1, 500));
        app.closes();
        stack.emits(fin(501, 1));
        peer.sends(ack(1, 501));
        peer.sends(ack(1, 502));
        isIn(TcpState.FIN_WAIT_2);
    }
}
