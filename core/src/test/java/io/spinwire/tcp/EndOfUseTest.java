package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Sockets come back to the pool, whatever was still open in them. */
class EndOfUseTest extends TcpScript {

    /** Both sides have closed in order, and 100 bytes wait for an application that took none. */
    private void endedWithBytesUnread() {
        accepted();
        app.appetite = 0;
        app.onPeerClosed = socket -> {};
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2).length(100));
        stack.emits(ack(2, 102));
        app.heard("peerClosed");
        assertEquals(1, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldFreeWhenAbortedAfterTheEndWithBytesUnread() {
        endedWithBytesUnread();
        app.aborts();
        app.heard("closed NORMAL");
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldFreeWhenClosedAfterTheEndWithBytesUnread() {
        endedWithBytesUnread();
        app.closes();
        app.heard("closed NORMAL");
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldTakeNothingWhenHandlerPollsTheRingThatItReads() {
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        app.appetite = Integer.MAX_VALUE;
        app.onData = socket -> assertEquals(0, socket.poll((buffer, offset, length) -> length, 1000));
        peer.sends(data(101, 1, 50));
        stack.emitsWhatever();
        assertEquals(150, app.readBytes);
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
        app.onData = socket -> {};
        peer.sends(data(151, 1, 50));
        stack.emitsWhatever();
        assertEquals(200, app.readBytes);
    }

    /** All memory is held by sockets that do not read; each also waits for memory to write. */
    @Test
    void shouldGiveMemoryBackWhenThoseThatWaitedForItHaveEnded() {
        start(config().memoryLimitBytes(1 << 20), TcpConfig.DEFAULTS);
        listens();
        app.appetite = 0;
        final List<TcpSocket> sockets = new ArrayList<>();
        for (int port = 5000; count(Counter.TcpMemoryPressures) == 0; port++) {
            final Peer other = newPeer(port, PORT);
            other.sends(syn());
            other.sends(ack(1, 1));
            sockets.add(app.socket);
            for (int i = 0; i < 40 && count(Counter.TcpMemoryPressures) == 0; i++) {
                other.sends(data(1 + 1460 * i, 1, 1460));
            }
        }
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[20_000]);
        int refused = 0;
        for (final TcpSocket socket : sockets) {
            refused += socket.offer(bytes, 0, 20_000) == TcpSocket.BACK_PRESSURED ? 1 : 0;
        }
        assertTrue(refused > 5, "refused " + refused);
        for (final TcpSocket socket : sockets) {
            socket.abort();
        }
        run();
        emitted.clear();
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldWaitForThePeersFinWhenClosedAfterOurFinWasAcknowledged() {
        accepted(options().lingerNs(s(1)).build());
        app.shutsDown();
        stack.emits(fin(1, 1));
        peer.sends(ack(1, 2));
        app.closes();
        after(s(30));
        stack.emitsNothing();
        assertEquals(0, count(Counter.TcpAbortOnLinger));
        after(s(31));
        app.heard("closed NORMAL");
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldNotMeasureWhenPeersRepeatedSynWasAnsweredAgain() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        after(ms(900));
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        assertEquals(0, info().rttUs);
        assertEquals(3_000_000, info().rtoUs); // RFC 6298 section 5.7
    }

    @Test
    void shouldNotLearnATimestampWhenTheAckIsOfUnsentData() {
        peer.withTimestamps();
        accepted();
        peer.sends(ack(1, 500).ts(peer.tsNow() + 1_000_000, 0));
        stack.emits(ack(1, 1));
        peer.sends(data(1, 1, 10));
        stack.emits(ack(1, 11));
        assertEquals(10, app.readBytes);
    }

    @Test
    void shouldBeginWithTheLeastDelayWhenQuickAcksAreUsedUp() {
        accepted();
        for (int i = 0; i < 16; i++) {
            peer.sends(data(1 + 10 * i, 1, 10));
            stack.emits(ack(1, 11 + 10 * i));
            assertEquals(i == 15, info().atoUs == 40_000 && i > 0);
            after(ms(35));
        }
    }

    @Test
    void shouldDropWhenSynForTimeWaitCarriesFin() {
        accepted();
        app.closes();
        stack.emits(fin(1, 1));
        peer.sends(fin(1, 2));
        stack.emits(ack(2, 2));
        peer.sends(Packet.of(io.spinwire.wire.TcpHeader.SYN | io.spinwire.wire.TcpHeader.FIN)
                .seq(1000));
        stack.emits(Packet.of(io.spinwire.wire.TcpHeader.ACK));
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.EngineTimeWaitInUse));
    }

    @Test
    void shouldGiveUpConnectingWhenUserTimeoutIsOver() {
        connects(options().userTimeoutNs(ms(2500)).build());
        after(ms(2400));
        app.heard();
        after(ms(200));
        app.heard("closed USER_TIMEOUT");
        stack.emitsWhatever();
    }

    @Test
    void shouldStartWhenSynAckIsToBeRepeatedVeryOften() {
        start(TcpConfig.builder().synAckRetries(127).initialRtoNs(s(120)));
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        for (int i = 0; i < 127; i++) {
            after(s(121));
            stack.emits(synAck());
        }
        after(s(121));
        assertEquals(0, count(Counter.EngineRequestsInUse));
    }

    @Test
    void shouldTellTheReaderWhenWindowIsFullBelowLowWater() {
        accepted(options().receiveLowWater(1 << 20).build());
        int seq = 1;
        while (app.readBytes == 0 && seq < 100_000) {
            peer.sends(data(seq, 1, 1000));
            seq += 1000;
        }
        assertTrue(app.readBytes > 50_000, "read " + app.readBytes);
        stack.emitsWhatever();
    }

    @Test
    void shouldWantATurnWhenAConnectHasFailedBetweenTurns() {
        start();
        run();
        engine.connect(inet(0x0B00_0001), 80, SocketOptions.DEFAULTS, app);
        assertEquals(Long.MIN_VALUE, engine.nextDeadlineNs());
        run();
        app.heard("closed UNREACHABLE");
        assertEquals(Long.MAX_VALUE, engine.nextDeadlineNs());
    }

    @Test
    void shouldDoNoHarmWhenUsedAfterItWasFreed() {
        accepted();
        peer.sends(rst(1));
        app.heard("closed RESET");
        app.aborts();
        app.closes();
        app.shutsDown();
        app.heard();
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }
}
