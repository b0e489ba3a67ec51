package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7413 at the connecting side; behaviour as seen on the kernel with TCP_FASTOPEN_CONNECT. */
class FastOpenClientTest extends TcpScript {
    private static final SocketOptions FAST =
            SocketOptions.builder().fastOpen(true).build();
    private static final String COOKIE = "4142434445464748";
    private static final String OTHER_COOKIE = "31323334";

    private int port = 7000;

    /** Later settings than sack and timestamps would only make the option lists longer. */
    private static TcpConfigBuilder plain() {
        return TcpConfig.builder().timestamps(false).sack(false);
    }

    private void connectsTo(int peerPort, SocketOptions options) {
        peer = newPeer(peerPort, 0);
        app.writtenBytes = 0;
        app.events.clear();
        connects(options);
    }

    /** A connection whose SYN-ACK brings a cookie. */
    private void learnsCookie(int mss) {
        start(plain());
        connectsTo(port++, FAST);
        stack.emits(syn().cookie(""));
        peer.withMss(mss).sends(synAck().cookie(COOKIE));
        stack.emits(ack(1, 1));
        app.heard("connected");
    }

    /** The next one, which waits for bytes. */
    private void connectsWaiting() {
        connectsTo(port++, FAST);
        stack.emitsNothing();
    }

    @Test
    void shouldAskForCookieWhenThereIsNone() {
        start(TcpConfig.builder());
        connects(FAST);
        stack.emits(syn().options("mss sackOK ts nop ws tfo nop nop").cookie(""));
        assertEquals(TcpSocket.NOT_CONNECTED, app.offers(10));
        peer.sends(synAck().cookie(COOKIE));
        stack.emits(ack(1, 1));
        app.heard("connected");
        assertEquals(1, count(Counter.EnginePathMetricsInUse));
    }

    @Test
    void shouldWaitForBytesAndSendThemInTheSynWhenThereIsACookie() {
        learnsCookie(1000);
        connectsWaiting();
        isIn(TcpState.SYN_SENT);
        app.writes(100);
        stack.emits(syn().length(100).options("mss nop ws tfo nop nop").cookie(COOKIE));
        assertEquals(TcpSocket.NOT_CONNECTED, app.offers(10));
        peer.sends(synAck().ack(101));
        stack.emits(ack(101, 1));
        app.heard("connected");
        assertEquals(1, count(Counter.TcpFastOpenActive));
        app.writes(10);
        stack.emits(data(101, 1, 10));
        assertEquals(100, info().bytesAcked);
        peer.sends(fin(1, 111));
        stack.emits(ack(111, 2));
    }

