package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spinwire.api.CloseReason;
import io.spinwire.api.OptionResult;
import io.spinwire.api.Readiness;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A socket lets go of its connection and begins another: what the kernel was seen to do for connect(AF_UNSPEC). */
class DisconnectTest extends EitherSocketScript {
    private static final int OTHER_PORT = PEER_PORT + 1;
    private final Peer other = newPeer(OTHER_PORT, 0);

    private void disconnects() {
        app.socket.disconnect();
        run();
    }

    /** The same socket connects to another port, and is established. */
    private void connectsAgain() {
        assertEquals(0, app.socket.connect(inet(PEER), OTHER_PORT));
        isIn(TcpState.SYN_SENT);
        run();
        other.stackPort = app.socket.localPort();
        stack.emits(syn());
        other.sends(synAck());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        app.writtenBytes = 0;
        app.readBytes = 0;
    }

    private void isFree() {
        app.aborts();
        stack.emitsWhatever();
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldResetAndForgetWhatWaitsWhenDisconnected(boolean isQueued) {
        connected(isQueued);
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        app.writes(3);
        stack.emits(data(1, 11, 3));
        app.events.clear();
        disconnects();
        stack.emits(rstAck(4, 11));
        isIn(TcpState.CLOSED);
        assertEquals("OUT|ERR|HUP", Readiness.format(app.socket.readiness()));
        assertEquals(SocketError.ECONNRESET, app.socket.takeError());
        assertEquals(SocketError.NONE, app.socket.takeError());
        assertEquals("OUT|HUP", Readiness.format(app.socket.readiness()));
        assertEquals(0, app.socket.available());
        assertEquals(0, app.socket.unacknowledged());
        assertEquals(TcpSocket.NOT_CONNECTED, app.socket.poll((buffer, offset, length) -> length, 10));
        assertEquals(CloseReason.NONE, app.socket.closeReason());
        app.heard();
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSpeakToAnotherPeerWhenConnectedAgain(boolean isQueued) {
        connected(isQueued);
        app.writes(100);
        stack.emits(data(1, 1, 100));
        final long id = app.socket.id();
        app.socket.attach("kept");
        disconnects();
        stack.emits(rstAck(101, 1));
        connectsAgain();
        assertNotEquals(id, app.socket.id());
        assertEquals("kept", app.socket.attachment());
        assertEquals(OTHER_PORT, app.socket.remotePort());
        assertEquals(SocketError.NONE, app.socket.takeError());
        app.writes(50);
        stack.emits(data(1, 1, 50));
        other.sends(data(1, 51, 20));
        assertEquals(20, app.reads(100));
        stack.emitsWhatever();
        isFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldConnectAtOnceWhenDisconnectedInTheSameTurn(boolean isQueued) {
        connected(isQueued);
        app.events.clear();
        app.socket.disconnect();
        assertEquals(0, app.socket.connect(inet(PEER), OTHER_PORT));
        assertEquals(TcpSocket.IS_CONNECTED, app.socket.connect(inet(PEER), OTHER_PORT));
        run();
        other.stackPort = app.socket.localPort();
        stack.emits(rstAck(1, 1), syn());
        other.sends(synAck());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        isFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendNothingWhenDisconnectedInSynSent(boolean isQueued) {
        connecting(isQueued);
        disconnects();
        stack.emitsNothing();
        assertEquals(SocketError.ECONNRESET, app.socket.takeError());
        peer.sends(synAck());
        stack.emits(rst(1));
        connectsAgain();
        isFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHearNothingOfTheConnectionThatItLetGo(boolean isQueued) {
        connected(isQueued);
        app.events.clear();
        app.socket.disconnect();
        peer.sends(data(1, 1, 10), rst(11));
        stack.emitsWhatever();
        app.heard();
        assertEquals(0, app.readBytes);
        connectsAgain();
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        assertEquals(0, app.socket.available());
        isFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldKeepOptionsAndTakeOthersWhileDisconnected(boolean isQueued) {
        connected(isQueued, options().tos(0x10).build());
        app.socket.setNoDelay(true);
        disconnects();
        stack.emits(rstAck(1, 1));
        assertEquals(1, app.socket.option(SocketOption.NO_DELAY));
        assertEquals(OptionResult.SET, app.socket.setOption(SocketOption.MSS, 500));
        assertEquals(OptionResult.SET, app.socket.setOption(SocketOption.LOCAL_PORT, 7777));
        assertEquals(OptionResult.SET, app.socket.setCongestionControl("reno"));
        assertEquals(OptionResult.OUT_OF_RANGE, app.socket.setOption(SocketOption.MSS, 1));
        assertEquals(0, app.socket.connect(inet(PEER), OTHER_PORT));
        run();
        assertEquals(7777, app.socket.localPort());
        other.stackPort = 7777;
        final Packet syn = stack.next();
        assertEquals(0x10, syn.tos & 0xFC);
        assertEquals(500, syn.mss);
        other.sends(synAck());
        stack.emits(ack(1, 1));
        app.writtenBytes = 0;
        app.writes(10);
        app.writes(10);
        stack.emits(data(1, 1, 10), data(11, 1, 10)); // without Nagle
        assertEquals("reno", app.socket.congestionControl());
        isFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeRefusedAndTryAgain(boolean isQueued) {
        connected(isQueued);
        disconnects();
        stack.emits(rstAck(1, 1));
        app.onClosed = TcpSocket::disconnect;
        assertEquals(0, app.socket.connect(inet(PEER), OTHER_PORT));
        run();
        other.stackPort = app.socket.localPort();
        stack.emits(syn());
        other.sends(rstAck(0, 1));
        if (isQueued) {
            assertEquals(CloseReason.REFUSED, app.socket.closeReason());
            assertEquals("IN|OUT|ERR|HUP|RDHUP", Readiness.format(app.socket.readiness()));
            app.socket.disconnect();
            assertEquals(SocketError.ECONNREFUSED, app.socket.takeError());
        }
        app.onClosed = socket -> {};
        other.knowsStackIss = false;
        connectsAgain();
        isFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDoNothingWhenClosedWhileDisconnected(boolean isQueued) {
        connected(isQueued);
        disconnects();
        stack.emits(rstAck(1, 1));
        app.socket.disconnect();
        app.closes();
        assertEquals(TcpSocket.CLOSED, app.socket.connect(inet(PEER), OTHER_PORT));
        run();
        stack.emitsNothing();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseWhatCannotBeConnectedTo(boolean isQueued) {
        connected(isQueued);
        assertEquals(TcpSocket.IS_CONNECTED, app.socket.connect(inet(PEER), OTHER_PORT));
        disconnects();
        stack.emits(rstAck(1, 1));
        assertThrows(IllegalArgumentException.class, () -> app.socket.connect(inet(PEER), 0));
        assertEquals(0, app.socket.connect(inet(0x0B00_0001), OTHER_PORT));
        run();
        assertEquals(SocketError.ENETUNREACH, isQueued ? app.socket.takeError() : app.errors.getLast());
    }

    // ---- Inside of callbacks, and under a claim ----

    @Test
    void shouldDisconnectInsideOnDataAndConnectAgainInsideOfTheSameCall() {
        connected();
        app.heard();
        app.onData = socket -> {
            app.onData = again -> {};
            socket.disconnect();
            assertEquals(0, socket.connect(inet(PEER), OTHER_PORT));
        };
        peer.sends(data(1, 1, 10), data(11, 1, 10));
        other.stackPort = app.socket.localPort();
        assertEquals(10, app.readBytes);
        assertEquals(true, stack.next().is(io.spinwire.wire.TcpHeader.RST));
        while (!emitted.isEmpty() && !emitted.peek().is(io.spinwire.wire.TcpHeader.SYN)) {
            stack.next();
        }
        stack.emits(syn());
        stack.emitsWhatever(); // the second segment is for nobody
        other.sends(synAck());
        stack.emits(ack(1, 1));
        app.heard("connected");
        assertEquals(1, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldDisconnectWhileItsHandlerReadsTheRing() {
        accepted(false);
        peer.sends(data(1, 1, 100));
        stack.emitsWhatever();
        assertEquals(
                10,
                app.socket.poll(
                        (buffer, offset, length) -> {
                            app.socket.disconnect();
                            return 10;
                        },
                        100));
        run();
        stack.emits(rstAck(1, 101));
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldDropTheClaimWhenDisconnectedUnderIt(boolean isQueued) {
        connected(isQueued);
        final WriteClaim claim = new WriteClaim();
        assertEquals(100, app.socket.tryClaim(100, claim));
        disconnects();
        stack.emits(rstAck(1, 1));
        claim.commit(100);
        connectsAgain();
        stack.emitsNothing();
        isFree();
    }

    // ---- Another thread ----

    @Test
    void shouldStayInItsPollerWhenConnectedAgain() {
        connected(true);
        final SocketPoller poller = engine.newPoller();
        final List<String> reports = new ArrayList<>();
        poller.add(app.socket, Readiness.OUT | SocketPoller.EDGE);
        poller.poll((socket, bits) -> reports.add(Readiness.format(bits)), 10);
        app.socket.disconnect();
        poller.poll((socket, bits) -> reports.add(Readiness.format(bits)), 10);
        run();
        stack.emitsWhatever();
        connectsAgain();
        poller.poll((socket, bits) -> reports.add(Readiness.format(bits)), 10);
        assertEquals(List.of("OUT", "OUT|ERR|HUP", "OUT"), reports);
        isFree();
    }

    @Test
    void shouldNotMixUpWhatIsAskedOfTheOldAndTheNewConnection() {
        connected(true);
        app.socket.shutdownOutput();
        app.socket.disconnect();
        assertEquals(0, app.socket.connect(inet(PEER), OTHER_PORT));
        app.socket.setOption(SocketOption.TTL, 9);
        run();
        other.stackPort = app.socket.localPort();
        stack.emitsWhatever();
        other.sends(synAck());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        app.writtenBytes = 0;
        app.writes(10);
        stack.emits(data(1, 1, 10));
        isFree();
    }

    @Test
    void shouldLetGoWhenTheReaderHasReturned() {
        connected(true);
        peer.sends(data(1, 1, 100));
        stack.emitsWhatever();
        app.socket.poll(
                (buffer, offset, length) -> {
                    app.socket.disconnect();
                    assertEquals(TcpSocket.BACK_PRESSURED, app.socket.connect(inet(PEER), OTHER_PORT));
                    run();
                    stack.emitsNothing();
                    return 10;
                },
                100);
        run();
        stack.emits(rstAck(1, 101));
        connectsAgain();
        isFree();
    }

    @Test
    void shouldShowTheFiguresOfTheNewConnection() {
        connected(true);
        app.writes(100);
        stack.emitsWhatever();
        disconnects();
        stack.emitsWhatever();
        connectsAgain();
        app.socket.info(new TcpInfo());
        run();
        assertEquals(0, info().bytesSent);
        assertEquals(0, app.socket.peek(new UnsafeBuffer(new byte[10]), 0, 10));
        isFree();
    }
}
