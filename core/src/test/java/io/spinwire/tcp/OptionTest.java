package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.OptionResult;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of open sockets: each holds from then on, can be read back, or says that it cannot be changed. */
class OptionTest extends EitherSocketScript {

    private void sets(SocketOption option, long value) {
        assertEquals(OptionResult.SET, app.socket.setOption(option, value));
        run();
        assertEquals(value, app.socket.option(option));
    }

    private static int ttl(Packet packet) {
        return Ipv4.ttl(new UnsafeBuffer(packet.frame), Ethernet.HEADER_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendWithTimeToLiveAndTypeOfServiceWhenSet(boolean isQueued) {
        accepted(isQueued);
        assertEquals(64, app.socket.option(SocketOption.TTL));
        sets(SocketOption.TTL, 3);
        sets(SocketOption.TOS, 0x10);
        app.writes(1);
        final Packet sent = stack.next();
        assertEquals(3, ttl(sent));
        assertEquals(0x10, sent.tos);
        sets(SocketOption.TOS, 0);
        app.socket.setOption(SocketOption.TTL, 0);
        peer.sends(data(1, 2, 1));
        assertEquals(64, ttl(stack.next()));
    }

    @Test
    void shouldSendSynAckWithTimeToLiveOfTheListener() {
        listens(options().ttl(7).build());
        peer.sends(syn());
        assertEquals(7, ttl(stack.next()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldProbeWhenKeepAliveIsSwitchedOnLater(boolean isQueued) {
        accepted(isQueued);
        after(s(5));
        sets(SocketOption.KEEP_ALIVE_IDLE_NS, s(10));
        sets(SocketOption.KEEP_ALIVE_INTERVAL_NS, s(1));
        sets(SocketOption.KEEP_ALIVE_COUNT, 2);
        sets(SocketOption.KEEP_ALIVE, 1);
        stack.emitsAfter(s(10), ack(0, 1));
        stack.emitsAfter(s(1), ack(0, 1));
        sets(SocketOption.KEEP_ALIVE, 0);
        after(s(100));
        stack.emitsNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldProbeEarlierWhenIdleTimeIsShortened(boolean isQueued) {
        accepted(isQueued, options().keepAlive(true).build());
        after(s(6));
        sets(SocketOption.KEEP_ALIVE_IDLE_NS, s(10));
        stack.emitsAfter(s(4), ack(0, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGiveUpWhenUserTimeoutIsSetLater(boolean isQueued) {
        accepted(isQueued);
        sets(SocketOption.USER_TIMEOUT_NS, ms(400));
        app.writes(1);
        after(s(3));
        stack.emitsWhatever();
        assertEquals(SocketError.ETIMEDOUT, isQueued ? app.socket.takeError() : app.errors.getFirst());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetWhenLingerIsSetToZeroBeforeClose(boolean isQueued) {
        accepted(isQueued);
        assertEquals(OptionResult.SET, app.socket.setOption(SocketOption.LINGER_NS, 0));
        app.closes();
        stack.emits(rstAck(1, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnWithAnotherCongestionControl(boolean isQueued) {
        accepted(isQueued);
        assertEquals("cubic", app.socket.congestionControl());
        assertEquals(OptionResult.OUT_OF_RANGE, app.socket.setCongestionControl("none"));
        assertEquals(OptionResult.SET, app.socket.setCongestionControl("reno"));
        assertEquals("reno", app.socket.congestionControl());
        run();
        app.writes(100);
        stack.emits(data(1, 1, 100));
        peer.sends(ack(1, 101));
        isIn(TcpState.ESTABLISHED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellOfWhatWaitsWhenLowWaterIsLowered(boolean isQueued) {
        accepted(isQueued, options().receiveLowWater(100).build());
        app.appetite = Integer.MAX_VALUE;
        final SocketPoller poller = engine.newPoller();
        if (isQueued) {
            poller.add(app.socket, Readiness.IN);
        }
        peer.sends(data(1, 1, 50));
        assertEquals(0, poller.poll((socket, bits) -> {}, 10));
        assertEquals(0, app.readBytes);
        sets(SocketOption.RECEIVE_LOW_WATER, 10);
        assertEquals(isQueued ? 1 : 0, poller.poll((socket, bits) -> {}, 10));
        assertEquals(isQueued ? 0 : 50, app.readBytes);
        stack.emitsWhatever();
    }

    @Test
    void shouldTakeMoreWhenSendBufferIsRaised() {
        peer.withWindow(0);
        accepted(false, options().sendBuffer(4096).build());
        assertEquals(4096, app.offers(5000));
        sets(SocketOption.SEND_BUFFER, 16384);
        app.heard("writable");
        assertEquals(1000, app.offers(1000));
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldOfferLessWhenReceiveBufferIsLowered() {
        accepted(false);
        sets(SocketOption.RECEIVE_BUFFER, 16384);
        int rightEdge = 0;
        for (int i = 0; i < 60; i++) {
            peer.sends(data(1 + 1000 * i, 1, 1000));
            while (!emitted.isEmpty()) {
                final Packet sent = stack.next();
                assertEquals(true, sent.ackSeq + sent.window >= rightEdge, "the right edge moved left");
                rightEdge = sent.ackSeq + sent.window;
            }
        }
        app.reads(100_000);
        assertEquals(true, stack.next().window <= 8192);
        stack.emitsWhatever();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSwitchNagleCorkAndQuickAcks(boolean isQueued) {
        accepted(isQueued);
        sets(SocketOption.NO_DELAY, 1);
        sets(SocketOption.CORK, 1);
        sets(SocketOption.QUICK_ACK, 1);
        app.writes(10);
        stack.emitsNothing();
        sets(SocketOption.CORK, 0);
        stack.emits(data(1, 1, 10));
        app.writes(10);
        stack.emits(data(11, 1, 10));
        sets(SocketOption.NO_DELAY, 0);
        app.writes(10);
        stack.emitsNothing();
    }

    // ---- FIN_WAIT_2 ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldWaitForTheFinAsLongAsAskedFor(boolean isQueued) {
        accepted(isQueued);
        assertEquals(s(60), app.socket.option(SocketOption.FIN_WAIT_2_NS));
        sets(SocketOption.FIN_WAIT_2_NS, s(1));
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        after(ms(900));
        assertEquals(1, count(Counter.EngineSocketsInUse));
        after(ms(3000));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotWaitForTheFinWhenAskedNotTo(boolean isQueued) {
        accepted(isQueued);
        sets(SocketOption.FIN_WAIT_2_NS, -1);
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        stack.emits(rst(2));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetWhenClosedInFinWait2AndAskedNotToWait(boolean isQueued) {
        accepted(isQueued, options().finWait2Ns(-1).build());
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        stack.emitsNothing();
        app.closes();
        stack.emits(rstAck(2, 1));
        assertEquals(1, count(Counter.TcpAbortOnLinger));
    }

    // ---- What cannot be ----

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseValuesThatAreNotAllowed(boolean isQueued) {
        accepted(isQueued);
        for (final SocketOption option : SocketOption.values()) {
            final boolean isSwitch = switch (option) {
                case NO_DELAY, CORK, QUICK_ACK, KEEP_ALIVE -> true;
                default -> false;
            };
            if (option.isForOpenSockets() && !isSwitch) {
                final long before = app.socket.option(option);
                final OptionResult result = app.socket.setOption(option, Long.MIN_VALUE);
                assertEquals(result == OptionResult.UNSUPPORTED, isRing(option) && isQueued, option::name);
                assertEquals(before, app.socket.option(option), option::name);
            }
        }
        assertEquals(OptionResult.OUT_OF_RANGE, app.socket.setOption(SocketOption.TOS, 1));
        assertEquals(OptionResult.OUT_OF_RANGE, app.socket.setOption(SocketOption.PATH_MTU_MODE, 4));
    }

    private static boolean isRing(SocketOption option) {
        return option == SocketOption.SEND_BUFFER || option == SocketOption.RECEIVE_BUFFER;
    }

    @ParameterizedTest
    @EnumSource(
            value = SocketOption.class,
            names = {"MSS", "SYN_COUNT", "LOCAL_PORT", "FAST_OPEN", "FAST_OPEN_WITHOUT_COOKIE"})
    void shouldSayThatItIsTooLateWhenConnected(SocketOption option) {
        accepted(false);
        assertEquals(OptionResult.UNSUPPORTED, app.socket.setOption(option, 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayThatTheSocketIsClosed(boolean isQueued) {
        accepted(isQueued);
        app.socket.abort();
        run();
        stack.emitsWhatever();
        assertEquals(OptionResult.CLOSED, app.socket.setOption(SocketOption.TTL, 1));
        assertEquals(OptionResult.CLOSED, app.socket.setCongestionControl("reno"));
    }

    @Test
    void shouldRepeatTheSynAsOftenAsAskedFor() {
        connects(options().synCount(1).build());
        after(s(3));
        app.heard();
        after(s(60));
        app.heard("closed TIMED_OUT");
        assertEquals(1 + 1 + 4, emitted.size()); // linear timeouts come on top, as in Linux
        stack.emitsWhatever();
    }
}
