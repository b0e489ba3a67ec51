package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static io.spinwire.wire.TcpHeader.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.Test;

/** Options and windows of SYN and SYN-ACK: order and values as Linux 6.18 has them. */
class HandshakeOptionsTest extends TcpScript {

    private void receivesSyn(Packet syn) {
        listens();
        peer.sends(syn);
    }

    // ---- Connecting ----

    @Test
    void shouldOfferAllOptionsAndFirstWindowWhenConnecting() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().window(64240).mss(1460).windowScale(10).options("mss sackOK ts nop ws"));
    }

    @Test
    void shouldPadSackWithNopsWhenTimestampsAreOff() {
        start(TcpConfig.builder().timestamps(false));
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().options("mss nop nop sackOK nop ws"));
    }

    @Test
    void shouldNotOfferSackWhenItIsOff() {
        start(TcpConfig.builder().sack(false));
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().options("mss nop nop ts nop ws"));
        peer.withSack().withTimestamps();
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        assertFalse(info().sack);
    }

    @Test
    void shouldUseSackWhenBothPermitIt() {
        peer.withSack();
        connected();
        assertTrue(info().sack);
    }

    @Test
    void shouldOfferOnlyMssWhenOptionsAreOff() {
        start(TcpConfig.builder().timestamps(false).windowScaling(false).sack(false));
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().window(64240).options("mss"));
    }

    @Test
    void shouldEchoNothingWhenSynIsTheFirstWord() {
        connects(SocketOptions.DEFAULTS);
        assertEquals(0, stack.next().tsEcr);
    }

    @Test
    void shouldScaleFromTheThirdSegmentOnWhenBothOfferedIt() {
        peer.withTimestamps().withWindowScale(7);
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        peer.sends(synAck());
        stack.emits(ack(1, 1).window(63).options("nop nop ts")); // 64240 rounded up to 1024s
        assertEquals(10, info().rcvWscale);
        assertEquals(7, info().sndWscale);
        assertTrue(info().timestamps);
    }

    @Test
    void shouldUseNeitherWhenPeerDoesNot() {
        connected();
        app.writes(100);
        stack.emits(data(1, 1, 100).window(64240).noTimestamps());
        assertEquals(0, info().rcvWscale);
        assertEquals(0, info().sndWscale);
        assertFalse(info().sack);
    }

    @Test
    void shouldNotScaleTheWindowOfTheSynAckWhenReceived() {
        peer.withWindowScale(7).withWindow(2000);
        connected();
        assertEquals(2000, info().sndWnd);
        peer.sends(data(1, 1, 1).window(2000));
        stack.emits(ack(1, 2));
        assertEquals(256_000, info().sndWnd);
    }

    @Test
    void shouldAnnounceLessWhenOptionSaysSo() {
        connects(options().mss(600).build());
        stack.emits(syn().mss(600));
    }

    @Test
    void shouldSendAtMostWhatPeerAnnouncedWhenWriting() {
        peer.withMss(700);
        connected();
        app.writes(1500);
        stack.emits(data(1, 1, 700), data(701, 1, 700), data(1401, 1, 100));
    }

    @Test
    void shouldSendAtMostWhatPeerAnnouncedMinusOptionsWhenTimestampsAreOn() {
        peer.withMss(712).withTimestamps();
        connected();
        app.writes(1400);
        stack.emits(data(1, 1, 700), data(701, 1, 700));
    }

    @Test
    void shouldAssume536WhenPeerAnnouncesNothing() {
        peer.withMss(0);
        connected();
        app.writes(1072);
        stack.emits(data(1, 1, 536), data(537, 1, 536));
    }

    @Test
    void shouldSendNoLessThan48WhenPeerAnnouncesLess() {
        peer.withMss(10);
        connected();
        app.writes(96);
        stack.emits(data(1, 1, 48), data(49, 1, 48));
    }

    @Test
    void shouldCarryTypeOfServiceWhenOptionSaysSo() {
        connects(options().tos(0x48).build());
        stack.emits(syn().tos(0x48));
        peer.sends(synAck());
        stack.emits(ack(1, 1).tos(0x48));
    }

    // ---- Accepting ----

    @Test
    void shouldAnswerAllOptionsAndFirstWindowWhenPeerOffersAll() {
        peer.withTimestamps().withWindowScale(7).withSack();
        receivesSyn(syn());
        final int expectedEcho = peer.tsNow();
        stack.emits(synAck().window(65160)
                .mss(1460)
                .windowScale(10)
                .options("mss sackOK ts nop ws")
                .ts(Packet.ANY, expectedEcho));
    }

    @Test
    void shouldAnswerSackWhenPeerOffersItWithoutTimestamps() {
        peer.withSack();
        receivesSyn(syn());
        stack.emits(synAck().window(64240).options("mss nop nop sackOK"));
        peer.sends(ack(1, 1));
        assertTrue(info().sack);
    }

    @Test
    void shouldAnswerNoSackWhenItIsOff() {
        start(TcpConfig.builder().sack(false));
        peer.withSack().withTimestamps();
        receivesSyn(syn());
        stack.emits(synAck().options("mss nop nop ts"));
    }

    @Test
    void shouldAnswerOnlyMssWhenPeerOffersNothingElse() {
        receivesSyn(syn());
        stack.emits(synAck().window(64240).options("mss"));
    }

    @Test
    void shouldAnswerOnlyTimestampsWhenPeerOffersOnlyThem() {
        peer.withTimestamps();
        receivesSyn(syn());
        stack.emits(synAck().window(65160).options("mss nop nop ts"));
    }

    @Test
    void shouldAnswerOnlyScaleWhenPeerOffersOnlyIt() {
        peer.withWindowScale(3);
        receivesSyn(syn());
        stack.emits(synAck().window(64240).options("mss nop ws"));
    }

    @Test
    void shouldTakeScaleAsFourteenWhenPeerOffersMore() {
        peer.withWindowScale(15);
        accepted();
        assertEquals(14, info().sndWscale);
    }

    @Test
    void shouldSkipUnknownAndIllSizedOptionsWhenTheyFit() {
        receivesSyn(syn().rawOptions(254, 4, 1, 2, 2, 3, 9, 1));
        stack.emits(synAck().options("mss"));
        peer.sends(ack(1, 1));
        app.writes(600);
        stack.emits(data(1, 1, 536), data(537, 1, 64)); // an MSS of the wrong size is none
    }

    @Test
    void shouldStopAtEndOfOptionsWhenTheyEndEarly() {
        receivesSyn(syn().rawOptions(2, 4, 2, 0, 0, 3, 3, 7));
        stack.emits(synAck().options("mss"));
        peer.sends(ack(1, 1));
        assertEquals(512, info().sndMss);
    }

    @Test
    void shouldDropWhenOptionsOverrun() {
        receivesSyn(syn().rawOptions(2, 4, 5, 180, 3, 4, 7, 1));
        stack.emits(synAck()); // the last option is of a wrong size, but fits
        peer.sends(Packet.of(SYN).seq(0).rawOptions(2, 4, 5, 180, 1, 1, 8, 10));
        peer.sends(Packet.of(SYN).seq(0).rawOptions(2, 1, 1, 1));
        peer.sends(Packet.of(SYN).seq(0).rawOptions(1, 1, 1, 8));
        stack.emitsNothing();
        assertEquals(3, count(DropReason.TCP_OPTIONS));
    }

    @Test
    void shouldIgnoreScaleAndMssWhenNotInSyn() {
        accepted();
        peer.sends(data(1, 1, 10).rawOptions(2, 4, 0, 200, 3, 3, 5, 1));
        stack.emits(ack(1, 11));
        assertEquals(1000, info().sndMss);
        assertEquals(0, info().sndWscale);
    }

    @Test
    void shouldReadTimestampsWhenTheyAreNotAligned() {
        peer.withTimestamps();
        accepted();
        final int val = peer.tsNow() + 5;
        final int ecr = peer.tsEcr;
        peer.sends(data(1, 1, 10)
                .rawOptions(8, 10, val >> 24, val >> 16, val >> 8, val, ecr >> 24, ecr >> 16, ecr >> 8, ecr, 1, 1));
        stack.emits(ack(1, 11).ts(Packet.ANY, val));
    }

    @Test
    void shouldSizeTheWindowWhenReceiveBufferIsGiven() {
        listens(options().receiveBuffer(16384).build());
        peer.sends(syn());
        stack.emits(synAck().window(8192 - 8192 % 1460));
    }

    @Test
    void shouldNotOfferMoreThanFitsWhenThereIsNoScale() {
        start(TcpConfig.builder().receiveBuffer(300_000).receiveBufferMax(300_000));
        listens();
        peer.sends(syn());
        stack.emits(synAck().window(65_535));
        peer.sends(data(900_000, 1, 10));
        stack.emits(ack(1, 1).window(65_535));
    }
}
