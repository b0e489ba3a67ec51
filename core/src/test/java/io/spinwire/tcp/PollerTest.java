package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spinwire.api.Readiness;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.SocketPoller;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A poller reports as epoll does: level and edge, once and for ever, sockets and listeners. */
class PollerTest extends EitherSocketScript implements SocketPoller.ReadyHandler {
    private final List<String> reports = new ArrayList<>();
    private SocketPoller poller;

    @Override
    public void onReady(TcpSocket socket, int readiness) {
        assertEquals(app.socket, socket);
        reports.add(Readiness.format(readiness));
    }

    @Override
    public void onAcceptable(TcpListener acceptable) {
        assertEquals(listener, acceptable);
        reports.add("accept");
    }

    private void polls(String... expected) {
        assertEquals(expected.length, poller.poll(this, 10));
        assertEquals(List.of(expected), reports);
        reports.clear();
    }

    private void acceptedWithPoller() {
        accepted(true);
        poller = engine.newPoller();
    }

    private void read() {
        app.socket.poll((buffer, offset, length) -> length, Integer.MAX_VALUE);
        run();
        stack.emitsWhatever();
    }

    @Test
    void shouldReportAsLongAsReadyWhenLevel() {
        acceptedWithPoller();
        poller.add(app.socket, Readiness.IN);
        polls();
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        polls("IN");
        polls("IN");
        read();
        polls();
        peer.sends(data(11, 1, 10));
        stack.emitsWhatever();
        polls("IN");
    }

    @Test
    void shouldReportNewsOnlyWhenEdge() {
        acceptedWithPoller();
        poller.add(app.socket, Readiness.IN | Readiness.OUT | SocketPoller.EDGE);
        polls("OUT");
        polls();
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        polls("IN|OUT");
        polls();
        peer.sends(data(11, 1, 10));
        stack.emitsWhatever();
        polls("IN|OUT");
    }

    @Test
    void shouldNotReportNewsThatWereNotAskedFor() {
        acceptedWithPoller();
        poller.add(app.socket, Readiness.OUT | SocketPoller.EDGE);
        polls("OUT");
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        polls();
    }

    @Test
    void shouldReportOnceUntilAddedAgainWhenOneShot() {
        acceptedWithPoller();
        poller.add(app.socket, Readiness.IN | SocketPoller.ONE_SHOT);
        peer.sends(data(1, 1, 10));
        polls("IN");
        peer.sends(data(11, 1, 10));
        stack.emitsWhatever();
        polls();
        poller.add(app.socket, Readiness.IN | SocketPoller.ONE_SHOT);
        polls("IN");
    }

    @Test
    void shouldReportErrorsAndTheEndWhenNothingIsAskedFor() {
        acceptedWithPoller();
        poller.add(app.socket, 0);
        peer.sends(data(1, 1, 10));
        stack.emitsWhatever();
        polls();
        peer.sends(rst(11));
        polls("ERR|HUP");
    }

    @Test
    void shouldReportRoomWhenThereIsAgain() {
        peer.withWindow(0);
        accepted(true, options().sendBuffer(8192).build());
        poller = engine.newPoller();
        poller.add(app.socket, Readiness.OUT);
        polls("OUT");
        app.writes(8192);
        polls();
        peer.sends(ack(1, 1).window(8192));
        stack.emitsWhatever();
        polls();
        peer.sends(ack(1, 5001));
        stack.emitsWhatever();
        polls("OUT");
    }

    @Test
    void shouldReportWhenConnected() {
        connecting(true);
        poller = engine.newPoller();
        poller.add(app.socket, Readiness.OUT | SocketPoller.EDGE);
        polls();
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        polls("OUT");
    }

    @Test
    void shouldReportAListenerWhenThereAreConnectionsToAccept() {
        start();
        listener = engine.listen(PORT, SocketOptions.DEFAULTS);
        poller = engine.newPoller();
        poller.add(listener, Readiness.IN);
        polls();
        peer.sends(syn());
        stack.emits(synAck());
        polls();
        peer.sends(ack(1, 1));
        polls("accept");
        polls("accept");
        listener.accept();
        polls();
        listener.close();
        run();
    }

    @Test
    void shouldKeepOthersWaitingNoLongerThanTheirTurnWhenLimited() {
        acceptedWithPoller();
        final TcpSocket first = app.socket;
        final Peer other = newPeer(PEER_PORT + 1, PORT);
        other.sends(syn());
        other.sends(ack(1, 1));
        stack.emitsWhatever();
        final TcpSocket second = listener.accept();
        poller.add(first, Readiness.OUT);
        poller.add(second, Readiness.OUT);
        final List<TcpSocket> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            assertEquals(1, poller.poll((socket, bits) -> order.add(socket), 1));
        }
        assertEquals(List.of(first, second, first, second), order);
    }

    /** However often sockets come and go without a poll. */
    @Test
    void shouldReportWhenSocketsWereAddedAndRemovedManyTimes() {
        acceptedWithPoller();
        for (int i = 0; i < 1000; i++) {
            poller.add(app.socket, Readiness.IN);
            peer.sends(data(1 + i, 1, 1));
            stack.emitsWhatever();
            poller.remove(app.socket);
        }
        polls();
        poller.add(app.socket, Readiness.IN | SocketPoller.EDGE);
        polls("IN");
        polls();
        peer.sends(data(1001, 1, 1));
        stack.emitsWhatever();
        polls("IN");
    }

    @Test
    void shouldReportNoMoreWhenClosedByAHandlerOfTheSamePoll() {
        acceptedWithPoller();
        poller.add(app.socket, Readiness.OUT);
        poller.poll((socket, bits) -> socket.close(), 10);
        polls();
        run();
        stack.emitsWhatever();
    }

    @Test
    void shouldRefuseASecondPoller() {
        acceptedWithPoller();
        poller.add(app.socket);
        final SocketPoller second = engine.newPoller();
        assertThrows(IllegalStateException.class, () -> second.add(app.socket));
    }

    @Test
    void shouldSayThatListenersNeedAHandlerOfTheirOwn() {
        acceptedWithPoller();
        newPeer(PEER_PORT + 1, PORT).sends(syn());
        stack.emitsWhatever();
        poller.add(listener, Readiness.IN);
        peers.get(PEER_PORT + 1).sends(ack(1, 1));
        assertThrows(UnsupportedOperationException.class, () -> poller.poll((socket, bits) -> {}, 10));
    }
}
