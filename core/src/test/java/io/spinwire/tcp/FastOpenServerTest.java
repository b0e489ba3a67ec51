package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketOptionsBuilder;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7413 at the listening side; behaviour as seen on the kernel with tcp_fastopen 3. */
class FastOpenServerTest extends TcpScript {
    private static final String BAD = "3132333435363738";

    private static SocketOptionsBuilder fast() {
        return SocketOptions.builder().fastOpenQueue(3);
    }

    private static TcpConfigBuilder on() {
        return TcpConfig.builder().fastOpenServer(true);
    }

    private void listensFast() {
        start(on());
        listens(fast().build());
    }

    /** Asks for a cookie, and forgets the connection. */
    private String cookie() {
        final Peer asking = newPeer(3999, PORT);
        asking.sends(syn().cookie(""));
        final String cookie = stack.next().cookie;
        asking.sends(rst(1));
        return cookie;
    }

    private Peer opens(int port, String cookie, int length) {
        final Peer other = newPeer(port, PORT);
        app.readBytes = 0; // a stream of its own
        other.sends(syn().cookie(cookie).length(length));
        return other;
    }

    @Test
    void shouldGrantCookieWhenAsked() {
        listensFast();
        peer.sends(syn().cookie(""));
        final Packet answer = stack.next();
        assertEquals("mss tfo nop nop", answer.options);
        assertEquals(16, answer.cookie.length());
        assertEquals(1, count(Counter.EngineRequestsInUse)); // at most a request
        peer.sends(ack(1, 1));
        app.heard("connected");
        assertEquals(1, count(Counter.TcpFastOpenCookieReqd));
        assertEquals(0, count(Counter.TcpFastOpenPassive));
    }

    @Test
    void shouldGiveTheSameCookieToTheSameHostOnly() {
        listensFast();
        final String cookie = cookie();
        final Peer other = newPeer(5000, PORT);
        other.sends(syn().cookie(""));
        assertEquals(cookie, stack.next().cookie);
        final Peer elsewhere = newPeer(5001, PORT);
        elsewhere.stackAddress = STACK;
        elsewhere.address = PEER;
        engine.listen(81, fast().build(), app);
        final Peer otherPort = newPeer(5002, 81);
        otherPort.sends(syn().cookie(cookie).length(10));
        stack.emits(synAck().ack(11));
    }

