package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpListener;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SYN cookies, RFC 4987 section 3.6; behaviour as seen on the kernel with tcp_syncookies 1 and 2. */
class SynCookieTest extends TcpScript {

    private static TcpConfigBuilder always() {
        return TcpConfig.builder().synCookies(SynCookieMode.ALWAYS);
    }

    private void listensWithCookies() {
        start(always());
        listens();
    }

    private Peer opens(int port) {
        final Peer other = newPeer(port, PORT);
        other.sends(syn());
        return other;
    }

    @Test
    void shouldKeepNothingUntilTheAckWhenCookieIsSent() {
        listensWithCookies();
        peer.sends(syn());
        stack.emits(synAck());
        assertEquals(0, count(Counter.EngineRequestsInUse));
        after(s(10));
        stack.emitsNothing(); // nor is the SYN-ACK repeated
        peer.sends(ack(1, 1));
        app.heard("connected");
        app.writes(100);
        stack.emits(data(1, 1, 100));
        assertEquals(1, count(Counter.SyncookiesSent));
        assertEquals(1, count(Counter.SyncookiesRecv));
        assertEquals(1, count(Counter.TcpReqQFullDoCookies));
    }

    @Test
    void shouldSendCookiesOnlyWhenTheQueueIsFull() {
        start(TcpConfig.builder());
        engine.listen(PORT, options().backlog(1).build(), app);
        opens(5000);
        opens(5001);
        final Peer third = opens(5002);
        stack.emits(synAck(), synAck(), synAck());
        assertEquals(2, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.SyncookiesSent));
        third.sends(ack(1, 1));
        app.heard("connected");
        stack.emitsAfter(s(1), synAck()); // of the first two
        stack.emits(synAck());
    }

    @Test
    void shouldSendCookiesWhenTheRequestTableIsFull() {
        start(TcpConfig.builder().maxRequests(1));
        listens();
        opens(5000);
        final Peer second = opens(5001);
        stack.emits(synAck(), synAck());
        second.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        app.heard("connected");
        assertEquals(10, app.readBytes);
        assertEquals(1, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldAnswerTheSameCookieWhenSynIsRepeated() {
        listensWithCookies();
        peer.sends(syn());
        stack.emits(synAck());
        final int cookie = peer.stackIss;
        peer.sends(syn());
        stack.emits(synAck());
        assertEquals(cookie, peer.stackIss);
    }

    @ParameterizedTest
    @CsvSource({
        "0,536",
        "60,88",
        "255,88",
        "400,256",
        "536,536",
        "1000,536",
        "1299,536",
        "1300,1300",
        "1439,1300",
        "1440,1440",
        "9000,1460"
    })
    void shouldRoundSegmentSizeDownToTheTableWhenCookieIsUsed(int offered, int used) {
        listensWithCookies();
        peer.withMss(offered).sends(syn());
        stack.emits(synAck().mss(1460).options("mss"));
        peer.sends(ack(1, 1));
        assertEquals(used, info().sndMss);
        app.writes(2000);
        stack.emits(data(1, 1, used));
        stack.emitsWhatever();
    }

    @Test
    void shouldKeepWindowScaleAndSackWhenThereAreTimestamps() {
        listensWithCookies();
        peer.withSack();
        peer.withTimestamps().withWindowScale(7).withMss(1460).sends(syn());
        stack.emits(synAck().windowScale(10).options("mss sackOK ts nop ws"));
        peer.sends(ack(1, 1).window(100));
        app.heard("connected");
        assertEquals(7, info().sndWscale);
        assertEquals(10, info().rcvWscale);
        assertEquals(100 << 7, info().sndWnd);
        assertEquals(1448, info().sndMss);
        assertTrue(info().timestamps);
        assertTrue(info().sack);
    }

    @Test
    void shouldKeepTimestampsWhenThereIsNoWindowScale() {
        listensWithCookies();
        peer.withTimestamps().sends(syn());
        stack.emits(synAck().options("mss nop nop ts"));
        peer.sends(ack(1, 1).window(100));
        assertEquals(0, info().sndWscale);
        assertEquals(100, info().sndWnd);
        assertTrue(info().timestamps);
    }

    @Test
    void shouldLoseWindowScaleAndSackWhenThereAreNoTimestamps() {
        listensWithCookies();
        peer.withSack();
        peer.withWindowScale(7).sends(syn());
        stack.emits(synAck().options("mss"));
        peer.sends(ack(1, 1).window(100));
        assertEquals(0, info().sndWscale);
        assertEquals(100, info().sndWnd);
        assertFalse(info().sack);
    }

    @Test
    void shouldTakeBackNoWindowWhenCookiesSegmentSizeIsSmaller() {
        start(always());
        listens(options().receiveBuffer(131000).build());
        peer.withMss(1400).sends(syn());
        final int offered = stack.next().window;
        peer.sends(data(1, 1, 100));
        final Packet answer = stack.next();
        assertTrue(answer.ackSeq + answer.window >= 1 + offered, offered + " then " + answer);
    }

    @Test
    void shouldNeverSendTimestampsFromTheFutureWhenTheySayOptions() {
        listensWithCookies();
        for (int i = 0; i < 60; i++) {
            final Peer other = newPeer(5000 + i, PORT).withTimestamps().withWindowScale(9);
            other.sends(syn());
            final int cookieStamp = stack.next().tsVal;
            other.sends(ack(1, 1));
            app.writes(10);
            final int stamp = stack.next().tsVal;
            assertTrue(stamp - cookieStamp >= 0 && stamp - cookieStamp < 64, stamp + " after " + cookieStamp);
            after(ms(1));
            app.writtenBytes = 0;
        }
    }

    @Test
    void shouldResetWhenCookieIsForged() {
        listensWithCookies();
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1 + (1 << 23)));
        stack.emits(rst(1 + (1 << 23)));
        peer.sends(ack(1, 2)); // as the ACK of a FIN would
        stack.emits(rst(2));
        peer.sends(ack(2, 2)); // as the last ACK of both FINs would
        stack.emits(rst(2));
        peer.sends(ack(6, 1)); // the peer's number is part of it
        stack.emits(rst(1));
        assertEquals(4, count(Counter.SyncookiesFailed));
        assertEquals(4, count(DropReason.TCP_COOKIE_INVALID));
        final Peer other = newPeer(5000, PORT);
        other.stackIss = peer.stackIss;
        other.sends(ack(1, 1)); // so is its port
        assertTrue(stack.next().is(io.spinwire.wire.TcpHeader.RST));
        app.heard();
    }

    @Test
    void shouldTakeCookieForAMinuteAtLeastAndTwoAtTheMost() {
        listensWithCookies();
        after(s(60) - clock.nanoTime() % s(60)); // a minute begins
        final Peer late = opens(5000);
        final Peer tooLate = opens(5001);
        after(s(61));
        final Peer young = opens(5002);
        stack.emits(synAck(), synAck(), synAck());
        after(ms(58_900));
        late.sends(ack(1, 1));
        app.heard("connected");
        after(ms(100));
        tooLate.sends(ack(1, 1));
        stack.emits(rst(1));
        young.sends(ack(1, 1));
        app.heard("connected");
        assertEquals(1, count(Counter.SyncookiesFailed));
    }

    @Test
    void shouldNotEvenLookWhenNoCookieWasSentForTwoMinutes() {
        start(TcpConfig.builder());
        listens();
        peer.sends(ack(5, 5));
        stack.emits(rst(5));
        assertEquals(0, count(Counter.SyncookiesFailed));
        assertEquals(1, count(DropReason.NO_SOCKET));
    }

    @Test
    void shouldIgnoreResetAndRefuseSynAckWhenTheyBringACookie() {
        listensWithCookies();
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(Packet.rstAck(1, 1));
        stack.emitsNothing();
        peer.sends(synAck());
        stack.emits(rst(1));
        peer.sends(fin(1, 1));
        stack.emits(ack(1, 2));
        app.heard("connected", "peerClosed");
    }

    @Test
    void shouldDropSynWhenAcceptQueueIsFullEvenWithCookies() {
        start(always());
        final TcpListener listener = engine.listen(PORT, options().backlog(1).build());
        final Peer a = opens(5000);
        final Peer b = opens(5001);
        final Peer c = opens(5002);
        stack.emits(synAck(), synAck(), synAck());
        a.sends(ack(1, 1));
        b.sends(ack(1, 1));
        c.sends(ack(1, 1));
        opens(5003);
        stack.emitsNothing();
        assertEquals(2, count(Counter.TcpListenOverflows));
        assertEquals(2, count(Counter.TcpListenDrops));
        listener.accept();
        c.sends(ack(1, 1)); // the cookie is good still
        assertEquals(3, count(Counter.TcpPassiveOpens));
    }

    @Test
    void shouldDropAckWhenItEchoesOptionsNeverOffered() {
        start(always().windowScaling(false));
        listens();
        peer.withTimestamps().sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1).ts(peer.tsNow(), peer.tsEcr & ~0x3F));
        peer.sends(ack(1, 1).ts(peer.tsNow(), peer.tsEcr + 64 & ~0x3F));
        assertTrue(count(DropReason.TCP_COOKIE_INVALID) > 0);
        stack.emitsNothing();
    }

    @Test
    void shouldMeasureRoundTripByTimestampOnlyWhenCookieIsUsed() {
        listensWithCookies();
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        assertEquals(3_000_000, info().rtoUs);
        final Peer other = newPeer(5000, PORT).withTimestamps();
        other.sends(syn());
        stack.emits(synAck());
        after(ms(30));
        other.sends(ack(1, 1));
        assertTrue(info().rttUs >= 30_000 && info().rttUs < 94_000, "rtt " + info().rttUs);
    }

    @Test
    void shouldDropWhenCookiesAreOffAndTheQueueIsFull() {
        start(TcpConfig.builder().synCookies(SynCookieMode.OFF));
        listens(SocketOptions.builder().backlog(1).build());
        opens(5000);
        opens(5001);
        opens(5002);
        stack.emits(synAck(), synAck());
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpReqQFullDrop));
    }
}
