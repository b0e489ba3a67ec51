package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import io.spinwire.api.PathMtuMode;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That each option which a socket is opened with has its effect, inline and for another thread. */
class OptionEffectTest extends EitherSocketScript {

    private void listens(boolean isQueued, SocketOptions options) {
        app.appetite = 0;
        if (isQueued) {
            start();
            listener = engine.listen(PORT, options);
        } else {
            listens(options);
        }
    }

    private void takes(boolean isQueued) {
        if (isQueued) {
            app.socket = listener.accept();
        }
        assertNotNull(app.socket);
    }

    private void ended(boolean isQueued, CloseReason reason) {
        if (isQueued) {
            assertEquals(reason, app.socket.closeReason());
        } else {
            assertTrue(app.events.contains("closed " + reason), app.events.toString());
        }
    }

    private static UnsafeBuffer ip(Packet packet) {
        return new UnsafeBuffer(packet.frame, Ethernet.HEADER_LENGTH, packet.frame.length - Ethernet.HEADER_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotWaitForAcksWhenNagleIsOff(boolean isQueued) {
        accepted(isQueued, options().noDelay(true).build());
        app.writes(10);
        app.writes(10);
        stack.emits(data(1, 1, 10), data(11, 1, 10));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHoldSmallSegmentsWhenCorked(boolean isQueued) {
        accepted(isQueued, options().cork(true).build());
        app.writes(10);
        stack.emitsNothing();
        app.writes(990);
        stack.emits(data(1, 1, 1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAcknowledgeEverySegmentWhenQuickAcksAreOn(boolean isQueued) {
        accepted(isQueued, options().quickAck(true).build());
        for (int seq = 1; seq < 500; seq += 10) {
            peer.sends(data(seq, 1, 10));
            stack.emits(ack(1, seq + 10));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldProbeAsOftenAsAskedForWhenIdle(boolean isQueued) {
        accepted(
                isQueued,
                options()
                        .keepAlive(true)
                        .keepAliveIdleNs(s(10))
                        .keepAliveIntervalNs(s(2))
                        .keepAliveCount(2)
                        .build());
        stack.emitsAfter(s(10), ack(0, 1));
        stack.emitsAfter(s(2), ack(0, 1));
        after(s(2));
        stack.emits(rstAck(1, 1));
        ended(isQueued, CloseReason.TIMED_OUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveUpWhenUserTimeoutIsOver(boolean isQueued) {
        accepted(isQueued, options().userTimeoutNs(s(2)).build());
        app.writes(10);
        after(s(3));
        stack.emitsWhatever();
        ended(isQueued, CloseReason.USER_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetWhenLingerIsZero(boolean isQueued) {
        accepted(isQueued, options().lingerNs(0).build());
        app.closes();
        stack.emits(rstAck(1, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLimitSegmentsBothWays(boolean isQueued) {
        listens(isQueued, options().mss(500).build());
        peer.sends(syn());
        stack.emits(synAck().mss(500));
        peer.sends(ack(1, 1));
        takes(isQueued);
        app.writes(800);
        stack.emits(data(1, 1, 500), data(501, 1, 300));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnnounceTheSegmentSizeWhenConnecting(boolean isQueued) {
        start();
        final SocketOptions options = options().mss(500).localPort(1234).build();
        app.socket = isQueued
                ? engine.connect(inet(PEER), peer.port, options)
                : engine.connect(inet(PEER), peer.port, options, app);
        run();
        peer.stackPort = 1234;
        stack.emits(syn().mss(500));
        assertEquals(1234, app.socket.localPort());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldOfferNoMoreThanTheClamp(boolean isQueued) {
        peer.withWindowScale(0);
        listens(isQueued, options().windowClamp(30_000).build());
        peer.sends(syn());
        stack.emits(synAck().window(29_200));
        peer.sends(ack(1, 1));
        takes(isQueued);
        for (int seq = 1; seq < 20_000; seq += 1460) {
            peer.sends(data(seq, 1, 1460));
            app.reads(1460);
        }
        while (!emitted.isEmpty()) {
            assertTrue(stack.next().window <= 30_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWithTypeOfServiceAndTimeToLive(boolean isQueued) {
        listens(isQueued, options().tos(0x10).ttl(9).build());
        peer.sends(syn());
        assertEquals(9, Ipv4.ttl(ip(stack.next()), 0));
        peer.sends(ack(1, 1));
        takes(isQueued);
        app.writes(10);
        final Packet sent = stack.next();
        assertEquals(9, Ipv4.ttl(ip(sent), 0));
        assertEquals(0x10, sent.tos);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetRoutersFragmentWhenPathMtuIsNotDiscovered(boolean isQueued) {
        mayFragment = true;
        connecting(isQueued, options().pathMtuMode(PathMtuMode.DONT).build());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSpaceSegmentsAtTheMaximumRate(boolean isQueued) {
        start(TcpConfig.builder().initialWindow(40));
        app.appetite = 0;
        final SocketOptions options = options().maxPacingRate(1_000_000).build();
        if (isQueued) {
            listener = engine.listen(PORT, options);
        } else {
            listens(options);
        }
        peer.sends(syn());
        stack.emits(synAck());
        after(ms(20));
        peer.sends(ack(1, 1));
        takes(isQueued);
        app.writes(12_000);
        for (int seq = 1; seq <= 9001; seq += 1000) {
            stack.emits(data(seq, 1, 1000));
        }
        stack.emitsNothing();
        after(ms(2));
        stack.emits(data(10_001, 1, 1000), data(11_001, 1, 1000));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRepeatTheSynAsOftenAsAskedFor(boolean isQueued) {
        start(TcpConfig.builder().synLinearTimeouts(0));
        connecting(isQueued, options().synCount(1).build());
        stack.emitsAfter(s(1), syn());
        after(s(3));
        ended(isQueued, CloseReason.TIMED_OUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginWithTheCongestionControlAskedFor(boolean isQueued) {
        start(TcpConfig.builder().pacing(false));
        accepted(isQueued, options().congestionControl("bbr").build());
        assertEquals("bbr", app.socket.congestionControl());
        app.writes(100);
        stack.emits(data(1, 1, 100));
        info(); // asks the engine for the next
        run();
        assertTrue(info().pacingRate > 0, "only BBR paces by itself");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendBytesInTheSynWhenFastOpenNeedsNoCookie(boolean isQueued) {
        start();
        final SocketOptions options = options()
                .fastOpen(true)
                .fastOpenWithoutCookie(true)
                .localPort(1234)
                .build();
        app.socket = isQueued
                ? engine.connect(inet(PEER), peer.port, options)
                : engine.connect(inet(PEER), peer.port, options, app);
        run();
        peer.stackPort = 1234;
        stack.emitsNothing();
        app.writes(100);
        stack.emits(syn().length(100));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTakeBytesOfTheSynWhenThereIsAFastOpenQueue(boolean isQueued) {
        start(TcpConfig.builder().fastOpenServer(true));
        final SocketOptions options =
                options().fastOpenQueue(1).fastOpenWithoutCookie(true).build();
        app.appetite = 0;
        if (isQueued) {
            listener = engine.listen(PORT, options);
        } else {
            listens(options);
        }
        peer.sends(syn().length(100));
        stack.emits(synAck().ack(101));
        takes(isQueued);
        assertEquals(100, app.socket.available());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHandOverWithTheFirstDataWhenAcceptanceIsDeferred(boolean isQueued) {
        listens(isQueued, options().deferAcceptNs(s(5)).build());
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        assertNull(isQueued ? listener.accept() : app.socket);
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        takes(isQueued);
        assertEquals(10, app.socket.available());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveTheBuffersAskedFor(boolean isQueued) {
        listens(isQueued, options().sendBuffer(8192).receiveBuffer(16_384).build());
        peer.sends(syn());
        stack.emits(synAck().window(8192 - 8192 % 1460));
        peer.sends(ack(1, 1));
        takes(isQueued);
        assertEquals(8192, app.socket.writable());
        assertEquals(8192, app.socket.option(SocketOption.SEND_BUFFER));
        assertEquals(16_384, app.socket.option(SocketOption.RECEIVE_BUFFER));
    }
}
