package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;
import static io.spinwire.wire.TcpHeader.SYN;
import static io.spinwire.wire.TcpHeader.URG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.10.7.4: ESTABLISHED. */
class EstablishedTest extends TcpScript {

    @BeforeEach
    void establish() {
        accepted();
    }

    @Test
    void shouldAcknowledgeAndDeliverWhenDataIsInOrder() {
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        assertEquals(100, app.readBytes);
    }

    @Test
    void shouldSendWhatIsOfferedWhenWindowsAllow() {
        app.writes(100);
        stack.emits(data(1, 1, 100).push());
        peer.sends(ack(1, 101));
        after(s(1));
        stack.emitsNothing();
        assertEquals(0, count(Counter.EngineTimersInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldCloseInOrderWhenReaderClosesWithTheLastBytes() {
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        app.appetite = Integer.MAX_VALUE;
        app.onData = socket -> socket.close();
        peer.sends(data(101, 1, 50));
        stack.emits(fin(1, 151));
        assertEquals(150, app.readBytes);
    }

    @Test
    void shouldResetWhenReaderClosesBeforeTheLastBytes() {
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        app.appetite = 120;
        app.onData = socket -> socket.close();
        peer.sends(data(101, 1, 50));
        stack.emits(rstAck(1, 151));
    }

    @Test
    void shouldTellTheEndLastWhenResetFindsUnreadBytes() {
        app.appetite = 10;
        app.onData = socket -> app.events.add("data");
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        peer.sends(rst(101));
        stack.emitsNothing();
        assertEquals("closed RESET", app.events.getLast());
    }

    @Test
    void shouldOfferNoSecondPieceWhenReaderAborts() {
        app.appetite = 0;
        for (int start = 1; start < 64_001; start += 1000) {
            peer.sends(data(start, 1, 1000)); // all but the end of the ring is filled
        }
        app.reads(60_000);
        for (int start = 64_001; start < 74_001; start += 1000) {
            peer.sends(data(start, 1, 1000)); // around the end of the ring
        }
        emitted.clear();
        app.socket.poll(
                (buffer, offset, length) -> {
                    app.events.add("data");
                    app.socket.abort();
                    return length;
                },
                Integer.MAX_VALUE);
        assertEquals(1, app.events.stream().filter("data"::equals).count());
        run();
        emitted.clear();
    }

    @Test
    void shouldTakeWhatIsNewWhenDataOverlaps() {
        peer.sends(data(1, 1, 100));
        peer.sends(data(51, 1, 100));
        stack.emits(ack(1, 101), ack(1, 151));
        assertEquals(150, app.readBytes);
    }

    @Test
    void shouldAcknowledgeAgainWhenDataIsOld() {
        peer.sends(data(1, 1, 100));
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101), ack(1, 101));
        assertEquals(100, app.readBytes);
    }

    @Test
    void shouldSayWhereItIsWhenDataIsBeyondTheWindow() {
        peer.sends(data(100_001, 1, 10));
        stack.emits(ack(1, 1));
        assertEquals(1, count(DropReason.TCP_INVALID_SEQUENCE));
    }

    @Test
    void shouldDeliverInLineWhenDataIsUrgent() {
        peer.sends(data(1, 1, 10).withFlags(URG));
        stack.emits(ack(1, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldEnterCloseWaitWhenFinArrives() {
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.heard("peerClosed");
        isIn(TcpState.CLOSE_WAIT);
    }

    @Test
    void shouldDeliverFirstWhenFinComesWithData() {
        app.onPeerClosed = socket -> assertEquals(100, app.readBytes);
        peer.sends(fin(1, 1).length(100));
        app.heard("peerClosed");
        stack.emitsAfter(ms(40), ack(1, 102)); // our own FIN might have carried it
    }

    @Test
    void shouldSendFinWhenClosed() {
        app.closes();
        stack.emits(fin(1, 1));
        isIn(TcpState.FIN_WAIT_1);
    }

    @Test
    void shouldSendDataWithFinWhenClosedAfterOffer() {
        assertEquals(100, app.offers(100));
        app.closes();
        stack.emits(fin(1, 1).length(100).push());
    }

    @Test
    void shouldEndWhenResetIsExact() {
        peer.sends(rst(1));
        stack.emitsNothing();
        app.heard("closed RESET");
        assertEquals(1, count(Counter.TcpEstabResets));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldChallengeWhenResetIsInWindowButNotExact() {
        peer.sends(rst(2));
        stack.emits(ack(1, 1));
        assertEquals(1, count(Counter.TcpChallengeACK));
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldIgnoreResetWhenOutOfWindow() {
        peer.sends(rst(100_000));
        peer.sends(rst(-1));
        stack.emitsNothing();
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldChallengeWhenSynArrivesInWindow() {
        peer.sends(Packet.of(SYN).seq(10));
        stack.emits(ack(1, -9)); // the same number: the script counts from the new SYN
        isIn(TcpState.ESTABLISHED);
        assertEquals(1, count(Counter.TcpChallengeACK));
    }

    @Test
    void shouldChallengeWhenFirstSynIsRepeated() {
        peer.sends(syn());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldDropWhenThereIsNoAck() {
        peer.sends(Packet.of(PSH).seq(1).length(10));
        peer.sends(Packet.of(FIN).seq(1));
        stack.emitsNothing();
        assertEquals(0, app.readBytes);
        assertEquals(2, count(DropReason.TCP_INVALID_ACK));
    }

    @Test
    void shouldChallengeWhenAckIsOfUnsentData() {
        peer.sends(data(1, 2, 10));
        stack.emits(ack(1, 1));
        assertEquals(0, app.readBytes);
        assertEquals(1, count(DropReason.TCP_ACK_UNSENT_DATA));
    }

    @Test
    void shouldTakeDataWhenItsAckIsOld() {
        app.writes(10);
        stack.emits(data(1, 1, 10));
        peer.sends(ack(1, 11));
        peer.sends(data(1, 1, 10));
        stack.emits(ack(11, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldChallengeWhenAckIsOlderThanAnyWindow() {
        peer.sends(data(1, -70_000, 10));
        stack.emits(ack(1, 1));
        assertEquals(0, app.readBytes);
        assertEquals(1, count(DropReason.TCP_OLD_ACK));
    }

    @Test
    void shouldResetWhenAborted() {
        app.aborts();
        stack.emits(rstAck(1, 1));
        app.heard("closed ABORTED");
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }
}