    @Test
    void shouldSendDataAgainAtOnceWhenOnlyTheSynIsAcknowledged() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100).cookie(COOKIE));
        after(ms(30));
        peer.sends(synAck());
        stack.emits(data(1, 1, 100).push());
        assertEquals(10, info().sndCwnd);
        assertEquals(1, count(Counter.TcpFastOpenActiveFail));
        stack.emitsAfter(ms(230), data(1, 1, 100));
        peer.sends(ack(1, 101));
        assertEquals(100, info().bytesAcked);
        app.writes(10);
        stack.emits(data(101, 1, 10));
        peer.sends(ack(1, 111));
    }

    @Test
    void shouldSendTheRestAgainWhenAPartIsAcknowledged() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(600);
        stack.emits(syn().length(600));
        peer.sends(synAck().ack(301).cookie(OTHER_COOKIE));
        stack.emits(data(301, 1, 300).push());
        peer.sends(ack(1, 601));
        connectsWaiting();
        app.writes(10);
        stack.emits(syn().length(10).cookie(OTHER_COOKIE));
    }

    @Test
    void shouldFillTheSynAndSendTheRestAfterTheHandshakeWhenMoreIsWritten() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(3000);
        stack.emits(syn().length(960)); // room is left for options
        peer.sends(synAck().ack(961));
        stack.emits(data(961, 1, 1000), data(1961, 1, 1000), data(2961, 1, 40));
    }

    @Test
    void shouldBoundTheSynByTheSegmentSizeThatThePeerOnceAnnounced() {
        learnsCookie(400);
        connectsWaiting();
        app.writes(1000);
        stack.emits(syn().length(360));
    }

    @Test
    void shouldFallBackToAPlainSynWhenItTimesOut() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100).cookie(COOKIE));
        final Packet plain = syn().options("mss nop ws");
        stack.emitsAfter(s(1), plain);
        stack.emitsAfter(s(1), plain);
        peer.sends(synAck());
        stack.emits(data(1, 1, 100));
        peer.sends(ack(1, 101));
        assertEquals(100, info().bytesAcked);
        connectsWaiting(); // one loss is no reason to give it up
        app.writes(5);
        stack.emits(syn().length(5).cookie(COOKIE));
    }

    @Test
    void shouldTakeTheDataForReceivedWhenTheSynAckOfALaterSynSaysSo() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100));
        stack.emitsAfter(s(1), syn().options("mss nop ws"));
        peer.sends(synAck().ack(101));
        stack.emits(ack(101, 1));
        assertEquals(1, count(Counter.TcpFastOpenActive));
    }

    @Test
    void shouldAskAgainWithoutOptionWhenTheRequestTimesOut() {
        start(plain());
        connects(FAST);
        stack.emits(syn().cookie(""));
        stack.emitsAfter(s(1), syn().options("mss nop ws"));
    }

    @Test
    void shouldIgnoreCookieWhenNoneWasAskedFor() {
        start(plain());
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn().options("mss nop ws"));
        peer.sends(synAck().cookie(COOKIE));
        stack.emits(ack(1, 1));
        assertEquals(0, count(Counter.EnginePathMetricsInUse));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0011", "001122"})
    void shouldKeepNoCookieWhenItIsEmptyOrIllSized(String cookie) {
        start(plain());
        connectsTo(port++, FAST);
        stack.emits(syn().cookie(""));
        peer.sends(synAck().cookie(cookie));
        stack.emits(ack(1, 1));
        connectsTo(port++, FAST);
        stack.emits(cookie.isEmpty() ? syn().cookie("") : syn().oldCookie("")); // ill-sized is no answer
    }

    @Test
    void shouldTakeDataThatComesWithTheSynAck() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100));
        peer.sends(synAck().ack(101).length(20));
        stack.emits(ack(101, 21));
        assertEquals(20, app.readBytes);
    }

    @Test
    void shouldEndWhenRefused() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100));
        peer.sends(rstAck(0, 1));
        app.heard("closed REFUSED");
    }

    @Test
    void shouldSendNothingWhenClosedBeforeTheFirstBytes() {
        learnsCookie(1000);
        connectsWaiting();
        app.closes();
        stack.emitsNothing();
        app.heard("closed ABORTED");
    }

    @Test
    void shouldOpenWithoutWaitingWhenThePeerConnectsFirst() {
        learnsCookie(1000);
        connectsWaiting();
        peer.sends(syn());
        stack.emits(syn().cookie(""), synAck());
        peer.sends(synAck());
        app.heard("connected");
        stack.emitsWhatever();
    }

    @Test
    void shouldOpenWhenBothSidesSendDataAtOnce() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100));
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(synAck());
        stack.emits(ack(101, 1));
        app.heard("connected");
        stack.emitsAfter(ms(200), data(1, 1, 100));
        peer.sends(ack(1, 101));
        assertEquals(100, info().bytesAcked);
    }

    @Test
    void shouldSendDataWithoutCookieWhenNoneIsNeeded() {
        start(plain().fastOpenWithoutCookie(true));
        connects(FAST);
        stack.emitsNothing();
        app.writes(1000);
        stack.emits(syn().length(496).options("mss nop ws")); // 536 where nothing is known, less 40
        peer.sends(synAck().ack(497));
        stack.emits(data(497, 1, 504));
    }

    @Test
    void shouldOpenAsUsualWhenSwitchedOff() {
        start(plain().fastOpenClient(false));
        connects(FAST);
        stack.emits(syn().options("mss nop ws"));
    }

    @Test
    void shouldForgetCookiesWhenPathsAreFlushed() {
        learnsCookie(1000);
        engine.flushPathMetrics();
        connectsTo(port++, FAST);
        stack.emits(syn().cookie(""));
    }

    @Test
    void shouldAskForACookieWhenItIsForgottenWhileWaitingForBytes() {
        learnsCookie(1000);
        connectsWaiting();
        engine.flushPathMetrics();
        app.writes(100);
        stack.emits(syn().cookie(""));
        peer.sends(synAck().cookie(COOKIE));
        stack.emits(data(1, 1, 100));
    }

    @Test
    void shouldKeepTheDataWhenTheFrameIsRefused() {
        learnsCookie(1000);
        connectsWaiting();
        nic.free = 0;
        app.writes(100);
        nic.free = Integer.MAX_VALUE;
        after(ms(1));
        stack.emits(syn().length(100).cookie(COOKIE));
    }

    @Test
    void shouldTellAnotherThreadThatItMayWrite() {
        learnsCookie(1000);
        peer = newPeer(port, 0);
        peer.isContentChecked = false;
        final TcpSocket socket = engine.connect(inet(PEER), port, FAST);
        assertEquals(TcpSocket.NOT_CONNECTED, socket.offer(new UnsafeBuffer(new byte[9]), 0, 9));
        run();
        stack.emitsNothing();
        assertTrue((socket.readiness() & io.spinwire.api.Readiness.OUT) != 0);
        assertEquals(9, socket.offer(new UnsafeBuffer(new byte[9]), 0, 9));
        peer.stackPort = socket.localPort();
        run();
        stack.emits(syn().length(9).cookie(COOKIE));
        assertEquals(TcpSocket.NOT_CONNECTED, socket.offer(new UnsafeBuffer(new byte[9]), 0, 9));
        peer.sends(synAck().ack(10));
        stack.emits(ack(10, 1));
        assertEquals(9, socket.offer(new UnsafeBuffer(new byte[9]), 0, 9));
        run();
        stack.emits(data(10, 1, 9));
        assertNull(socket.attachment());
    }

    @Test
    void shouldResetWhenClosedBeforeTheSynAck() {
        learnsCookie(1000);
        connectsWaiting();
        app.writes(100);
        stack.emits(syn().length(100));
        app.closes();
        peer.sends(synAck().ack(101));
        stack.emits(rst(101));
    }

    // ---- The experimental option ----

    /** A host that answers the option only in the form of {@code answer}, or never. */
    private void connectsAnd(Packet asked, Packet answer) {
        connectsTo(port++, FAST);
        stack.emits(asked);
        peer.sends(answer);
        stack.emits(ack(1, 1));
    }

    @Test
    void shouldTryTheExperimentalOptionOnceWhenTheUsualOneIsNotUnderstood() {
        start(plain());
        connectsAnd(syn().cookie(""), synAck());
        connectsAnd(syn().oldCookie("").options("mss nop ws tfoexp"), synAck());
        connectsAnd(syn().cookie(""), synAck());
        connectsAnd(syn().cookie(""), synAck());
    }

    @Test
    void shouldKeepToTheExperimentalOptionWhenTheCookieCameInIt() {
        start(plain());
        connectsAnd(syn().cookie(""), synAck());
        connectsAnd(syn().oldCookie(""), synAck().oldCookie(COOKIE));
        connectsWaiting();
        app.writes(50);
        stack.emits(syn().length(50).oldCookie(COOKIE).options("mss nop ws tfoexp"));
        peer.sends(synAck().ack(51));
        stack.emits(ack(51, 1));
    }

    @Test
    void shouldNotTryTheExperimentalOptionWhenTheSynWasRepeated() {
        start(plain());
        connectsTo(port++, FAST);
        stack.emits(syn().cookie(""));
        stack.emitsAfter(s(1), syn().options("mss nop ws"));
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        connectsAnd(syn().cookie(""), synAck().cookie(COOKIE));
    }
}
