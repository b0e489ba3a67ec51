package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How windows grow with what arrives and is read. The figures are those that the kernel was seen to offer, over TUN, to
 * the same peer.
 */
class ReceiveTuningTest extends TcpScript {
    private static final int MSS = 1460;

    private int seq = 1;

    /** Window fields of the ACKs since the last call. */
    private List<Integer> windows() {
        final List<Integer> fields = new ArrayList<>();
        while (!emitted.isEmpty()) {
            fields.add(stack.next().window);
        }
        return fields;
    }

    private void receives(int count, int length, boolean isRead) {
        for (int i = 0; i < count; i++) {
            peer.sends(data(seq, 1, length));
            seq += length;
            if (isRead) {
                app.reads(Integer.MAX_VALUE);
            }
        }
    }

    /** Accepted, with an application that does not read by itself. */
    private void acceptedScaled(SocketOptions options) {
        peer.withWindowScale(7);
        accepted(options);
        app.appetite = 0;
    }

    // ---- The window follows what arrives ----

    @Test
    void shouldGrowByTwoSegmentsWithEach() {
        acceptedScaled(SocketOptions.DEFAULTS);
        receives(10, MSS, true);
        assertEquals(List.of(66, 69, 72, 75, 77, 80, 80, 80, 80, 80), windows());
    }

    @Test
    void shouldGrowFromTheLargerFirstWindowWithTimestamps() {
        peer.withTimestamps();
        acceptedScaled(SocketOptions.DEFAULTS);
        receives(10, 1448, true);
        assertEquals(List.of(67, 70, 73, 75, 78, 79, 79, 79, 79, 79), windows());
    }

    @Test
    void shouldGrowUntilWhatIsUnreadFillsTheBuffer() {
        acceptedScaled(SocketOptions.DEFAULTS);
        receives(10, MSS, false);
        assertEquals(List.of(66, 69, 72, 75, 74, 73, 72, 71, 70, 69), windows());
        receives(10, MSS, false);
        assertEquals(List.of(68, 67, 66, 65, 64, 63, 62, 61, 60, 59), windows());
    }

    @Test
    void shouldOfferWholeSegmentsWithoutAScale() {
        accepted();
        app.appetite = 0;
        receives(10, MSS, false);
        assertEquals(List.of(65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535), windows());
        receives(10, MSS, false);
        assertEquals(List.of(65535, 64240, 62780, 61320, 59860, 58400, 56940, 55480, 54020, 52560), windows());
    }

    @Test
    void shouldNotGrowWhenSegmentsAreMostlyOverhead() {
        acceptedScaled(SocketOptions.DEFAULTS);
        receives(10, 300, true);
        assertEquals(List.of(63, 63, 63, 63, 63, 63, 63, 63, 63, 63), windows());
    }

    @Test
    void shouldKeepItsPromiseWhenSegmentsTurnOutSmaller() {
        acceptedScaled(SocketOptions.DEFAULTS);
        receives(10, 1000, true);
        assertEquals(List.of(62, 62, 62, 62, 62, 62, 62, 62, 62, 62), windows());
        assertEquals(56_832, info().rcvSsthresh);
        for (int i = 0; i < 20; i++) {
            receives(1, 1000, true);
        }
        assertTrue(windows().contains(56));
    }

    // ---- The buffer follows what is read ----

    @Test
    void shouldGrowWhenMoreIsReadInARoundTrip() {
        acceptedScaled(SocketOptions.DEFAULTS);
        receives(10, MSS, true);
        after(ms(20));
        receives(20, MSS, true);
        after(ms(20));
        windows();
        receives(40, MSS, true);
        final List<Integer> fields = windows();
        assertEquals(List.of(80, 80, 80, 80, 80, 80, 80, 83, 86, 89, 91, 94), fields.subList(0, 12));
        assertEquals(151, fields.getLast());
        assertEquals(65_700, info().rcvSpace);
        after(ms(20));
        receives(80, MSS, true);
        assertEquals(379, windows().getLast());
    }

    @Test
    void shouldMeasureTheRoundTripByTimestamps() {
        peer.withTimestamps();
        acceptedScaled(SocketOptions.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            final int sentTs = peer.tsEcr;
            after(ms(20));
            for (int k = 0; k < 10 << i; k++) {
                peer.sends(data(seq, 1, 1448).ts(peer.tsNow(), sentTs));
                seq += 1448;
                app.reads(Integer.MAX_VALUE);
            }
        }
        assertEquals(20_000, info().rcvRttUs);
        assertEquals(28_960, info().rcvSpace);
        assertTrue(windows().getLast() > 81);
    }

    @Test
    void shouldNotGrowWhenTheApplicationReadsSlowly() {
        acceptedScaled(SocketOptions.DEFAULTS);
        after(ms(20));
        receives(45, MSS, true); // the first window: a round trip is known
        assertEquals(65_700, info().rcvSpace);
        receives(100, MSS, false);
        after(ms(40));
        app.reads(50 * MSS); // as much waits still: more room would not help
        assertEquals(65_700, info().rcvSpace);
        windows();
    }

    private void bulk(int rounds) {
        for (int i = 0; i < rounds; i++) {
            receives(Math.min(10 << i, 500), MSS, true);
            after(ms(20));
        }
        windows();
    }

    @Test
    void shouldStopAtTheLargestBuffer() {
        start(TcpConfig.builder().receiveBufferMax(400_000));
        acceptedScaled(SocketOptions.DEFAULTS);
        bulk(10);
        assertEquals((400_000 * 162L >> 8) - MSS, info().rcvSsthresh);
    }

    @Test
    void shouldNotGrowWhenTuningIsOff() {
        start(TcpConfig.builder().receiveAutoTuning(false));
        acceptedScaled(SocketOptions.DEFAULTS);
        bulk(10);
        assertTrue(info().rcvSsthresh <= 82_944, "window " + info().rcvSsthresh);
    }

    @Test
    void shouldNotGrowBeyondABufferThatWasSet() {
        acceptedScaled(options().receiveBuffer(400_000).build());
        receives(10, MSS, true);
        final List<Integer> fields = windows();
        assertEquals(List.of(50_370, 51_100, 51_830), fields.subList(0, 3));
        bulk(10);
        assertTrue(info().rcvSsthresh <= 253_125, "window " + info().rcvSsthresh);
    }

    @Test
    void shouldLeaveTheRingOfAnotherThreadAsItIs() {
        start();
        peer.withWindowScale(7);
        final TcpListener listener = engine.listen(PORT, SocketOptions.DEFAULTS);
        peer.sends(syn());
        stack.emits(synAck());
        peer.sends(ack(1, 1));
        app.socket = listener.accept();
        bulk(8);
        receives(10, MSS, true);
        assertEquals(62, windows().getLast()); // of 64 KiB, one segment is unread
    }

    // ---- Limits ----

    @Test
    void shouldScaleForTheBufferThatWasSet() {
        peer.withWindowScale(7);
        listens(options().receiveBuffer(400_000).build());
        peer.sends(syn());
        stack.emits(synAck().window(65535).windowScale(2));
    }

    @Test
    void shouldNotOfferMoreThanTheUserWants() {
        peer.withWindowScale(7);
        listens(options().windowClamp(30_000).build());
        peer.sends(syn());
        stack.emits(synAck().window(29_200).windowScale(0));
        peer.sends(ack(1, 1));
        app.heard("connected");
        app.appetite = 0;
        bulk(4);
        receives(2, MSS, true);
        assertTrue(windows().getLast() <= 30_000);
    }
}
