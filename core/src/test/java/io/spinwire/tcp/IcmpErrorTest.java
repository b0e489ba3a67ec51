package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.wire.Icmp4;
import org.junit.jupiter.api.Test;

/** Destination unreachable: believed only when it names a number in flight (RFC 5927), final only while opening. */
class IcmpErrorTest extends TcpScript {
    /** The router says that this segment of ours, by its relative number, did not arrive. */
    private void unreachable(int code, int seq) {
        nic.incoming.add(IcmpFrame.of(peer, Icmp4.DESTINATION_UNREACHABLE, code, seq));
        run();
    }

    private void connecting() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
    }

    @Test
    void shouldEndUnreachableWhenHostIsWhileConnecting() {
        connecting();
        unreachable(Icmp4.HOST_UNREACHABLE, 0);
        app.heard("closed UNREACHABLE");
        assertEquals(1, count(Counter.TcpAttemptFails));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldEndRefusedWhenPortIsUnreachableWhileConnecting() {
        connecting();
        unreachable(Icmp4.PORT_UNREACHABLE, 0);
        app.heard("closed REFUSED");
    }

    @Test
    void shouldIgnoreWhenNumberIsNotInFlight() {
        connecting();
        unreachable(Icmp4.HOST_UNREACHABLE, 1);
        unreachable(Icmp4.HOST_UNREACHABLE, -1);
        app.heard();
        assertEquals(2, count(Counter.IcmpErrorsIgnored));
        peer.sends(synAck());
        stack.emits(ack(1, 1));
    }

    @Test
    void shouldIgnoreWhenNothingIsInFlight() {
        accepted();
        unreachable(Icmp4.HOST_UNREACHABLE, 1);
        isIn(TcpState.ESTABLISHED);
        assertEquals(1, count(Counter.IcmpErrorsIgnored));
    }

    @Test
    void shouldOnlyRememberWhenEstablished() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        unreachable(Icmp4.HOST_UNREACHABLE, 1);
        isIn(TcpState.ESTABLISHED);
        assertEquals(CloseReason.NONE, app.socket.closeReason());
        after(s(1200));
        stack.emitsWhatever();
        app.heard("closed UNREACHABLE");
    }

    @Test
    void shouldForgetWhenPeerAnswersAfterAll() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        unreachable(Icmp4.HOST_UNREACHABLE, 1);
        peer.sends(ack(1, 11));
        app.writes(10);
        stack.emits(data(11, 1, 10));
        after(s(1200));
        stack.emitsWhatever();
        app.heard("closed TIMED_OUT");
    }

    @Test
    void shouldIgnoreWhenRequestIsMeant() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        unreachable(Icmp4.HOST_UNREACHABLE, 0);
        peer.sends(ack(1, 1));
        app.heard("connected");
    }

    @Test
    void shouldEndUnreachableWhenThereIsNoRoute() {
        start();
        app.socket = engine.connect(inet(0x0B00_0001), 80, SocketOptions.DEFAULTS, app);
        run();
        app.heard("closed UNREACHABLE");
    }

    @Test
    void shouldEndUnreachableWhenNeighbourDoesNotAnswer() {
        start();
        silentArp = true;
        app.socket = engine.connect(inet(0x0A00_0009), 80, SocketOptions.DEFAULTS, app);
        run();
        after(s(4));
        app.heard("closed UNREACHABLE");
    }

    // ---- Long disruptions, RFC 6069 ----

    private void retransmitsTwice() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(200), data(1, 1, 10));
        stack.emitsAfter(ms(400), data(1, 1, 10));
    }

    @Test
    void shouldTakeBackOneDoublingWhenNetworkIsUnreachable() {
        retransmitsTwice();
        after(ms(10));
        unreachable(Icmp4.NET_UNREACHABLE, 1);
        stack.emitsNothing();
        stack.emitsAfter(ms(390), data(1, 1, 10));
        stack.emitsAfter(ms(800), data(1, 1, 10));
    }

    @Test
    void shouldRetransmitAtOnceWhenShorterTimeoutIsPast() {
        retransmitsTwice();
        after(ms(500));
        unreachable(Icmp4.HOST_UNREACHABLE, 1);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(800), data(1, 1, 10));
    }

    @Test
    void shouldTakeBackEachDoublingOnceWhenErrorsAreRepeated() {
        retransmitsTwice();
        for (int i = 0; i < 5; i++) {
            unreachable(Icmp4.HOST_UNREACHABLE, 1);
        }
        stack.emitsNothing();
        stack.emitsAfter(ms(200), data(1, 1, 10));
        stack.emitsAfter(ms(400), data(1, 1, 10));
    }

    @Test
    void shouldBackOffAsBeforeWhenErrorSaysNothingOfThePath() {
        retransmitsTwice();
        unreachable(Icmp4.PORT_UNREACHABLE, 1);
        unreachable(Icmp4.HOST_UNREACHABLE, 2); // not the segment whose timeout runs
        unreachable(13, 1); // administratively prohibited
        stack.emitsNothing();
        stack.emitsAfter(ms(800), data(1, 1, 10));
    }

    @Test
    void shouldBackOffAsBeforeWhenNothingWasRetransmitted() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        unreachable(Icmp4.HOST_UNREACHABLE, 1);
        stack.emitsAfter(ms(200), data(1, 1, 10));
        stack.emitsAfter(ms(400), data(1, 1, 10));
    }
}
