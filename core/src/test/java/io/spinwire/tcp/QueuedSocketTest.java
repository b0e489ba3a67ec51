package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A socket of another thread, driven by the test's one thread: offers and reads between turns. */
class QueuedSocketTest extends TcpScript {
    private TcpListener listener;

    private void acceptedQueued(SocketOptions options) {
        start();
        listener = engine.listen(PORT, options);
        assertNull(listener.accept());
        peer.sends(syn());
        stack.emits(synAck());
        assertNull(listener.accept());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        assertNotNull(app.socket);
        isIn(TcpState.ESTABLISHED);
    }

    private void acceptedQueued() {
        acceptedQueued(SocketOptions.DEFAULTS);
    }

    private void connectsQueued() {
        start();
        app.socket = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS);
        isIn(TcpState.SYN_SENT);
        run();
        peer.stackPort = app.socket.localPort();
        stack.emits(syn());
    }

    private void isFree() {
        run();
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    @Test
    void shouldSendWhatIsOfferedWhenEngineTurns() {
        acceptedQueued();
        assertEquals(100, app.offers(100));
        stack.emitsNothing();
        run();
        stack.emits(data(1, 1, 100).push());
    }

    @Test
    void shouldReadWhatArrivedWhenPolled() {
        acceptedQueued();
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        assertEquals(100, app.socket.available());
        assertEquals(100, app.reads(1000));
        assertEquals(0, app.reads(1000));
        stack.emitsNothing();
    }

    @Test
    void shouldOpenTheWindowWhenApplicationReads() {
        acceptedQueued();
        int seq = 1;
        int window = 64240;
        while (window >= 1460) {
            peer.sends(data(seq, 1, 1460));
            seq += 1460;
            after(ms(100));
            while (!emitted.isEmpty()) {
                window = stack.next().window;
            }
        }
        assertEquals(0, window);
        app.reads(Integer.MAX_VALUE);
        stack.emits(ack(1, seq).window(64240));
    }

    @Test
    void shouldOpenTheWindowWhenAlmostAllOfASmallBufferIsRead() {
        acceptedQueued(options().receiveBuffer(4096).build());
        peer.sends(data(1, 1, 1000));
        stack.emits(ack(1, 1001).window(460));
        peer.sends(data(1001, 1, 460));
        after(ms(200));
        stack.emits(ack(1, 1461).window(0));
        app.reads(1450);
        stack.emits(ack(1, 1461).window(1000)); // whole segments, as they have come so far
    }

    @Test
    void shouldConnectWhenPeerAnswers() {
        connectsQueued();
        assertEquals(TcpSocket.NOT_CONNECTED, app.offers(1));
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        isIn(TcpState.ESTABLISHED);
        assertEquals(10, app.offers(10));
        run();
        stack.emits(data(1, 1, 10));
        assertEquals(inet(PEER), app.socket.remoteAddress());
        assertEquals(inet(STACK), app.socket.localAddress());
    }

    @Test
    void shouldTellWhyWhenRefused() {
        connectsQueued();
        peer.sends(rstAck(0, 1));
        assertEquals(CloseReason.REFUSED, app.socket.closeReason());
        isIn(TcpState.CLOSED);
        assertEquals(TcpSocket.CLOSED, app.offers(1));
        assertEquals(1, count(Counter.EngineSocketsInUse));
        app.socket.close();
        isFree();
    }

    @Test
    void shouldReadToTheEndWhenPeerClosed() {
        acceptedQueued();
        peer.sends(fin(1, 1).length(50));
        assertTrue(app.socket.isPeerClosed());
        assertEquals(50, app.reads(1000));
        assertEquals(TcpSocket.CLOSED, app.reads(1000));
        stack.emitsWhatever();
        app.closes();
        stack.emits(fin(1, 52));
        peer.sends(ack(52, 2));
        assertEquals(CloseReason.NORMAL, app.socket.closeReason());
        isFree();
    }

    @Test
    void shouldSendAllBeforeFinWhenClosed() {
        acceptedQueued();
        assertEquals(5000, app.offers(5000));
        app.closes();
        for (int i = 0; i < 4; i++) {
            stack.emits(data(1 + i * 1000, 1, 1000));
        }
        stack.emits(fin(4001, 1).length(1000));
        peer.sends(ack(1, 5002));
        peer.sends(fin(1, 5002));
        stack.emits(ack(5002, 2));
        isFree();
    }

    @Test
    void shouldResetWhenClosedWithDataUnread() {
        acceptedQueued();
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        app.closes();
        stack.emits(rstAck(1, 11));
        isFree();
    }

    @Test
    void shouldResetWhenAborted() {
        acceptedQueued();
        app.offers(1000);
        app.aborts();
        stack.emits(rstAck(1, 1));
        assertEquals(CloseReason.ABORTED, app.socket.closeReason());
        isFree();
    }

    @Test
    void shouldReadOnWhenOnlyOutputIsShut() {
        acceptedQueued();
        app.shutsDown();
        assertEquals(TcpSocket.CLOSED, app.offers(1));
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2).length(30));
        stack.emits(ack(2, 32));
        isIn(TcpState.CLOSED);
        assertEquals(30, app.reads(100)); // although the connection is over
        assertEquals(TcpSocket.CLOSED, app.reads(100));
        app.closes();
        isFree();
    }

    @Test
    void shouldReadWhatCameBeforeWhenReset() {
        acceptedQueued();
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        peer.sends(rst(11));
        assertEquals(CloseReason.RESET, app.socket.closeReason());
        assertEquals(10, app.reads(100));
        assertEquals(TcpSocket.CLOSED, app.reads(100));
        app.closes();
        stack.emitsNothing();
        isFree();
    }

    @Test
    void shouldRefuseWhenFullAndRingWhenThereIsRoom() {
        acceptedQueued(options().sendBuffer(4096).build());
        final SocketPoller poller = engine.newPoller();
        poller.add(app.socket);
        assertEquals(1, poller.poll((socket, bits) -> {}, 10));
        assertEquals(4096, app.offers(10_000));
        assertEquals(TcpSocket.BACK_PRESSURED, app.offers(1));
        assertEquals(0, app.socket.writable());
        run();
        stack.emitsWhatever();
        assertEquals(0, poller.poll((socket, bits) -> {}, 10));
        peer.sends(ack(1, 3001));
        assertEquals(1, poller.poll((socket, bits) -> assertEquals(app.socket, socket), 10));
        assertEquals(3000, app.offers(10_000));
        stack.emitsWhatever();
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldClaimAcrossTheEndOfTheRingWhenWriting() {
        acceptedQueued(options().sendBuffer(4096).build());
        final WriteClaim claim = new WriteClaim();
        int written = 0;
        for (int i = 0; i < 20; i++) {
            assertEquals(900, app.socket.tryClaim(900, claim));
            for (int k = 0; k < 900; k++) {
                claim.buffer().putByte(claim.offset() + k, pattern(1 + written + k));
            }
            claim.commit(900);
            run();
            stack.emits(data(1 + written, 1, 900)); // the script checks the content
            written += 900;
            peer.sends(ack(1, 1 + written));
        }
    }

    @Test
    void shouldRingOnceWhenMuchHappens() {
        acceptedQueued();
        final SocketPoller poller = engine.newPoller();
        poller.add(app.socket);
        poller.poll((socket, bits) -> {}, 10);
        peer.sends(data(1, 1, 10), data(11, 1, 10));
        peer.sends(data(21, 1, 10));
        stack.emitsWhatever();
        final List<TcpSocket> ready = new ArrayList<>();
        assertEquals(1, poller.poll((socket, bits) -> ready.add(socket), 10));
        assertEquals(List.of(app.socket), ready);
        assertEquals(0, poller.poll((socket, bits) -> ready.add(socket), 10));
        peer.sends(fin(31, 1));
        assertEquals(1, poller.poll((socket, bits) -> ready.add(socket), 10));
        poller.remove(app.socket);
        peer.sends(rst(32));
        assertEquals(0, poller.poll((socket, bits) -> ready.add(socket), 10));
        stack.emitsWhatever();
    }

    @Test
    void shouldRefuseInlineSocketsWhenAddedToAPoller() {
        accepted();
        final SocketPoller poller = engine.newPoller();
        assertThrows(IllegalArgumentException.class, () -> poller.add(app.socket));
    }

    @Test
    void shouldFillInFiguresWhenAskedTwice() {
        acceptedQueued();
        final TcpInfo info = new TcpInfo();
        app.socket.info(info);
        run();
        app.socket.info(info);
        assertEquals(TcpState.ESTABLISHED, info.state);
        assertEquals(1000, info.sndMss);
        assertEquals(10, info.sndCwnd);
        run();
    }

    @Test
    void shouldCountAndIgnoreWhenUsedAfterItWasFreed() {
        acceptedQueued();
        app.aborts();
        stack.emitsWhatever();
        isFree();
        app.socket.close();
        app.socket.shutdownOutput();
        run();
        assertEquals(1, count(Counter.TcpStaleCommands)); // both in one doorbell
        stack.emitsNothing();
    }

    @Test
    void shouldObeyNagleOptionsWhenSetLater() {
        acceptedQueued();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        app.writes(10);
        stack.emitsNothing();
        app.socket.setNoDelay(true);
        run();
        stack.emits(data(11, 1, 10));
        app.socket.setCork(true);
        app.writes(10);
        peer.sends(ack(1, 21));
        stack.emitsNothing();
        app.socket.setCork(false);
        run();
        stack.emits(data(21, 1, 10));
    }

    @Test
    void shouldResetWhatWaitsWhenListenerIsClosed() {
        start();
        listener = engine.listen(PORT, SocketOptions.DEFAULTS);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        listener.close();
        run();
        stack.emits(rstAck(1, 1));
        assertNull(listener.accept());
        isFree();
        peer.sends(ack(1, 1));
        stack.emits(rst(1));
        engine.listen(PORT, SocketOptions.DEFAULTS, app); // the port is free again
    }

    @Test
    void shouldKeepRingsForTheirOwnerWhenEngineShutsDown() {
        acceptedQueued();
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        engine.beginShutdown();
        run();
        stack.emits(fin(1, 101));
        peer.sends(fin(101, 2));
        stack.emits(ack(2, 102));
        assertEquals(100, app.reads(1000));
        assertTrue(!engine.isDrained());
        app.closes();
        assertTrue(engine.isDrained());
    }
}
