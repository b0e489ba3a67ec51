package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.10.7.4: SYN_RECEIVED, reached from LISTEN; a request record, not yet a socket. */
class SynReceivedTest extends TcpScript {

    @BeforeEach
    void receiveSyn() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
    }

    @Test
    void shouldEstablishWhenAckArrives() {
        peer.sends(ack(1, 1));
        stack.emitsNothing();
        app.heard("connected");
        isIn(TcpState.ESTABLISHED);
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldEstablishAndDeliverWhenAckCarriesData() {
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        app.heard("connected");
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldEstablishAndCloseWhenAckCarriesFin() {
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.heard("connected", "peerClosed");
        isIn(TcpState.CLOSE_WAIT);
    }

    @Test
    void shouldEstablishWhenFirstDataOvertakesTheAck() {
        peer.sends(data(11, 1, 10));
        stack.emits(ack(1, 1));
        app.heard("connected");
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 21));
        assertEquals(20, app.readBytes);
    }

    @Test
    void shouldAcceptOlderTimestampWhenFirstDataWasOvertaken() {
        final Peer other = newPeer(PEER_PORT + 1, PORT).withTimestamps();
        other.sends(syn());
        stack.emits(synAck());
        final int now = other.tsNow();
        other.sends(data(11, 1, 10).ts(now + 2, other.tsEcr));
        stack.emits(ack(1, 1));
        other.sends(data(1, 1, 10).ts(now + 1, other.tsEcr));
        stack.emits(ack(1, 21));
    }

    @Test
    void shouldRepeatSynAckWhenSynIsRepeated() {
        peer.sends(syn());
        stack.emits(synAck());
        assertEquals(1, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldLimitRepeatedSynAcksWhenSynsPourIn() {
        peer.sends(syn(), syn(), syn());
        stack.emits(synAck());
        stack.emitsNothing();
        after(ms(500));
        peer.sends(syn());
        stack.emits(synAck());
    }

    @Test
    void shouldResetWhenAckIsOfSomethingElse() {
        peer.sends(ack(1, 0));
        stack.emits(rst(0));
        peer.sends(ack(1, 2));
        stack.emits(rst(2));
        peer.sends(ack(1, 1));
        app.heard("connected");
    }

    @Test
    void shouldResetWhenAckIsOfSomethingElseAndOutOfWindow() {
        peer.sends(ack(100_000, 5));
        stack.emits(rst(5));
    }

    @Test
    void shouldSayWhereItIsWhenSegmentIsOutOfWindow() {
        peer.sends(data(100_000, 1, 10));
        stack.emits(ack(1, 1));
        app.heard();
        assertEquals(1, count(DropReason.TCP_INVALID_SEQUENCE));
    }

    @Test
    void shouldForgetRequestWhenReset() {
        peer.sends(rst(1));
        stack.emitsNothing();
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.TcpAttemptFails));
        peer.sends(ack(1, 1));
        stack.emits(rst(1));
    }

    @Test
    void shouldIgnoreResetWhenOutOfWindow() {
        peer.sends(rst(100_000));
        stack.emitsNothing();
        assertEquals(1, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldResetWhenAnotherSynComesInWindow() {
        peer.sends(Packet.of(io.spinwire.wire.TcpHeader.SYN).seq(100));
        stack.emits(rstAck(0, 1).seq(Packet.ANY).ack(1));
        assertEquals(0, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldDropWhenThereIsNoAck() {
        peer.sends(Packet.of(0).seq(1).length(5));
        stack.emitsNothing();
        assertEquals(1, count(Counter.EngineRequestsInUse));
    }
}
