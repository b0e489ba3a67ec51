package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;
import static io.spinwire.wire.TcpHeader.RST;
import static io.spinwire.wire.TcpHeader.SYN;
import static io.spinwire.wire.TcpHeader.URG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.10.7.2: LISTEN. */
class ListenTest extends TcpScript {

    @BeforeEach
    void listen() {
        listens();
    }

    @Test
    void shouldSendSynAckWhenSynArrives() {
        peer.sends(syn());
        stack.emits(synAck());
        app.heard();
        assertEquals(1, count(Counter.EngineRequestsInUse));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldResetWhenAckArrives() {
        peer.sends(ack(5, 99));
        stack.emits(rst(99));
    }

    @Test
    void shouldResetWhenSynAckArrives() {
        peer.sends(synAck().ack(99));
        stack.emits(rst(99));
    }

    @Test
    void shouldResetWhenFinWithAckArrives() {
        peer.sends(fin(5, 99));
        stack.emits(rst(99));
    }

    @Test
    void shouldStaySilentWhenResetArrives() {
        peer.sends(rst(5));
        peer.sends(rstAck(5, 3));
        peer.sends(Packet.of(SYN | RST).seq(5));
        stack.emitsNothing();
        assertEquals(3, count(DropReason.TCP_RESET));
    }

    @Test
    void shouldDropWhenSynComesWithFin() {
        peer.sends(Packet.of(SYN | FIN).seq(0));
        peer.sends(Packet.of(SYN | FIN | PSH | URG).seq(0));
        stack.emitsNothing();
        assertEquals(2, count(DropReason.TCP_FLAGS));
    }

    @Test
    void shouldDropWhenNeitherSynNorAckNorResetIsSet() {
        peer.sends(Packet.of(0).seq(5));
        peer.sends(Packet.of(FIN).seq(5));
        peer.sends(Packet.of(PSH).seq(5).length(4));
        stack.emitsNothing();
        assertEquals(3, count(DropReason.TCP_FLAGS));
    }

    @Test
    void shouldAcknowledgeOnlyTheSynWhenItCarriesData() {
        peer.sends(syn().length(10));
        stack.emits(synAck());
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldServeManyPeersWhenTheyCome() {
        for (int port = 5000; port < 5010; port++) {
            final Peer other = newPeer(port, PORT);
            other.sends(syn());
            stack.emits(synAck());
            other.sends(ack(1, 1));
        }
        assertEquals(10, app.events.size());
        assertEquals(10, count(Counter.TcpPassiveOpens));
    }

    @Test
    void shouldSayWhichPortWhenItIsTaken() {
        final IllegalStateException refusal = assertThrows(
                IllegalStateException.class, () -> engine.listen(PORT, options().build(), app));
        assertTrue(refusal.getMessage().contains("80"), refusal.getMessage());
    }

    @Test
    void shouldRefuseRequestsInTheMakingWhenListeningEnds() {
        peer.sends(syn());
        stack.emits(synAck());
        engine.beginShutdown();
        peer.sends(ack(1, 1));
        stack.emits(rst(1));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        peer.sends(Packet.of(ACK).seq(1).ack(1));
        stack.emits(rst(1));
    }
}
