package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rstAck;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;

/** Several own addresses, and connections of the engine to itself. */
class AddressesTest extends TcpScript {
    private static final int SECOND = 0x0A00_0003;

    private void startWithTwo() {
        start(config().address("10.0.0.3/24"), TcpConfig.DEFAULTS);
    }

    private Peer peerTo(int stackAddress, int port) {
        final Peer other = newPeer(port, PORT);
        other.stackAddress = stackAddress;
        return other;
    }

    @Test
    void shouldServeAllAddressesWhenListenerNamesNone() {
        startWithTwo();
        listens();
        peerTo(STACK, 5000).sends(syn());
        peerTo(SECOND, 5001).sends(syn());
        stack.emits(synAck(), synAck());
    }

    @Test
    void shouldServeOnlyItsAddressWhenListenerNamesOne() {
        startWithTwo();
        listens(options().localAddress(inet(SECOND)).build());
        peerTo(STACK, 5000).sends(syn());
        stack.emits(rstAck(0, 1));
        final Peer right = peerTo(SECOND, 5001);
        right.sends(syn());
        stack.emits(synAck());
        right.sends(ack(1, 1));
        assertEquals(inet(SECOND), app.socket.localAddress());
    }

    @Test
    void shouldPreferTheExactAddressWhenTwoListen() {
        startWithTwo();
        final App exact = new App(this);
        listens();
        engine.listen(PORT, options().localAddress(inet(SECOND)).build(), exact);
        final Peer a = peerTo(STACK, 5000);
        final Peer b = peerTo(SECOND, 5001);
        a.sends(syn());
        b.sends(syn());
        stack.emits(synAck(), synAck());
        a.sends(ack(1, 1));
        b.sends(ack(1, 1));
        app.heard("connected");
        exact.heard("connected");
    }

    @Test
    void shouldHoldConnectionsApartWhenOnlyTheOwnAddressDiffers() {
        startWithTwo();
        listens();
        final Peer a = peerTo(STACK, 5000);
        a.sends(syn());
        stack.emits(synAck());
        a.sends(ack(1, 1));
        final Peer b = peerTo(SECOND, 5000);
        b.sends(syn());
        stack.emits(synAck());
        b.sends(ack(1, 1));
        assertEquals(2, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldConnectFromTheAddressWhenOptionNamesIt() {
        startWithTwo();
        peer.stackAddress = SECOND;
        connected(options().localAddress(inet(SECOND)).build());
        assertEquals(inet(SECOND), app.socket.localAddress());
        app.writes(10);
        stack.emits(data(1, 1, 10));
    }

    @Test
    void shouldEchoToItselfWhenConnectedToItsOwnAddress() {
        startWithTwo();
        engine.listen(7, SocketOptions.DEFAULTS, new Echo());
        final App client = app;
        client.onConnected = socket -> client.offers(50_000);
        client.onWritable = socket -> client.offers(Math.min(50_000, 300_000 - client.writtenBytes));
        client.onData = socket -> {
            if (client.readBytes == 300_000) {
                socket.close();
            }
        };
        app.socket = engine.connect(inet(SECOND), 7, SocketOptions.DEFAULTS, client);
        for (int i = 0; i < 400 && client.readBytes < 300_000; i++) {
            if (client.writtenBytes < 300_000) {
                client.offers(Math.min(50_000, 300_000 - client.writtenBytes));
            }
            after(ms(5));
        }
        assertEquals(300_000, client.readBytes);
        stack.emitsNothing(); // nothing leaves the engine
        after(s(61));
        assertTrue(client.events.contains("closed NORMAL"), client.events.toString());
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineTimeWaitInUse));
        assertTrue(count(Counter.IpLocalDelivered) > 300);
    }

    @Test
    void shouldBeRefusedByItselfWhenNobodyListens() {
        start();
        app.socket = engine.connect(inet(STACK), 9, SocketOptions.DEFAULTS, app);
        run();
        app.heard("closed REFUSED");
    }

    @Test
    void shouldConnectToTheSameSocketWhenBothPortsAreEqual() {
        start();
        app.socket = engine.connect(inet(STACK), 1234, options().localPort(1234).build(), app);
        run();
        app.heard("connected"); // RFC 9293 section 3.5: a simultaneous open with itself
        app.writes(100);
        after(ms(50));
        assertEquals(100, app.readBytes);
    }

    private static final class Echo implements TcpHandler {
        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            return Math.max(socket.offer(buffer, offset, length), 0);
        }

        @Override
        public void onWritable(TcpSocket socket) {
            socket.poll((buffer, offset, length) -> onData(socket, buffer, offset, length), Integer.MAX_VALUE);
        }

        @Override
        public void onClosed(TcpSocket socket, CloseReason reason) {}
    }
}
