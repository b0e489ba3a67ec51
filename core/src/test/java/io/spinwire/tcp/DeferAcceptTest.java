package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TCP_DEFER_ACCEPT: a connection is handed over with its first data; times as seen on the kernel. */
class DeferAcceptTest extends TcpScript {

    @BeforeEach
    void receiveAck() {
        start();
        engine.listen(PORT, options().deferAcceptNs(s(5)).build(), app); // three timeouts: 1, 2 and 4 s
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        app.heard();
    }

    @Test
    void shouldIgnoreTheAckWhenThereIsNoData() {
        peer.sends(ack(1, 1), ack(1, 1));
        app.heard();
        assertEquals(3, count(Counter.TcpDeferAcceptDrop));
        assertEquals(3, count(DropReason.TCP_DEFER_ACCEPT));
        assertEquals(1, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldHandOverWithTheFirstData() {
        after(s(4));
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        app.heard("connected");
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldHandOverWithTheFin() {
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.heard("connected", "peerClosed");
    }

    @Test
    void shouldAskForTheAckAgainWhenTimeIsUp() {
        stack.emitsAfter(s(7), synAck());
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        app.heard("connected");
    }

    @Test
    void shouldGiveUpWhenTheAckDoesNotComeAgain() {
        stack.emitsAfter(s(7), synAck());
        stack.emitsAfter(s(8), synAck());
        stack.emitsAfter(s(16), synAck());
        after(s(40));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        app.heard();
    }

    @Test
    void shouldForgetTheRequestWhenReset() {
        peer.sends(rst(1));
        assertEquals(0, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldRepeatSynAckAsUsualWhenThereWasNoAck() {
        newPeer(5000, PORT).sends(syn());
        stack.emits(synAck());
        stack.emitsAfter(s(1), synAck());
        stack.emitsAfter(s(2), synAck());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2,2", "3,2", "4,3", "7,3", "8,4", "100,7", "300,9"})
    void shouldRoundTimeUpToTimeouts(int seconds, int timeouts) {
        final PassiveOpen.Tables none = new PassiveOpen.Tables(null, null, null, null);
        assertEquals(timeouts, new RequestTimers(none, null, null, null, TcpConfig.DEFAULTS).timeoutsIn(s(seconds)));
    }
}