    @Test
    void shouldDeliverDataAndAcknowledgeItInTheSynAckWhenCookieIsGood() {
        listensFast();
        final String cookie = cookie();
        peer.sends(syn().cookie(cookie).length(100));
        stack.emits(synAck().ack(101).window(64240).options("mss"));
        app.heard("connected");
        isIn(TcpState.SYN_RECEIVED);
        assertEquals(100, app.readBytes);
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.TcpFastOpenPassive));
        peer.sends(ack(101, 1));
        isIn(TcpState.ESTABLISHED);
        peer.sends(data(101, 1, 10));
        stack.emits(ack(1, 111));
        assertEquals(110, app.readBytes);
        app.heard();
    }

    @Test
    void shouldSendBeforeTheHandshakeIsCompleteWhenTheApplicationAnswers() {
        listensFast();
        app.onData = s -> app.offers(3000);
        peer.withMss(1000);
        opens(5000, cookie(), 100);
        stack.emits(synAck().ack(101), data(1, 101, 1000), data(1001, 101, 1000), data(2001, 101, 1000));
        final Peer fastPeer = peers.get(5000);
        after(ms(20));
        fastPeer.sends(ack(101, 3001));
        isIn(TcpState.ESTABLISHED);
        assertEquals(20_000, info().rttUs);
    }

    @Test
    void shouldRetransmitOnlyTheSynAckUntilTheHandshakeIsComplete() {
        listensFast();
        app.onData = s -> app.offers(10);
        final Peer fastPeer = opens(5000, cookie(), 100);
        stack.emits(synAck().ack(101), data(1, 101, 10));
        stack.emitsAfter(s(1), synAck().ack(101));
        fastPeer.sends(ack(101, 1));
        isIn(TcpState.ESTABLISHED);
        stack.emitsAfter(s(3), data(1, 101, 10));
    }

    @Test
    void shouldTakeDataForLostWhenTheSynAckTimedOutTwice() {
        listensFast();
        app.onData = s -> app.offers(2000);
        final Peer fastPeer = opens(5000, cookie(), 100);
        stack.emits(synAck().ack(101), data(1, 101, 1000), data(1001, 101, 1000));
        stack.emitsAfter(s(1), synAck().ack(101));
        stack.emitsAfter(s(2), synAck().ack(101));
        fastPeer.sends(ack(101, 1));
        stack.emits(data(1, 101, 1000));
        stack.emitsAfter(s(3), data(1, 101, 1000));
    }

    @Test
    void shouldGiveUpAfterOneMoreRetryThanForARequest() {
        start(on().synAckRetries(1));
        listens(fast().build());
        opens(5000, cookie(), 10);
        stack.emits(synAck().ack(11));
        stack.emitsAfter(s(1), synAck().ack(11));
        stack.emitsAfter(s(2), synAck().ack(11));
        after(s(4));
        app.heard("connected", "closed TIMED_OUT");
    }

    @Test
    void shouldMakeASocketAlsoWhenThereIsNoData() {
        listensFast();
        opens(5000, cookie(), 0);
        stack.emits(synAck().options("mss"));
        app.heard("connected");
        isIn(TcpState.SYN_RECEIVED);
    }

    @Test
    void shouldIgnoreDataAndGrantAnewWhenCookieIsBad() {
        listensFast();
        final String cookie = cookie();
        peer.sends(syn().cookie(BAD).length(100));
        stack.emits(synAck().cookie(cookie));
        app.heard();
        assertEquals(1, count(Counter.TcpFastOpenPassiveFail));
        assertEquals(1, count(DropReason.TCP_FASTOPEN));
        peer.sends(ack(1, 1), data(1, 1, 100));
        stack.emits(ack(1, 101));
        assertEquals(100, app.readBytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00112233", "00112233445566778899aabbccddeeff"})
    void shouldRefuseCookieWhenItIsNoneOfOurs(String cookie) {
        listensFast();
        opens(5000, cookie, 10);
        stack.emits(synAck().options("mss tfo nop nop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0011", "00112233445566"})
    void shouldIgnoreOptionWhenItIsIllSized(String cookie) {
        listensFast();
        opens(5000, cookie, 10);
        stack.emits(synAck().options("mss"));
    }

    @Test
    void shouldIgnoreDataWhenThereIsNoCookie() {
        listensFast();
        peer.sends(syn().length(100));
        stack.emits(synAck().options("mss"));
        assertEquals(0, count(Counter.TcpFastOpenPassiveFail));
    }

    @Test
    void shouldTakeNoPartWhenSwitchedOff() {
        listens(fast().build());
        peer.sends(syn().cookie("").length(10));
        stack.emits(synAck().options("mss"));
    }

    @Test
    void shouldTakeNoPartWhenTheListenerDoesNot() {
        start(on());
        listens();
        peer.sends(syn().cookie("").length(10));
        stack.emits(synAck().options("mss"));
    }

    @Test
    void shouldTakeNoPartWhenSynCookiesAreSent() {
        start(on().synCookies(SynCookieMode.ALWAYS));
        listens(fast().build());
        peer.sends(syn().cookie("").length(10));
        stack.emits(synAck().options("mss"));
    }

    @Test
    void shouldMakeOnlyRequestsWhenTheQueueIsFull() {
        listensFast();
        final String cookie = cookie();
        for (int i = 0; i < 5; i++) {
            opens(5000 + i, cookie, 10);
        }
        stack.emits(synAck().ack(11), synAck().ack(11), synAck().ack(11));
        stack.emits(synAck().options("mss"), synAck().options("mss"));
        assertEquals(2, count(Counter.TcpFastOpenListenOverflow));
        peers.get(5000).sends(ack(11, 1));
        opens(5010, cookie, 10);
        stack.emits(synAck().ack(11));
    }

    @Test
    void shouldCountAResetForAMinuteWhenTheQueueIsFull() {
        listensFast();
        final String cookie = cookie();
        for (int i = 0; i < 3; i++) {
            opens(5000 + i, cookie, 10);
            stack.emits(synAck().ack(11));
        }
        peers.get(5000).sends(rst(11));
        app.heard("connected", "connected", "connected", "closed RESET");
        opens(5010, cookie, 10);
        stack.emits(synAck().ack(1));
        after(s(60));
        stack.emitsWhatever();
        opens(5011, cookie, 10);
        stack.emits(synAck().ack(11));
    }

    @Test
    void shouldAnswerRepeatedSynByTheSynAck() {
        listensFast();
        final String cookie = cookie();
        peer.sends(syn().cookie(cookie).length(10));
        stack.emits(synAck().ack(11));
        peer.sends(syn().cookie(cookie).length(10));
        stack.emits(synAck().ack(11));
        peer.sends(syn());
        stack.emitsNothing(); // limited
        after(ms(500));
        peer.sends(syn());
        stack.emits(synAck().ack(11));
        peer.sends(ack(11, 1));
        isIn(TcpState.ESTABLISHED);
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldResetWhenAckIsOfSomethingElse() {
        listensFast();
        peer = opens(5000, cookie(), 10);
        stack.emits(synAck().ack(11));
        peer.sends(ack(11, 5));
        stack.emits(rst(5));
        peer.sends(ack(11, 0));
        stack.emits(rst(0));
        peer.sends(Packet.of(TcpHeader.SYN).seq(50));
        peer.iss -= 50;
        stack.emits(ack(1, 11 - 50));
        peer.sends(ack(11, 1));
        isIn(TcpState.ESTABLISHED);
    }

    @Test
    void shouldKeepDataThatOvertookTheAck() {
        listensFast();
        peer = opens(5000, cookie(), 10);
        stack.emits(synAck().ack(11));
        peer.sends(data(21, 1, 10));
        isIn(TcpState.ESTABLISHED);
        stack.emits(ack(1, 11));
        peer.sends(data(11, 1, 10));
        stack.emits(ack(1, 31));
        assertEquals(30, app.readBytes);
    }

    @Test
    void shouldSendFinBeforeTheHandshakeIsCompleteWhenTheApplicationCloses() {
        listensFast();
        peer = opens(5000, cookie(), 10);
        stack.emits(synAck().ack(11));
        app.closes();
        stack.emits(fin(1, 11));
        stack.emitsAfter(s(1), synAck().ack(11));
        peer.sends(ack(11, 1));
        stack.emitsNothing();
        peer.sends(fin(11, 2));
        stack.emits(ack(2, 12));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldKeepAliveWhenTheStreamEndedBeforeTheHandshakeIsComplete() {
        start(on());
        listens(fast().keepAlive(true).keepAliveIdleNs(s(10)).build());
        peer = opens(5000, cookie(), 10);
        stack.emits(synAck().ack(11));
        app.shutsDown();
        stack.emits(fin(1, 11));
        peer.sends(ack(11, 2));
        isIn(TcpState.FIN_WAIT_2);
        stack.emitsAfter(s(10), ack(1, 11));
    }

    @Test
    void shouldResetWhenTheApplicationAborts() {
        listensFast();
        peer = opens(5000, cookie(), 10);
        stack.emits(synAck().ack(11));
        app.aborts();
        stack.emits(rstAck(1, 11));
        assertFalse(app.events.isEmpty());
    }

    @Test
    void shouldAcceptCookieOfTheKeyBeforeAndReplaceIt() {
        listensFast();
        final String old = cookie();
        engine.setFastOpenKey(1, 2);
        opens(5000, old, 10);
        final Packet answer = stack.next();
        assertEquals(11, answer.ackSeq);
        assertNotEquals(old, answer.cookie);
        assertEquals(1, count(Counter.TcpFastOpenPassiveAltKey));
        opens(5001, answer.cookie, 10);
        stack.emits(synAck().ack(11).options("mss"));
        engine.setFastOpenKey(3, 4);
        opens(5002, old, 10);
        stack.emits(synAck().ack(1).options("mss tfo nop nop"));
        assertEquals(1, count(Counter.TcpFastOpenPassiveFail));
    }

    @Test
    void shouldAskForNoCookieWhenNoneIsNeeded() {
        start(on().fastOpenWithoutCookie(true));
        listens(fast().build());
        opens(5000, "", 10);
        opens(5001, BAD, 10);
        app.readBytes = 0;
        newPeer(5002, PORT).sends(syn().length(10));
        stack.emits(synAck().ack(11).options("mss"), synAck().ack(11), synAck().ack(11));
        newPeer(5003, PORT).sends(syn());
        stack.emits(synAck().ack(1));
        assertEquals(1, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldBeAcceptableByAnotherThreadAtOnce() {
        start(on());
        final TcpListener listener = engine.listen(PORT, fast().build());
        peer = opens(5000, cookie(), 100);
        stack.emits(synAck().ack(101));
        final TcpSocket socket = listener.accept();
        assertNotNull(socket);
        assertEquals(TcpState.SYN_RECEIVED, socket.state());
        assertEquals(100, socket.available());
        assertEquals(5, socket.offer(new UnsafeBuffer(new byte[5]), 0, 5));
        peer.isContentChecked = false;
        run();
        stack.emits(data(1, 101, 5));
        peer.sends(ack(101, 6));
        assertEquals(TcpState.ESTABLISHED, socket.state());
        assertNull(listener.accept());
    }

    @Test
    void shouldOfferWhatTheRingHasLeftWhenItHoldsDataOfTheSyn() {
        start(on());
        engine.listen(PORT, fast().build());
        peer = opens(5000, cookie(), 1400);
        stack.emits(synAck().ack(1401).window(65_536 - 1400));
    }

    @Test
    void shouldNotBeginWhenTheAcceptQueueIsFull() {
        start(on());
        engine.listen(PORT, fast().backlog(1).build());
        final String cookie = cookie();
        opens(5000, cookie, 10).sends(ack(11, 1));
        opens(5001, cookie, 10).sends(ack(11, 1));
        stack.emits(synAck().ack(11), synAck().ack(11));
        opens(5002, cookie, 10);
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpListenOverflows));
    }

    @Test
    void shouldAnswerInKindWhenTheOptionIsExperimental() {
        listensFast();
        final Peer asking = newPeer(3999, PORT);
        asking.sends(syn().oldCookie(""));
        final Packet answer = stack.next();
        assertEquals("mss tfoexp", answer.options);
        assertEquals(16, answer.cookie.length());
        peer.sends(syn().oldCookie(answer.cookie).length(10));
        stack.emits(synAck().ack(11).options("mss"));
        assertEquals(10, app.readBytes);
    }
}
