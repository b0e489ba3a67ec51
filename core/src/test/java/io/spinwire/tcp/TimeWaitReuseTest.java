package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TimeWaitReuse;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.Test;

/** What ends TIME_WAIT early: newer SYNs (RFC 6191), our own connects (tcp_tw_reuse), resets or not (RFC 1337). */
class TimeWaitReuseTest extends TcpScript {
    private static final int PEER_PORT = 7000;
    private static final int LOCAL_PORT = 40_000;
    private static final SocketOptions BOUND =
            SocketOptions.builder().localPort(LOCAL_PORT).build();

    private int oldIss;

    private static TcpConfigBuilder reuse(TimeWaitReuse mode) {
        return TcpConfig.builder().timeWaitReuse(mode);
    }

    /** An engine that has one local port only. */
    private void startsWith(TcpConfigBuilder tcp) {
        start(config().firstPort(LOCAL_PORT).lastPort(LOCAL_PORT), tcp.build());
    }

    /** A connection that the stack opened and closed, and that is in TIME_WAIT. */
    private void connectsAndCloses(SocketOptions options, boolean hasTimestamps) {
        peer = newPeer(PEER_PORT, 0);
        peer.hasTimestamps = hasTimestamps;
        connected(options);
        oldIss = peer.stackIss;
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.events.clear();
    }

    private void connectsAgain(SocketOptions options) {
        peer = newPeer(PEER_PORT, 0).withTimestamps();
        connects(options);
    }

    private void isTakenOver(int tsRecent) {
        stack.emits(syn().window(65160).ts(tsNow(), tsRecent));
        assertEquals(oldIss + 2 + 65_537, peer.stackIss);
        assertEquals(1, count(Counter.TcpTimeWaitReused));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.heard("connected");
    }

    private int tsNow() {
        return peer.tsEcr; // of what was just emitted
    }

    @Test
    void shouldTakeThePortOverAfterASecondWhenThatIsAllowed() {
        startsWith(reuse(TimeWaitReuse.ON));
        connectsAndCloses(SocketOptions.DEFAULTS, true);
        final int tsRecent = peer.tsNow();
        after(ms(1001));
        connectsAgain(SocketOptions.DEFAULTS);
        isTakenOver(tsRecent);
    }

    @Test
    void shouldNotTakeThePortOverWithinASecond() {
        startsWith(reuse(TimeWaitReuse.ON));
        connectsAndCloses(SocketOptions.DEFAULTS, true);
        after(ms(1000));
        connectsAgain(SocketOptions.DEFAULTS);
        stack.emitsNothing();
        app.heard("closed NO_RESOURCES");
        assertEquals(1, count(Counter.TcpPortsExhausted));
    }

    @Test
    void shouldNotTakeThePortOverWithoutTimestamps() {
        startsWith(reuse(TimeWaitReuse.ON));
        connectsAndCloses(SocketOptions.DEFAULTS, false);
        after(s(2));
        connectsAgain(SocketOptions.DEFAULTS);
        stack.emitsNothing();
        app.events.clear();
    }

    @Test
    void shouldNotTakeThePortOverOfARemoteConnectionByDefault() {
        startsWith(TcpConfig.builder());
        connectsAndCloses(SocketOptions.DEFAULTS, true);
        after(s(2));
        connectsAgain(SocketOptions.DEFAULTS);
        stack.emitsNothing();
        app.events.clear();
    }

    @Test
    void shouldTakeThePortOverOfAConnectionToItselfByDefault() {
        startsWith(TcpConfig.builder());
        listens();
        app.onPeerClosed = TcpSocket::close;
        for (int i = 0; i < 3; i++) {
            final TcpSocket client = engine.connect(inet(STACK), PORT, SocketOptions.DEFAULTS, app);
            run();
            app.heard("connected", "connected");
            client.close();
            after(s(2));
            app.events.clear();
        }
        assertEquals(2, count(Counter.TcpTimeWaitReused));
    }

    @Test
    void shouldTakeThePortOverAtOnceWhenTheApplicationAsksForIt() {
        start(reuse(TimeWaitReuse.OFF));
        connectsAndCloses(BOUND, true);
        final int tsRecent = peer.tsNow();
        connectsAgain(BOUND);
        isTakenOver(tsRecent);
    }

    @Test
    void shouldRefuseWhenTheApplicationAsksForAPortWithoutTimestamps() {
        start(reuse(TimeWaitReuse.ON));
        connectsAndCloses(BOUND, false);
        after(s(2));
        connectsAgain(BOUND);
        stack.emitsNothing();
        app.events.clear();
    }

    // ---- The peer's SYN ----

    private void acceptsAndCloses(TcpConfigBuilder tcp, boolean hasTimestamps) {
        start(tcp);
        peer.hasTimestamps = hasTimestamps;
        accepted();
        oldIss = peer.stackIss;
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.events.clear();
    }

    @Test
    void shouldTakeALowerNumberWhenTheTimestampIsNewer() {
        acceptsAndCloses(TcpConfig.builder(), true);
        after(ms(1));
        peer.iss -= 100_000;
        peer.sends(syn());
        stack.emits(synAck());
        assertEquals(oldIss + 2 + 65_537, peer.stackIss);
    }

    @Test
    void shouldRefuseALowerNumberWhenTheTimestampIsTheSame() {
        acceptsAndCloses(TcpConfig.builder(), true);
        peer.iss -= 100_000;
        peer.sends(syn());
        assertEquals(io.spinwire.wire.TcpHeader.ACK, stack.next().flags);
    }

    @Test
    void shouldRefuseAHigherNumberWhenTheTimestampIsOlder() {
        acceptsAndCloses(TcpConfig.builder(), true);
        peer.sends(Packet.of(io.spinwire.wire.TcpHeader.SYN).seq(100_000).ts(peer.tsNow() - 1, 0));
        assertEquals(io.spinwire.wire.TcpHeader.ACK, stack.next().flags);
        assertEquals(1, count(DropReason.TCP_RFC7323_PAWS));
    }

    // ---- How long it lasts ----

    @Test
    void shouldWaitAnewAfterFinButNotAfterOldSegments() {
        acceptsAndCloses(TcpConfig.builder(), false);
        after(s(30));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        after(s(30));
        peer.sends(ack(1, 2)); // as a keepalive probe is
        stack.emits(ack(2, 2));
        after(ms(600));
        peer.sends(syn());
        stack.emits(ack(2, 2));
        after(s(29));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        after(ms(400));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldNotEndByResetWhenRfc1337IsFollowed() {
        acceptsAndCloses(TcpConfig.builder().rfc1337(true), false);
        peer.sends(rst(2));
        stack.emitsNothing();
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        peer.sends(data(1, 2, 10));
        stack.emits(ack(2, 2));
    }
}
