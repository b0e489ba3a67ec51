package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOption;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpConfigBuilder;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a socket may still have when more than two thirds of the memory is lent. Linux: tcp_rmem[0], tcp_wmem[0]. */
class MemoryShortageTest extends TcpScript {
    private static final int MEMORY = 1 << 20;
    private static final int SOCKETS = 40; // a fair share is 26 KiB
    private static final int MSS = 1460;

    /** Three sockets have a quarter of it each, others nothing. The last one is the application's. */
    private void short1MiB(TcpConfigBuilder tcp) {
        start(config().memoryLimitBytes(MEMORY), tcp.sendBuffer(200_000).build());
        listens();
        app.appetite = 0;
        for (int i = 0; i < SOCKETS; i++) {
            peer = newPeer(5000 + i, PORT);
            peer.sends(syn());
            peer.sends(ack(1, 1));
            stack.emitsWhatever();
            app.writtenBytes = 0;
            if (i < 3) {
                app.writes(200_000);
                stack.emitsWhatever();
            }
        }
        assertTrue(count(Counter.EngineSlabBytesInUse) > MEMORY / 3 * 2);
    }

    private int fill() {
        int taken = app.offers(1000);
        while (taken > 0) {
            taken = app.offers(1000);
        }
        assertEquals(TcpSocket.BACK_PRESSURED, taken);
        run();
        stack.emitsWhatever();
        return app.writtenBytes;
    }

    private int receive() {
        int seq = 1;
        while (count(DropReason.TCP_MEMORY) == 0 && seq < 60_000) {
            peer.sends(data(seq, 1, MSS));
            seq += MSS;
        }
        stack.emitsWhatever();
        return app.socket.available();
    }

    @Test
    void shouldTakeNoMoreThanAFairShare() {
        short1MiB(TcpConfig.builder());
        assertEquals(1 << 15, fill()); // rings are powers of two
        assertEquals(1 << 14, app.socket.option(SocketOption.SEND_BUFFER)); // half of that
    }

    @Test
    void shouldTakeTheLeastSendBufferWhateverTheShare() {
        short1MiB(TcpConfig.builder().sendBufferMin(1 << 16));
        assertEquals(1 << 16, fill());
        assertEquals(1 << 16, app.socket.option(SocketOption.SEND_BUFFER));
    }

    @Test
    void shouldKeepNoMoreThanAFairShare() {
        short1MiB(TcpConfig.builder());
        assertEquals((1 << 15) / MSS * MSS, receive());
    }

    @Test
    void shouldKeepTheLeastReceiveBufferWhateverTheShare() {
        short1MiB(TcpConfig.builder().receiveBufferMin(1 << 16));
        assertEquals(60_000 / MSS * MSS + MSS, receive());
    }

    /** As EPOLLOUT on Linux: whoever waited to be told of the handshake first would wait for ever. */
    @Test
    void shouldTellConnectThatWaitsForBytesOfRoomWhenMemoryIsBack() {
        start(
                config().memoryLimitBytes(MEMORY),
                TcpConfig.builder().fastOpenWithoutCookie(true).build());
        listens();
        app.appetite = 0;
        final int greedy = fillMemory();
        app.events.clear();
        peer = newPeer(PEER_PORT, 0);
        connects(options().fastOpen(true).build());
        assertEquals(TcpSocket.BACK_PRESSURED, app.offers(100));
        run();
        assertEquals(List.of(), app.events);
        for (int port = 5000; port < greedy; port++) {
            peers.get(port).sends(rst(40 * MSS + 1));
            peers.get(port).sends(rst(1));
        }
        run();
        stack.emitsWhatever();
        assertTrue(app.events.contains("writable"), app.events::toString);
        isIn(TcpState.SYN_SENT);
        app.writes(100);
        stack.emits(syn().length(100));
    }

    /** Bytes that nobody reads. Answers the port after the last of those who sent them. */
    private int fillMemory() {
        int port = 5000;
        while (count(DropReason.TCP_MEMORY) < 30) {
            final Peer other = newPeer(port++, PORT);
            other.sends(syn());
            other.sends(ack(1, 1));
            for (int i = 0; i < 40; i++) {
                other.sends(data(1 + i * MSS, 1, MSS));
            }
            stack.emitsWhatever();
        }
        return port;
    }
}
