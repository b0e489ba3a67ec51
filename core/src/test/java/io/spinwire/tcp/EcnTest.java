package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static io.spinwire.wire.Ipv4.CE;
import static io.spinwire.wire.Ipv4.ECT_0;
import static io.spinwire.wire.Ipv4.ECT_1;
import static io.spinwire.wire.TcpHeader.CWR;
import static io.spinwire.wire.TcpHeader.ECE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.EcnMode;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 3168: how it is agreed on, what is marked, and how marks are told of. What the kernel was seen to do. */
class EcnTest extends TcpScript {
    private static final int NOT_ECT = 0;

    private void connectedWithEcn() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR).tos(NOT_ECT));
        peer.sends(synAck().withFlags(ECE));
        stack.emits(ack(1, 1).tos(NOT_ECT));
    }

    // ---- Connecting ----

    @Test
    void shouldAskForItWhenConfigured() {
        connectedWithEcn();
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(ECT_0));
    }

    @Test
    void shouldNotAskForItByDefault() {
        connected();
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    @Test
    void shouldDoWithoutWhenThePeerDoesNotAgree() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    @Test
    void shouldDoWithoutWhenThePeerMirrorsTheFlags() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        peer.sends(synAck().withFlags(ECE | CWR));
        stack.emits(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    @Test
    void shouldNotAskAgainWhenTheSynIsRepeated() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        stack.emitsAfter(s(1), syn());
        peer.sends(synAck().withFlags(ECE)); // the first SYN was late only
        stack.emits(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).withFlags(stackCwr()).tos(ECT_0));
    }

    /** A timeout reduces the window, of which the peer is told; where loss recovery says so. */
    private int stackCwr() {
        return emitted.peek().flags & CWR;
    }

    @Test
    void shouldAskAgainWhenThereIsNoFallback() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST).ecnFallback(false));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        stack.emitsAfter(s(1), syn().withFlags(ECE | CWR));
    }

    @Test
    void shouldAgreeWhenBothAskAtOnce() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck().withFlags(ECE));
        peer.sends(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(ECT_0));
    }

    /** RFC 3168 section 6.1.1: no ECT from who has sent a SYN without the request. */
    @Test
    void shouldDoWithoutWhenThePeerAsksAtOnceAndThenDoesNotAgree() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck().withFlags(ECE));
        peer.sends(synAck()); // it had repeated its SYN
        stack.emits(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    @Test
    void shouldDoWithoutWhenThePeersSynMeetsOursThatWasRepeated() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        stack.emitsAfter(s(1), syn());
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    @Test
    void shouldAgreeWhenThePeersSynMeetsOursThatAskedAgain() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST).ecnFallback(false));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        stack.emitsAfter(s(1), syn().withFlags(ECE | CWR));
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck().withFlags(ECE));
        peer.sends(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).withFlags(stackCwr()).tos(ECT_0));
    }

    @Test
    void shouldDoWithoutWhenOnlyWeAskAtOnce() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().build());
        stack.emits(syn().withFlags(ECE | CWR));
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    // ---- Accepting ----

    private void acceptedWithEcn() {
        listens();
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck().withFlags(ECE).tos(NOT_ECT));
        peer.sends(ack(1, 1));
        app.heard("connected");
    }

    @Test
    void shouldAgreeByDefaultWhenThePeerAsks() {
        acceptedWithEcn();
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(ECT_0));
        peer.sends(data(1, 101, 10).tos(CE));
        stack.emits(ack(101, 11).withFlags(ECE));
    }

    @Test
    void shouldAgreeAgainWhenTheSynAckIsRepeated() {
        listens();
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck().withFlags(ECE));
        stack.emitsAfter(s(1), synAck().withFlags(ECE));
    }

    @Test
    void shouldNotAgreeWhenTheRequestIsIncomplete() {
        listens();
        peer.sends(syn().withFlags(ECE));
        stack.emits(synAck());
        peer = newPeer(4001, PORT);
        peer.sends(syn().withFlags(CWR));
        stack.emits(synAck());
    }

    @Test
    void shouldNotAgreeWhenTheSynIsMarkable() {
        listens();
        peer.sends(syn().withFlags(ECE | CWR).tos(ECT_0));
        stack.emits(synAck());
        peer = newPeer(4001, PORT);
        peer.sends(syn().withFlags(ECE | CWR).tos(CE));
        stack.emits(synAck());
    }

    @Test
    void shouldNotAgreeWhenOff() {
        start(TcpConfig.builder().ecn(EcnMode.OFF));
        listens();
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    @Test
    void shouldRememberItInACookie() {
        start(TcpConfig.builder().synCookies(SynCookieMode.ALWAYS));
        peer.withTimestamps();
        acceptedWithEcn();
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(ECT_0));
    }

    @Test
    void shouldNotAgreeWhenACookieCannotHoldIt() {
        start(TcpConfig.builder().synCookies(SynCookieMode.ALWAYS));
        listens();
        peer.sends(syn().withFlags(ECE | CWR));
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(NOT_ECT));
    }

    // ---- Sending ----

    @Test
    void shouldNotMarkWhatIsNoNewData() {
        peer.withTimestamps();
        connectedWithEcn();
        app.writes(100);
        stack.emits(data(1, 1, 100).tos(ECT_0));
        peer.sends(data(1, 1, 100).tos(ECT_0));
        stack.emits(ack(101, 101).tos(NOT_ECT));
        after(s(4));
        while (!emitted.isEmpty()) {
            assertEquals(NOT_ECT, stack.next().tos); // sent again
        }
        peer.sends(ack(101, 101));
        app.closes();
        stack.emits(fin(101, 101).tos(NOT_ECT));
    }

    @Test
    void shouldKeepTheRestOfTos() {
        start(TcpConfig.builder().ecn(EcnMode.REQUEST));
        connects(options().tos(0xB8).build());
        stack.emits(syn().withFlags(ECE | CWR).tos(0xB8));
        peer.sends(synAck().withFlags(ECE));
        stack.emits(ack(1, 1).tos(0xB8));
        app.writes(10);
        stack.emits(data(1, 1, 10).tos(0xB8 | ECT_0));
    }

    // ---- Receiving ----

    @Test
    void shouldEchoUntilThePeerHasReducedItsWindow() {
        connectedWithEcn();
        peer.sends(data(1, 1, 1000).tos(ECT_0));
        stack.emits(ack(1, 1001));
        peer.sends(data(1001, 1, 1000).tos(CE));
        stack.emits(ack(1, 2001).withFlags(ECE));
        peer.sends(data(2001, 1, 1000).tos(ECT_0));
        stack.emits(ack(1, 3001).withFlags(ECE));
        after(ms(300)); // else it is taken for talk
        app.writes(1500);
        stack.emits(
                data(1, 3001, 1000).withFlags(ECE).tos(ECT_0),
                data(1001, 3001, 500).withFlags(ECE).tos(ECT_0));
        peer.sends(data(3001, 1501, 1000).withFlags(CWR).tos(ECT_0));
        stack.emits(ack(1501, 4001));
        peer.sends(data(4001, 1501, 1000).tos(ECT_0));
        stack.emits(ack(1501, 5001));
    }

    @Test
    void shouldAcknowledgeAtOnceWhenTheWindowWasReduced() {
        connectedWithEcn();
        peer.sends(data(1, 1, 100).tos(CE));
        stack.emits(ack(1, 101).withFlags(ECE));
        app.onData = socket -> app.offers(10);
        for (int i = 0; i < 20; i++) { // talk goes back and forth, so ACKs are delayed
            peer.sends(data(101 + i, 1 + 10 * i, 1).tos(ECT_0));
            stack.emits(data(1 + 10 * i, 102 + i, 10).withFlags(ECE));
        }
        app.onData = socket -> {};
        peer.sends(data(121, 201, 1).tos(ECT_0));
        stack.emitsNothing();
        peer.sends(data(122, 201, 1).withFlags(CWR).tos(ECT_0));
        stack.emits(ack(201, 123));
    }

    @Test
    void shouldEchoWhenTheAnswerItselfIsMarked() {
        connectedWithEcn();
        peer.sends(data(1, 1, 1000).tos(CE));
        stack.emits(ack(1, 1001).withFlags(ECE));
        peer.sends(data(1001, 1, 1000).withFlags(CWR).tos(CE));
        stack.emits(ack(1, 2001).withFlags(ECE));
    }

    @Test
    void shouldEchoWhenDataAheadIsMarked() {
        peer.withSack();
        connectedWithEcn();
        peer.sends(data(101, 1, 100).tos(CE));
        stack.emits(ack(1, 1).withFlags(ECE).sack(101, 201));
        peer.sends(ack(1, 1).withFlags(CWR));
        peer.sends(data(1, 1, 100).tos(ECT_0));
        stack.emits(ack(1, 201));
    }

    @Test
    void shouldNotEchoWhenADuplicateOrAnAckIsMarked() {
        connectedWithEcn();
        peer.sends(data(1, 1, 100).tos(ECT_1));
        stack.emits(ack(1, 101));
        peer.sends(data(1, 1, 100).tos(CE));
        stack.emits(ack(1, 101));
        peer.sends(ack(101, 1).tos(CE));
        peer.sends(data(101, 1, 100).tos(ECT_0));
        stack.emits(ack(1, 201));
    }

    @Test
    void shouldAcknowledgeSoonWhenDataIsNotMarkableAnyMore() {
        connectedWithEcn();
        app.onData = socket -> app.offers(1);
        for (int i = 0; i < 20; i++) {
            peer.sends(data(1 + i, 1 + i, 1).tos(ECT_0));
            stack.emits(data(1 + i, 2 + i, 1).tos(ECT_0));
        }
        app.onData = socket -> {};
        peer.sends(data(21, 21, 1).tos(ECT_0));
        stack.emitsNothing();
        peer.sends(data(22, 21, 1).tos(NOT_ECT)); // probably sent again: its sender is in trouble
        stack.emits(ack(21, 23));
    }

    @Test
    void shouldIgnoreMarksWhenNotAgreedOn() {
        connected();
        peer.sends(data(1, 1, 100).tos(CE));
        stack.emits(ack(1, 101));
        peer.sends(data(101, 1, 100).withFlags(ECE | CWR).tos(CE));
        stack.emits(ack(1, 201));
    }

    @Test
    void shouldCountWhatRoutersMark() {
        connectedWithEcn();
        final long plain = count(Counter.IpInNoECTPkts);
        peer.sends(
                data(1, 1, 100).tos(ECT_0),
                data(101, 1, 100).tos(ECT_1),
                data(201, 1, 1).tos(CE),
                ack(202, 1));
        stack.emitsWhatever();
        assertEquals(plain + 1, count(Counter.IpInNoECTPkts));
        assertEquals(1, count(Counter.IpInECT0Pkts));
        assertEquals(1, count(Counter.IpInECT1Pkts));
        assertEquals(1, count(Counter.IpInCEPkts));
    }
}
