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
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An application on the engine thread: what it may do inside callbacks, and what becomes of it. */
class HandlerTest extends TcpScript {

    // ---- Handlers that throw ----

    @Test
    void shouldAbortAndCountWhenOnDataThrows() {
        accepted();
        app.onData = socket -> {
            throw new IllegalStateException("a handler's mistake");
        };
        peer.sends(data(1, 1, 10));
        stack.emits(rstAck(1, 11));
        app.heard("closed ABORTED");
        assertEquals(1, count(Counter.TcpHandlerErrors));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldAbortWhenOnConnectedThrows() {
        listens();
        app.onConnected = socket -> {
            throw new AssertionError("a handler's mistake");
        };
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        stack.emits(rstAck(1, 1));
        app.heard("connected", "closed ABORTED");
    }

    @Test
    void shouldAbortWhenOnPeerClosedThrows() {
        accepted();
        app.onPeerClosed = socket -> {
            throw new IllegalStateException("a handler's mistake");
        };
        peer.sends(fin(1, 1));
        stack.emits(rstAck(1, 2));
        app.heard("peerClosed", "closed ABORTED");
    }

    @Test
    void shouldOnlyCountWhenOnClosedThrows() {
        accepted();
        app.onClosed = socket -> {
            throw new IllegalStateException("a handler's mistake");
        };
        peer.sends(rst(1));
        app.heard("closed RESET");
        assertEquals(1, count(Counter.TcpHandlerErrors));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldGoOnServingOthersWhenOneThrows() {
        accepted();
        final TcpSocket first = app.socket;
        app.onData = socket -> {
            if (socket == first) {
                throw new IllegalStateException("a handler's mistake");
            }
        };
        final Peer other = newPeer(PEER_PORT + 1, PORT);
        other.sends(syn());
        stack.emits(synAck());
        other.sends(ack(1, 1));
        peer.queues(data(1, 1, 10));
        app.readBytes = 0;
        other.queues(data(11, 1, 10));
        run();
        stack.emits(rstAck(1, 11), ack(1, 1));
    }

    @Test
    void shouldTakeNoMoreThanThereIsWhenHandlerClaimsToHave() {
        start();
        final List<Integer> lengths = new ArrayList<>();
        engine.listen(PORT, SocketOptions.DEFAULTS, (socket, buffer, offset, length) -> {
            lengths.add(length);
            return lengths.size() == 1 ? length + 100 : -5;
        });
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        peer.sends(data(1, 1, 10));
        peer.sends(data(11, 1, 10));
        peer.sends(data(21, 1, 10));
        stack.emits(ack(1, 11), ack(1, 21), ack(1, 31));
        assertEquals(List.of(10, 10, 20), lengths);
    }

    // ---- Calls inside callbacks ----

    @Test
    void shouldSendInTheSameTurnWhenOfferedInsideCallbacks() {
        listens();
        app.onConnected = socket -> app.offers(5);
        app.onData = socket -> app.offers(7);
        app.onPeerClosed = socket -> {
            app.offers(9);
            socket.close();
        };
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        stack.emits(data(1, 1, 5));
        peer.sends(data(1, 6, 10));
        stack.emits(data(6, 11, 7));
        peer.sends(fin(11, 13));
        stack.emits(fin(13, 12).length(9));
    }

    @Test
    void shouldAbortOnceWhenAbortedInsideOnData() {
        accepted();
        app.onData = TcpSocket::abort;
        peer.sends(data(1, 1, 10), data(11, 1, 10));
        stack.emits(rstAck(1, 11), rst(1));
        app.heard("closed ABORTED");
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldCloseWhenClosedInsideOnConnected() {
        listens();
        app.onConnected = TcpSocket::close;
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        stack.emits(fin(1, 1));
        isIn(TcpState.FIN_WAIT_1);
    }

    @Test
    void shouldResetWhenClosedInsideOnConnectedAndDataCameAlong() {
        listens();
        app.onConnected = TcpSocket::close;
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(data(1, 1, 10));
        assertEquals(0, app.readBytes);
        assertTrue(stack.next().is(io.spinwire.wire.TcpHeader.RST));
        app.heard("connected", "closed ABORTED");
    }

    @Test
    void shouldConnectWhenToldToInsideACallback() {
        accepted();
        final Peer other = newPeer(PEER_PORT + 1, 0);
        final List<TcpSocket> made = new ArrayList<>();
        app.onData = socket -> {
            made.add(engine.connect(inet(PEER), PEER_PORT + 1, SocketOptions.DEFAULTS, app));
            other.stackPort = made.getFirst().localPort();
        };
        peer.sends(data(1, 1, 10));
        stack.emits(syn(), ack(1, 11));
        other.sends(synAck());
        stack.emits(ack(1, 1));
        app.heard("connected");
        assertEquals(app.socket, made.getFirst());
    }

    @Test
    void shouldReconnectWhenToldToInsideOnClosed() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        app.onClosed = socket -> {
            app.socket = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS, app);
            peer.stackPort = app.socket.localPort();
            app.onClosed = again -> {};
        };
        peer.sends(rstAck(0, 1));
        stack.emits(syn());
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.heard("closed REFUSED", "connected");
    }

    @Test
    void shouldWriteWheneverToldWhenThereIsRoomAgain() {
        accepted();
        app.onWritable = socket -> {
            while (app.offers(100_000) > 0) {}
        };
        app.onWritable.accept(app.socket);
        run();
        int acked = 1;
        for (int i = 0; i < 200 && app.writtenBytes < 500_000; i++) {
            while (!emitted.isEmpty()) {
                acked = Math.max(acked, emitted.peek().seq + stack.next().length);
            }
            peer.sends(ack(1, acked));
        }
        assertTrue(app.writtenBytes >= 500_000, "written " + app.writtenBytes);
        stack.emitsWhatever();
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldCallOnWritableOnlyWhenSomethingWasRefused() {
        accepted();
        app.writes(5000);
        stack.emitsWhatever();
        peer.sends(ack(1, 5001));
        app.heard();
    }

    // ---- poll and tryClaim ----

    @Test
    void shouldReadByPollWhenHandlerTookNothing() {
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        assertEquals(100, app.socket.available());
        assertEquals(40, app.reads(40));
        assertEquals(60, app.reads(1000));
        assertEquals(0, app.reads(1000));
        stack.emitsWhatever();
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldKeepTheRestWhenPollHandlerTakesLess() {
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        assertEquals(10, app.socket.poll((buffer, offset, length) -> 10, Integer.MAX_VALUE));
        assertEquals(90, app.socket.available());
        stack.emitsWhatever();
        app.socket.abort();
        run();
        stack.emitsWhatever();
    }

    @Test
    void shouldSendWhatWasCommittedWhenClaimed() {
        accepted();
        final WriteClaim claim = new WriteClaim();
        assertEquals(100, app.socket.tryClaim(100, claim));
        for (int i = 0; i < 60; i++) {
            claim.buffer().putByte(claim.offset() + i, pattern(1 + i));
        }
        run();
        stack.emitsNothing();
        claim.commit(60);
        run();
        stack.emits(data(1, 1, 60).push());
    }

    @Test
    void shouldSendNothingWhenClaimIsAborted() {
        accepted();
        final WriteClaim claim = new WriteClaim();
        assertEquals(100, app.socket.tryClaim(100, claim));
        claim.abort();
        run();
        stack.emitsNothing();
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
        assertThrows(IllegalStateException.class, claim::abort);
    }

    @Test
    void shouldRefuseClaimWhenThereIsNoRoomAndTellWhenThereIs() {
        peer.withWindow(0);
        accepted();
        final WriteClaim claim = new WriteClaim();
        int claimed = 0;
        while (app.socket.tryClaim(1000, claim) == 1000) {
            for (int i = 0; i < 1000; i++) {
                claim.buffer().putByte(claim.offset() + i, pattern(1 + claimed + i));
            }
            claim.commit(1000);
            claimed += 1000;
        }
        assertEquals(TcpSocket.BACK_PRESSURED, app.socket.tryClaim(1000, claim));
        run();
        peer.sends(ack(1, 1).window(65535));
        stack.emitsWhatever();
        peer.sends(ack(1, 10_001));
        stack.emitsWhatever();
        app.heard("writable");
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldDropTheClaimWhenConnectionEndsUnderIt() {
        accepted();
        final WriteClaim claim = new WriteClaim();
        app.socket.tryClaim(100, claim);
        app.socket.abort();
        claim.commit(100);
        run();
        stack.emits(rstAck(1, 1));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    // ---- What a socket knows ----

    @Test
    void shouldKeepAttachmentUntilEndAndNotBeyond() {
        accepted();
        app.socket.attach("mine");
        final long id = app.socket.id();
        assertEquals("mine", app.socket.attachment());
        assertEquals(inet(PEER), app.socket.remoteAddress());
        assertEquals(inet(STACK), app.socket.localAddress());
        assertEquals(PEER_PORT, app.socket.remotePort());
        assertEquals(PORT, app.socket.localPort());
        app.aborts();
        stack.emitsWhatever();
        final Peer other = newPeer(PEER_PORT + 1, PORT);
        other.sends(syn());
        stack.emits(synAck());
        other.sends(ack(1, 1));
        assertNull(app.socket.attachment());
        assertTrue(app.socket.id() != id);
    }
}
