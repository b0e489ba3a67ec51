package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpListener;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Urgent data, RFC 6093: in its place in the stream, both ways. What the kernel was seen to do. */
class UrgentTest extends TcpScript {
    /** What the handler was given: {@code "length@mark"}, with the distance of the mark before each piece. */
    private final List<String> pieces = new ArrayList<>();

    private void watchPieces() {
        app.onOffered = (socket, length) -> pieces.add(length + "@" + socket.bytesToMark());
    }

    private void writesUrgent(int length) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        for (int i = 0; i < length; i++) {
            buffer.putByte(i, pattern(app.writtenBytes + 1 + i));
        }
        assertEquals(length, app.socket.offer(buffer, 0, length, TcpSocket.URGENT));
        app.writtenBytes += length;
        run();
    }

    // ---- Receiving ----

    @Test
    void shouldStopBeforeTheMarkWhenRead() {
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 100).urgent(50));
        stack.emits(ack(1, 101));
        assertEquals(49, app.socket.bytesToMark());
        assertEquals(49, app.reads(1000));
        assertEquals(0, app.socket.bytesToMark());
        assertEquals(51, app.reads(1000));
        assertEquals(-1, app.socket.bytesToMark());
        assertEquals(1, count(Counter.TcpUrgentReceived));
    }

    @Test
    void shouldOfferThePartsOneByOneToAHandler() {
        accepted();
        watchPieces();
        peer.sends(data(1, 1, 100).urgent(50));
        stack.emits(ack(1, 101));
        assertEquals(List.of("49@49", "51@0"), pieces);
        pieces.clear();
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 201));
        assertEquals(List.of("100@-1"), pieces);
        assertEquals(200, app.readBytes);
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldKnowTheMarkBeforeItsData() {
        accepted();
        watchPieces();
        peer.sends(data(1, 1, 100).urgent(300));
        stack.emits(ack(1, 101));
        assertEquals(199, app.socket.bytesToMark());
        peer.sends(data(101, 1, 100));
        stack.emits(ack(1, 201));
        peer.sends(data(201, 1, 100));
        stack.emits(ack(1, 301));
        peer.sends(data(301, 1, 100));
        stack.emits(ack(1, 401));
        assertEquals(List.of("100@299", "100@199", "99@99", "1@0", "100@-1"), pieces);
    }

    @Test
    void shouldTakeTheMarkOfABareAck() {
        accepted();
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101));
        peer.sends(ack(101, 1).urgent(200));
        assertEquals(199, app.socket.bytesToMark());
    }

    @Test
    void shouldKeepTheLastOfTwoMarks() {
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 100).urgent(10), data(101, 1, 100).urgent(10));
        stack.emits(ack(1, 201));
        assertEquals(109, app.reads(1000));
        assertEquals(91, app.reads(1000));
    }

    @Test
    void shouldIgnoreAMarkThatIsBehind() {
        accepted();
        peer.sends(data(1, 1, 100).urgent(10));
        peer.sends(data(101, 1, 100).urgent(60));
        stack.emitsWhatever();
        peer.sends(data(101, 1, 100).urgent(60));
        stack.emits(ack(1, 201));
        assertEquals(-1, app.socket.bytesToMark());
        assertEquals(2, count(Counter.TcpUrgentReceived));
    }

    @Test
    void shouldTakeAPointerOfZeroForTheFirstByte() {
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 10).urgent(0));
        stack.emits(ack(1, 11));
        assertEquals(0, app.socket.bytesToMark());
        assertEquals(10, app.reads(1000));
    }

    @Test
    void shouldMarkWhatComesOutOfOrder() {
        accepted();
        watchPieces();
        peer.sends(data(101, 1, 100).urgent(50));
        stack.emits(ack(1, 1));
        assertEquals(149, app.socket.bytesToMark());
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 201));
        assertEquals(List.of("149@149", "51@0"), pieces);
    }

    @Test
    void shouldDoTheSameForASocketOfAnotherThread() {
        acceptedQueued();
        peer.sends(data(1, 1, 100).urgent(50));
        stack.emits(ack(1, 101));
        assertEquals(49, app.socket.bytesToMark());
        assertEquals(49, app.reads(1000));
        assertEquals(0, app.socket.bytesToMark());
        assertEquals(51, app.reads(1000));
        assertEquals(-1, app.socket.bytesToMark());
        after(ms(100));
        writesUrgent(1500);
        stack.emits(data(1, 101, 1000).urgent(1500), data(1001, 101, 500).urgent(500));
        app.writes(10);
        stack.emits(data(1501, 101, 10).urgentNot());
        peer.sends(ack(101, 1511));
    }

    private void acceptedQueued() {
        start();
        final TcpListener listener = engine.listen(PORT, SocketOptions.DEFAULTS);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
    }

    // ---- Sending ----

    @Test
    void shouldPointBehindTheLastByteInEverySegment() {
        accepted();
        writesUrgent(2500);
        stack.emits(
                data(1, 1, 1000).urgent(2500),
                data(1001, 1, 1000).urgent(1500),
                data(2001, 1, 500).urgent(500));
        assertEquals(3, count(Counter.TcpUrgentSent));
        peer.sends(ack(1, 1001));
        app.writes(10);
        stack.emits(data(2501, 1, 10).urgentNot());
        peer.sends(ack(1, 2511));
        app.writes(10);
        stack.emits(data(2511, 1, 10).urgentNot());
    }

    @Test
    void shouldNotWaitForNagle() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10).urgentNot());
        writesUrgent(10);
        stack.emits(data(11, 1, 10).urgent(10));
        app.writes(10);
        stack.emits(data(21, 1, 10).urgentNot());
    }

    @Test
    void shouldPointInAcksAndProbesWhenTheWindowIsClosed() {
        peer.withWindow(500);
        accepted();
        app.writes(500);
        stack.emits(data(1, 1, 500));
        app.offers(100);
        writesUrgent(100);
        peer.sends(ack(1, 501).window(0));
        peer.sends(data(1, 501, 100).window(0));
        stack.emits(ack(501, 101).urgent(200));
        after(ms(300));
        stack.emits(ack(501, 101).urgent(200), ack(500, 101).urgent(201));
    }

    @Test
    void shouldPointFarAheadAsFarAsItCan() {
        accepted(options().sendBuffer(1 << 17).build());
        writesUrgent(80_000);
        stack.emits(data(1, 1, 1000).urgent(65535), data(1001, 1, 1000).urgent(65535));
        stack.emitsWhatever();
        int acked = 1;
        while (acked < 16_001) {
            acked += 2000;
            peer.sends(ack(1, acked));
        }
        while (!emitted.isEmpty()) {
            final Packet packet = stack.next();
            final int left = 80_001 - packet.seq;
            assertEquals(Math.min(left, 65535), packet.urgentPointer);
        }
    }

    @Test
    void shouldPointAgainWhenSentAgain() {
        accepted();
        writesUrgent(100);
        stack.emits(data(1, 1, 100).urgent(100));
        after(s(3));
        stack.emits(data(1, 1, 100).urgent(100));
        stack.emitsWhatever();
    }

    @Test
    void shouldNotPointInAFinBehindIt() {
        accepted();
        writesUrgent(1);
        app.closes();
        stack.emits(data(1, 1, 1).urgent(1), fin(2, 1).urgentNot());
    }
}
