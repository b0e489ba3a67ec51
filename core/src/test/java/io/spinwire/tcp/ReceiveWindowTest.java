package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.DropReason;
import org.junit.jupiter.api.Test;

/** The window that we offer: it shrinks with what is unread, closes, opens again, and never takes back a promise. */
class ReceiveWindowTest extends TcpScript {
    private static final int FIRST = 64240;

    /** What a buffer of 131072 bytes keeps of segments of 1460: 56 of them. */
    private static final int FULL = 81760;

    /** Sends data as long as the window takes whole segments; answers the next sequence number. */
    private int fill(int segment) {
        int seq = 1;
        int window = FIRST;
        int edge = 1 + FIRST;
        while (window >= segment) {
            peer.sends(data(seq, 1, segment));
            seq += segment;
            after(ms(200));
            Packet last = null;
            while (!emitted.isEmpty()) {
                last = stack.next();
                assertTrue(last.ackSeq + last.window >= edge, "the right edge moved left: " + last);
                edge = last.ackSeq + last.window;
            }
            window = last == null ? window - segment : last.ackSeq + last.window - seq;
        }
        return seq;
    }

    @Test
    void shouldStayOpenWhenEverythingIsRead() {
        accepted(options().quickAck(true).build());
        for (int i = 0; i < 100; i++) {
            peer.sends(data(1 + i * 1460, 1, 1460));
            stack.emits(ack(1, 1 + (i + 1) * 1460).window(65535)); // more cannot be said without a scale
        }
    }

    @Test
    void shouldCloseWhenNothingIsRead() {
        accepted();
        app.appetite = 0;
        fill(1460);
        assertEquals(FULL, app.socket.available());
        assertEquals(1, count(Counter.TcpToZeroWindowAdv));
        assertEquals(0, info().rcvWnd);
    }

    @Test
    void shouldAnswerProbesWhenWindowIsClosed() {
        accepted();
        app.appetite = 0;
        final int next = fill(1460);
        peer.sends(ack(next - 1, 1));
        stack.emits(ack(1, next).window(0));
        after(s(1));
        peer.sends(data(next, 1, 1));
        stack.emits(ack(1, next).window(0));
        assertEquals(FULL, app.socket.available());
        assertEquals(1, count(DropReason.TCP_ZEROWINDOW));
    }

    @Test
    void shouldNotOpenForALittleWhenReadInSmallPieces() {
        accepted();
        app.appetite = 0;
        final int next = fill(1460);
        app.reads(1000);
        stack.emitsNothing();
        app.reads(2000);
        stack.emitsNothing();
        app.reads(20_000);
        final Packet update = stack.next();
        assertEquals(next, update.ackSeq);
        assertTrue(update.window >= 1460 * 2, update.toString());
        assertEquals(1, count(Counter.TcpFromZeroWindowAdv));
    }

    @Test
    void shouldOpenFullyWhenEverythingIsRead() {
        accepted();
        app.appetite = 0;
        final int next = fill(1460);
        app.reads(Integer.MAX_VALUE);
        stack.emits(ack(1, next).window(65535));
        assertEquals(FULL, app.readBytes);
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldOpenAgainWhenBufferIsOneSegment() {
        accepted(options().receiveBuffer(2048).build());
        peer.sends(data(1, 1, 1024));
        stack.emits(ack(1, 1025).window(904)); // 1024 bytes cost 2304 of memory in Linux
        app.appetite = 0;
        peer.sends(data(1025, 1, 903));
        after(ms(200));
        stack.emits(ack(1, 1928).window(1));
        app.reads(Integer.MAX_VALUE);
        stack.emits(ack(1, 1928).window(904));
    }

    @Test
    void shouldTakeFinWhenWindowIsClosed() {
        accepted();
        app.appetite = 0;
        final int next = fill(1460);
        peer.sends(fin(next, 1));
        after(ms(200));
        stack.emits(ack(1, next + 1).window(0));
        isIn(TcpState.CLOSE_WAIT);
    }

    @Test
    void shouldTakeAcksWhenWindowIsClosed() {
        accepted();
        app.appetite = 0;
        final int next = fill(1460);
        app.writes(100);
        stack.emits(data(1, next, 100));
        peer.sends(ack(next, 101));
        after(s(2));
        stack.emitsNothing();
        assertEquals(0, info().unacked);
    }

    @Test
    void shouldAlignTheWindowWhenScaled() {
        peer.withWindowScale(7);
        accepted();
        app.appetite = 0;
        peer.sends(data(1, 1, 100));
        stack.emits(ack(1, 101).window(63)); // 64140 rounded up to 1024s
        peer.sends(data(101, 1, 1000));
        after(ms(200));
        stack.emits(ack(1, 1101).window(62));
    }

    /** RFC 7323 section 2.4: scaling may take back less than one unit on the wire, and never in truth. */
    @Test
    void shouldTakeAllThatWasEverOfferedWhenScaledAndUnread() {
        peer.withWindowScale(7);
        accepted();
        app.appetite = 0;
        int seq = 1;
        int edge = 1 + FIRST;
        for (int i = 0; i < 200 && seq < edge; i++) {
            final int length = Math.min(77 + i * 13 % 900, edge - seq);
            peer.sends(data(seq, 1, length));
            seq += length;
            after(ms(200));
            while (!emitted.isEmpty()) {
                final Packet packet = stack.next();
                final int newEdge = packet.ackSeq + (packet.window << 10);
                assertTrue(newEdge > edge - 1024, "edge " + edge + " then " + packet);
                edge = Math.max(edge, newEdge);
            }
        }
        assertEquals(edge, seq);
        assertEquals(seq - 1, app.reads(Integer.MAX_VALUE));
        stack.emitsWhatever();
    }

    @Test
    void shouldTellTheApplicationOnlyWhenLowWaterIsReached() {
        accepted(options().receiveLowWater(100).build());
        peer.sends(data(1, 1, 60));
        assertEquals(0, app.readBytes);
        peer.sends(data(61, 1, 60));
        assertEquals(120, app.readBytes);
        stack.emitsWhatever();
        peer.sends(fin(121, 1).length(10));
        assertEquals(130, app.readBytes); // no more will come
        after(ms(200));
        stack.emitsWhatever();
    }

    @Test
    void shouldOfferTheRestAgainWhenMoreArrives() {
        accepted();
        app.appetite = 30;
        peer.sends(data(1, 1, 100));
        assertEquals(30, app.readBytes);
        peer.sends(data(101, 1, 100));
        assertEquals(60, app.readBytes);
        app.appetite = Integer.MAX_VALUE;
        peer.sends(data(201, 1, 10));
        assertEquals(210, app.readBytes);
        stack.emitsWhatever();
    }

    @Test
    void shouldOpenLargeWindowWhenBufferIsLarge() {
        peer.withWindowScale(7);
        accepted(options().receiveBuffer(1 << 20).build());
        peer.sends(data(1, 1, 1000));
        stack.emits(ack(1, 1001).window(523_152 >> 4)); // all that was promised in the SYN-ACK
    }
}
