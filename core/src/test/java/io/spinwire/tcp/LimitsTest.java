package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every limit: what happens when it is reached, and which counter tells. */
class LimitsTest extends TcpScript {

    private Peer opens(int port) {
        final Peer other = newPeer(port, PORT);
        other.sends(syn());
        return other;
    }

    @Test
    void shouldDropSynWhenRequestTableIsFull() {
        start(TcpConfig.builder().maxRequests(2).synCookies(SynCookieMode.OFF));
        listens();
        opens(5000);
        opens(5001);
        stack.emits(synAck(), synAck());
        opens(5002);
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpReqQFullDrop));
        assertEquals(1, count(DropReason.TCP_REQUEST_TABLE_FULL));
        peers.get(5000).sends(ack(1, 1));
        opens(5003);
        stack.emits(synAck());
    }

    @Test
    void shouldDropAckWhenSocketsAreFull() {
        start(config().maxSockets(1), TcpConfig.DEFAULTS);
        listens();
        opens(5000).sends(ack(1, 1));
        opens(5001).sends(ack(1, 1));
        stack.emits(synAck(), synAck());
        assertEquals(1, count(Counter.TcpSocketsFull));
        assertEquals(1, count(DropReason.TCP_SOCKETS_FULL));
        app.heard("connected");
    }

    @Test
    void shouldAnswerNullWhenConnectingWithSocketsFull() {
        start(config().maxSockets(1), TcpConfig.DEFAULTS);
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        assertNull(engine.connect(inet(PEER), 81, SocketOptions.DEFAULTS, app));
        assertEquals(1, count(Counter.TcpSocketsFull));
        final TcpSocket queued = engine.connect(inet(PEER), 81, SocketOptions.DEFAULTS);
        run();
        assertEquals(io.spinwire.api.CloseReason.NO_RESOURCES, queued.closeReason());
    }

    @Test
    void shouldRefuseWhenLocalPortsAreUsedUp() {
        start(config().firstPort(40_000).lastPort(40_002), TcpConfig.DEFAULTS);
        final Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            final TcpSocket socket = engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS, app);
            ports.add(socket.localPort());
        }
        assertEquals(Set.of(40_000, 40_001, 40_002), ports);
        engine.connect(inet(PEER), PEER_PORT, SocketOptions.DEFAULTS, app);
        run();
        app.heard("closed NO_RESOURCES");
        assertEquals(1, count(Counter.TcpPortsExhausted));
        stack.emitsWhatever();
        newPeer(PEER_PORT + 1, 0);
        final TcpSocket other = engine.connect(inet(PEER), PEER_PORT + 1, SocketOptions.DEFAULTS, app);
        assertTrue(ports.contains(other.localPort())); // to another destination a port serves again
        run();
        stack.emitsWhatever();
    }

    @Test
    void shouldRefuseWhenWantedPortIsTaken() {
        connects(options().localPort(1234).build());
        assertEquals(1234, app.socket.localPort());
        stack.emits(syn());
        engine.connect(inet(PEER), PEER_PORT, options().localPort(1234).build(), app);
        run();
        app.heard("closed NO_RESOURCES");
    }

    @Test
    void shouldNotAcknowledgeWhenMemoryIsUsedUp() {
        start(config().memoryLimitBytes(1 << 20), TcpConfig.DEFAULTS);
        listens();
        app.appetite = 0;
        int accepted = 0;
        for (int port = 5000; port < 5060 && count(DropReason.TCP_MEMORY) == 0; port++) {
            final Peer other = opens(port);
            other.sends(ack(1, 1));
            stack.emitsWhatever();
            int seq = 1;
            for (int i = 0; i < 40 && count(DropReason.TCP_MEMORY) == 0; i++) {
                other.sends(data(seq, 1, 1460));
                seq += 1460;
            }
            accepted++;
        }
        assertTrue(accepted > 5, "sockets filled: " + accepted);
        assertEquals(1, count(DropReason.TCP_MEMORY));
        Packet last = null;
        while (!emitted.isEmpty()) {
            last = stack.next();
        }
        assertEquals(0, last.window); // not acknowledged, and the peer must wait
        assertTrue(count(Counter.TcpMemoryPressures) > 0);
        assertTrue(count(Counter.EngineSlabBytesInUse) <= 1 << 20);
    }

    @Test
    void shouldEndWithoutTimeWaitWhenItsTableIsFull() {
        start(TcpConfig.builder().maxTimeWait(1));
        listens();
        for (int port = 5000; port < 5002; port++) {
            final Peer other = opens(port);
            stack.emits(synAck());
            other.sends(ack(1, 1));
            app.closes();
            stack.emits(fin(1, 1));
            other.sends(fin(1, 2));
            stack.emits(ack(2, 2));
        }
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
        assertEquals(1, count(Counter.TcpTimeWaitOverflow));
        peers.get(5001).sends(fin(1, 2));
        stack.emits(rst(2));
    }

    @Test
    void shouldSayTheLimitWhenListenersAreFull() {
        start(config().maxListeners(1), TcpConfig.DEFAULTS);
        listens();
        final IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> engine.listen(81, SocketOptions.DEFAULTS, app));
        assertTrue(refusal.getMessage().contains("maxListeners"), refusal.getMessage());
    }

    @Test
    void shouldRefuseTasksWhenTooManyWait() {
        start();
        int taken = 0;
        while (taken < 100_000 && engine.execute(() -> {})) {
            taken++;
        }
        assertTrue(taken >= 1000 && taken < 100_000, "taken " + taken);
        run();
        assertTrue(engine.execute(() -> {}));
    }

    @Test
    void shouldSendLaterWhenNicHasNoFrame() {
        accepted();
        nic.free = 0;
        app.offers(2500);
        run();
        stack.emitsNothing();
        assertTrue(count(Counter.LinkTxRefused) > 0);
        nic.free = 2;
        run();
        nic.free = Integer.MAX_VALUE;
        run();
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 500));
        peer.sends(ack(1, 2501));
        after(s(1));
        stack.emitsNothing();
    }

    @Test
    void shouldAcknowledgeLaterWhenNicHasNoFrame() {
        accepted();
        nic.free = 0;
        peer.sends(data(1, 1, 10));
        peer.sends(data(21, 1, 10));
        stack.emitsNothing();
        assertEquals(10, app.readBytes);
        nic.free = Integer.MAX_VALUE;
        run();
        stack.emits(ack(1, 11));
    }

    @Test
    void shouldSendSynLaterWhenNicHasNoFrame() {
        start();
        nic.free = 0;
        connects(SocketOptions.DEFAULTS);
        stack.emitsNothing();
        nic.free = Integer.MAX_VALUE;
        run();
        stack.emits(syn());
    }

    @Test
    void shouldRepeatLaterWhenTimerFoundNoFrame() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        nic.free = 0;
        after(ms(250));
        nic.free = Integer.MAX_VALUE;
        run();
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(400), data(1, 1, 10)); // the timeout runs from there
    }

    @Test
    void shouldResetWhenThereAreTooManyOrphans() {
        start(TcpConfig.builder().maxOrphans(1));
        listens();
        for (int port = 5000; port < 5002; port++) {
            opens(port).sends(ack(1, 1));
            stack.emits(synAck());
            app.closes();
            stack.emits(port == 5000 ? Packet.fin(1, 1) : Packet.rstAck(1, 1));
        }
        assertEquals(1, count(Counter.TcpAbortOnMemory));
        peers.get(5000).sends(Packet.fin(1, 2));
        stack.emits(ack(2, 2)); // there is room for another
        opens(5002).sends(ack(1, 1));
        stack.emits(synAck());
        app.closes();
        stack.emits(Packet.fin(1, 1));
    }
}
