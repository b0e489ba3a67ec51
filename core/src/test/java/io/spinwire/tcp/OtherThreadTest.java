package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.api.WriteClaim;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Nothing that another thread asks for is lost, whatever the moment. */
class OtherThreadTest extends TcpScript {

    private TcpSocket acceptedQueued() {
        start();
        final TcpListener listener = engine.listen(PORT, SocketOptions.DEFAULTS);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        return app.socket;
    }

    @Test
    void shouldFreeEverySocketWhenClosedWhileItBegins() throws InterruptedException {
        start();
        final AtomicBoolean isDone = new AtomicBoolean();
        final Thread application = new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS).close();
            }
            isDone.set(true);
        });
        application.start();
        while (!isDone.get()) {
            engine.doWork();
            emitted.clear();
        }
        application.join();
        run();
        emitted.clear();
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldObeyOptionsWhenSetBeforeConnectionBegan() {
        start();
        app.socket = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS);
        app.socket.setNoDelay(true);
        run();
        peer.stackPort = app.socket.localPort();
        stack.emits(syn());
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.writes(10);
        app.writes(10);
        stack.emits(data(1, 1, 10), data(11, 1, 10));
    }

    @Test
    void shouldHearACloseWhenMoreBellsRingThanThereIsRoomFor() {
        acceptedQueued();
        newPeer(PEER_PORT + 1, 0);
        for (int i = 0; i < 300; i++) {
            engine.connect(inet(PEER), PEER_PORT + 1, SocketOptions.DEFAULTS).close();
        }
        app.socket.close();
        run();
        assertTrue(emitted.stream().anyMatch(packet -> packet.is(io.spinwire.wire.TcpHeader.FIN)));
        peer.sends(fin(1, 2));
        stack.emitsWhatever();
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldReportASocketWhenItMovesToAnotherPoller() {
        acceptedQueued();
        final SocketPoller first = engine.newPoller();
        final SocketPoller second = engine.newPoller();
        first.add(app.socket);
        first.remove(app.socket);
        second.add(app.socket);
        final List<TcpSocket> ready = new ArrayList<>();
        assertEquals(0, first.poll((socket, bits) -> ready.add(socket), 10));
        assertEquals(1, second.poll((socket, bits) -> ready.add(socket), 10));
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        assertEquals(1, second.poll((socket, bits) -> ready.add(socket), 10));
    }

    @Test
    void shouldRingOnlyWhenLowWaterIsReached() {
        start();
        final TcpListener listener =
                engine.listen(PORT, options().receiveLowWater(100).build());
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        final SocketPoller poller = engine.newPoller();
        poller.add(app.socket);
        assertEquals(1, poller.poll((socket, bits) -> {}, 10));
        peer.sends(data(1, 1, 60));
        assertEquals(0, poller.poll((socket, bits) -> {}, 10));
        peer.sends(data(61, 1, 60));
        assertEquals(1, poller.poll((socket, bits) -> {}, 10));
        stack.emitsWhatever();
    }

    @Test
    void shouldReportOnceWhenAddedTwice() {
        acceptedQueued();
        final SocketPoller poller = engine.newPoller();
        poller.add(app.socket);
        poller.add(app.socket);
        assertEquals(1, poller.poll((socket, bits) -> {}, 10));
    }

    @Test
    void shouldSendAllThatWasOfferedWhenEngineShutsDown() {
        acceptedQueued();
        app.offers(100);
        engine.beginShutdown();
        run();
        stack.emits(fin(1, 1).length(100));
    }

    @Test
    void shouldTakeNothingWhenReaderPolls() {
        acceptedQueued();
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        final int taken = app.socket.poll(
                (buffer, offset, length) -> {
                    assertEquals(0, app.socket.poll((b, o, l) -> l, 1000));
                    return 40;
                },
                1000);
        assertEquals(40, taken);
        assertEquals(60, app.socket.available());
    }

    @Test
    void shouldThrowWhenClaimCanNeverFit() {
        acceptedQueued();
        assertThrows(IllegalArgumentException.class, () -> app.socket.tryClaim(1 << 17, new WriteClaim()));
    }

    @Test
    void shouldRefuseWhenEngineIsClosed() {
        start();
        final TcpSocket waiting = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS);
        engine.close();
        emitted.clear();
        assertEquals(CloseReason.ABORTED, waiting.closeReason());
        assertFalse(engine.execute(() -> {}));
        final TcpSocket late = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS);
        assertEquals(TcpState.CLOSED, late.state());
        assertEquals(CloseReason.NO_RESOURCES, late.closeReason());
    }
}
