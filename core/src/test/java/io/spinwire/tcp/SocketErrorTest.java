package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.TcpConfig;
import io.spinwire.wire.Icmp4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pending error of a socket: as the kernel was seen to answer SO_ERROR in the same states. */
class SocketErrorTest extends EitherSocketScript {

    /** The error is pending, and only once. For an inline socket that is over, asked inside of onClosed. */
    private void has(SocketError expected) {
        assertEquals(expected, app.errors.isEmpty() ? app.socket.takeError() : app.errors.removeFirst());
        if (app.events.stream().noneMatch(event -> event.startsWith("closed"))) {
            assertEquals(SocketError.NONE, app.socket.takeError());
        }
    }

    /** Why it ended: an inline socket is told, and freed. */
    private void ended(boolean isQueued, CloseReason expected) {
        if (isQueued) {
            assertEquals(expected, app.socket.closeReason());
        } else {
            assertEquals("closed " + expected, app.events.getLast());
        }
    }

    private void icmp(int type, int code, int seq) {
        nic.incoming.add(IcmpFrame.of(peer, type, code, seq));
        run();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeRefusedWhenSynIsAnsweredWithReset(boolean isQueued) {
        connecting(isQueued);
        has(SocketError.NONE);
        peer.sends(rstAck(0, 1));
        has(SocketError.ECONNREFUSED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeResetWhenPeerResets(boolean isQueued) {
        accepted(isQueued);
        peer.sends(rst(1));
        has(SocketError.ECONNRESET);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeABrokenPipeWhenPeerResetsAfterItsFin(boolean isQueued) {
        accepted(isQueued);
        peer.sends(fin(1, 1));
        stack.emitsWhatever();
        peer.sends(rst(2));
        stack.emitsWhatever();
        has(SocketError.EPIPE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeResetWhenPeerResetsAfterBothFins(boolean isQueued) {
        accepted(isQueued);
        peer.sends(fin(1, 1));
        app.shutsDown();
        stack.emitsWhatever();
        peer.sends(rst(2));
        has(SocketError.ECONNRESET);
        ended(isQueued, CloseReason.NORMAL);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveNoErrorWhenBothSidesClosedInOrder(boolean isQueued) {
        accepted(isQueued);
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        has(SocketError.NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTimeOutWhenNobodyAnswersWithinTheUserTimeout(boolean isQueued) {
        accepted(isQueued, options().userTimeoutNs(ms(300)).build());
        app.writes(1);
        after(s(2));
        stack.emitsWhatever();
        has(SocketError.ETIMEDOUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTimeOutWhenSynIsNotAnswered(boolean isQueued) {
        start(TcpConfig.builder().synRetries(0).synLinearTimeouts(1));
        connecting(isQueued);
        after(s(10));
        stack.emitsWhatever();
        has(SocketError.ETIMEDOUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellWhatARouterSaidWhenConnecting(boolean isQueued) {
        connecting(isQueued);
        icmp(Icmp4.DESTINATION_UNREACHABLE, 6, 0);
        has(SocketError.ENETUNREACH);
        ended(isQueued, CloseReason.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellWhatARouterSaidAndGoOnWhenEstablished(boolean isQueued) {
        accepted(isQueued);
        app.writes(1);
        stack.emits(data(1, 1, 1));
        icmp(Icmp4.TIME_EXCEEDED, 0, 1);
        has(SocketError.EHOSTUNREACH);
        icmp(Icmp4.PARAMETER_PROBLEM, 0, 1);
        has(SocketError.EPROTO);
        peer.sends(ack(1, 2));
        assertEquals(CloseReason.NONE, app.socket.closeReason());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndWithWhatARouterSaidWhenRetriesAreUsedUp(boolean isQueued) {
        start(TcpConfig.builder().retries(2));
        accepted(isQueued);
        app.writes(1);
        icmp(Icmp4.DESTINATION_UNREACHABLE, Icmp4.HOST_UNREACHABLE, 1);
        after(s(60));
        stack.emitsWhatever();
        assertEquals(SocketError.EHOSTUNREACH, isQueued ? app.socket.takeError() : app.errors.getFirst());
        ended(isQueued, CloseReason.UNREACHABLE);
    }

    /** In Linux, who asks clears what a later timeout would tell. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTimeOutWhenWhatARouterSaidWasTaken(boolean isQueued) {
        start(TcpConfig.builder().retries(2));
        accepted(isQueued);
        app.writes(1);
        icmp(Icmp4.DESTINATION_UNREACHABLE, Icmp4.HOST_UNREACHABLE, 1);
        has(SocketError.EHOSTUNREACH);
        after(s(60));
        stack.emitsWhatever();
        has(SocketError.ETIMEDOUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldHaveAnErrorWhenNothingWasSent(boolean isQueued) {
        start();
        connectTo(isQueued, 0x0B00_0001, 0);
        has(SocketError.ENETUNREACH);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayThatTheAddressIsInUseWhenPortIsTaken(boolean isQueued) {
        start();
        connectTo(isQueued, PEER, 5000);
        stack.emitsWhatever();
        connectTo(isQueued, PEER, 5000);
        has(SocketError.EADDRINUSE);
        ended(isQueued, CloseReason.NO_RESOURCES);
    }

    private void connectTo(boolean isQueued, int address, int localPort) {
        newPeer(PEER_PORT, 5000);
        if (isQueued) {
            app.socket = engine.connect(
                    inet(address), PEER_PORT, options().localPort(localPort).build());
        } else {
            app.socket = engine.connect(
                    inet(address), PEER_PORT, options().localPort(localPort).build(), app);
        }
        run();
    }
}
