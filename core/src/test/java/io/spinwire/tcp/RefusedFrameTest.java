package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import io.spinwire.wire.TcpHeader;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A NIC that takes no frames for a while: whatever was to be sent is sent when it takes some again. */
class RefusedFrameTest extends TcpScript {

    private void takesAgain() {
        nic.free = Integer.MAX_VALUE;
        run();
    }

    @Test
    void shouldKeepTheConnectionWhenRetransmissionsAreRefusedForLong() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        nic.free = 0;
        after(s(5));
        app.heard();
        takesAgain();
        stack.emits(data(1, 1, 10));
        peer.sends(ack(1, 11));
        after(s(1));
        stack.emitsNothing();
    }

    @Test
    void shouldSendFinWhenItWasRefused() {
        accepted();
        nic.free = 0;
        app.closes();
        after(s(5));
        takesAgain();
        stack.emits(fin(1, 1));
    }

    @Test
    void shouldSendSynAckWhenItWasRefused() {
        listens();
        nic.free = 0;
        peer.sends(syn());
        after(ms(500));
        nic.free = Integer.MAX_VALUE;
        stack.emitsAfter(ms(500), synAck());
    }

    @Test
    void shouldSendProbeWhenItWasRefused() {
        peer.withWindow(0);
        accepted();
        nic.free = 0;
        app.offers(10);
        after(s(3));
        nic.free = Integer.MAX_VALUE;
        after(s(1));
        stack.emits(ack(0, 1));
        assertTrue(count(Counter.TcpWinProbe) > 0);
        stack.emitsWhatever();
    }

    @Test
    void shouldFinishTheHandshakeWhenItsAckWasRefused() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        nic.free = 0;
        peer.sends(synAck());
        after(s(2));
        app.heard("connected");
        takesAgain();
        stack.emits(ack(1, 1));
    }

    @Test
    void shouldAcknowledgeFromTimeWaitWhenTheLastAckWasRefused() {
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        nic.free = 0;
        peer.sends(fin(1, 2));
        nic.free = Integer.MAX_VALUE;
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        app.heard("closed NORMAL");
    }

    @Test
    void shouldSendTheResetWhenItWasRefused() {
        accepted();
        nic.free = 0;
        app.aborts();
        app.heard("closed ABORTED");
        after(s(1));
        assertEquals(0, count(Counter.EngineSocketsInUse));
        nic.free = Integer.MAX_VALUE;
        run();
        after(ms(1));
        stack.emits(rstAck(1, 1));
    }

    @Test
    void shouldSendAllResetsInTheirOrderWhenTheyWereRefused() {
        listens();
        final int count = 40;
        final List<TcpSocket> sockets = new ArrayList<>();
        app.onConnected = sockets::add;
        for (int i = 0; i < count; i++) {
            final Peer other = newPeer(5000 + i, PORT);
            other.sends(syn());
            stack.emits(synAck());
            other.sends(ack(1, 1));
        }
        nic.free = 0;
        sockets.forEach(TcpSocket::abort);
        run();
        for (int sent = 0; sent < count; sent += 20) {
            nic.free = 20;
            after(ms(1));
            assertEquals(20, emitted.size());
            for (int i = 0; i < 20; i++) {
                assertEquals(5000 + sent + i, TcpHeader.destinationPort(new UnsafeBuffer(emitted.peek().frame), 34));
                stack.emits(rstAck(1, 1));
            }
        }
        nic.free = Integer.MAX_VALUE;
    }
}
