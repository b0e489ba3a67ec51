package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.10.7.3: SYN_SENT. */
class SynSentTest extends TcpScript {

    @BeforeEach
    void connect() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().ack(Packet.ANY));
        isIn(TcpState.SYN_SENT);
    }

    @Test
    void shouldEstablishAndAcknowledgeWhenSynAckArrives() {
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        app.heard("connected");
        assertEquals(1, count(Counter.TcpActiveOpens));
    }

    @Test
    void shouldResetAndStayWhenAckIsOfSomethingElse() {
        peer.sends(synAck().ack(0));
        stack.emits(rst(0));
        peer.sends(synAck().ack(2));
        stack.emits(rst(2));
        isIn(TcpState.SYN_SENT);
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        assertEquals(2, count(DropReason.TCP_INVALID_ACK));
    }

    @Test
    void shouldStaySilentWhenResetAcknowledgesSomethingElse() {
        peer.sends(rstAck(0, 2));
        peer.sends(rstAck(0, 0));
        stack.emitsNothing();
        isIn(TcpState.SYN_SENT);
    }

    @Test
    void shouldEndRefusedWhenResetAcknowledgesTheSyn() {
        peer.sends(rstAck(0, 1));
        stack.emitsNothing();
        app.heard("closed REFUSED");
        assertEquals(1, count(Counter.TcpAttemptFails));
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    @Test
    void shouldIgnoreResetWhenItHasNoAck() {
        peer.sends(rst(0));
        stack.emitsNothing();
        isIn(TcpState.SYN_SENT);
    }

    @Test
    void shouldDropWhenNeitherSynNorReset() {
        peer.sends(ack(0, 1));
        peer.sends(data(0, 1, 10));
        peer.sends(Packet.of(FIN).seq(0));
        stack.emitsNothing();
        isIn(TcpState.SYN_SENT);
        assertEquals(3, count(DropReason.TCP_FLAGS));
    }

    @Test
    void shouldAnswerWithSynAckWhenSynArrivesAlone() {
        peer.sends(syn());
        stack.emits(synAck());
        isIn(TcpState.SYN_RECEIVED);
        app.heard();
    }

    @Test
    void shouldEstablishWhenBothOpenAtOnce() {
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        app.heard("connected");
        assertEquals(1, count(Counter.TcpSimultaneousOpens));
    }

    @Test
    void shouldAnswerInTheMiddleOfTheHandshakeWhenSynIsRepeated() {
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(syn());
        stack.emits(ack(1, 1));
        peer.sends(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldLeaveDataUnacknowledgedWhenSynAckCarriesSome() {
        peer.sends(synAck().length(10));
        stack.emits(ack(1, 1));
        assertEquals(0, app.readBytes);
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldLeaveFinUnacknowledgedWhenSynAckCarriesIt() {
        peer.sends(synAck().withFlags(FIN));
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldEndInSilenceWhenClosed() {
        app.closes();
        stack.emitsNothing();
        app.heard("closed ABORTED");
        peer.sends(synAck());
        stack.emits(rst(1));
    }

    @Test
    void shouldEndInSilenceWhenAborted() {
        app.aborts();
        stack.emitsNothing();
        app.heard("closed ABORTED");
    }

    @Test
    void shouldAnswerNotConnectedWhenUsed() {
        assertEquals(TcpSocket.NOT_CONNECTED, app.offers(1));
        assertEquals(0, app.reads(1));
        assertEquals(0, app.socket.writable());
    }

    @Test
    void shouldDropWhenOptionsOverrun() {
        peer.sends(Packet.of(SYN).seq(0).rawOptions(2, 40, 1, 1));
        stack.emitsNothing();
        assertEquals(1, count(DropReason.TCP_OPTIONS));
    }
}
