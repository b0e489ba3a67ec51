package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 5681 and 6582: congestion window, limited transmit, fast retransmit, NewReno's partial acknowledgments. */
class RecoveryTest extends TcpScript {

    /** Ten segments of 1000 bytes are in flight, 1 to 10000, and more waits. */
    private void tenInFlight(int waiting) {
        start(TcpConfig.builder().congestionControl("reno")); // RFC 5681 halves
        accepted();
        assertEquals(10_000 + waiting, app.offers(10_000 + waiting));
        run();
        for (int i = 0; i < 10; i++) {
            stack.emits(data(1 + i * 1000, 1, 1000));
        }
        stack.emitsNothing();
    }

    private void duplicates(int count, int ackSeq) {
        for (int i = 0; i < count; i++) {
            peer.sends(ack(1, ackSeq));
        }
    }

    @Test
    void shouldSendTenSegmentsFirstWhenPeerTakesMore() {
        tenInFlight(6000);
        assertEquals(10, info().sndCwnd);
        assertEquals(10, info().unacked);
    }

    @Test
    void shouldGrowByOneForEachSegmentWhenInSlowStart() {
        tenInFlight(6000);
        peer.sends(ack(1, 2001));
        stack.emits(data(10_001, 1, 1000), data(11_001, 1, 1000), data(12_001, 1, 1000), data(13_001, 1, 1000));
        assertEquals(12, info().sndCwnd);
    }

    @Test
    void shouldNotGrowWhenWindowIsNotUsed() {
        accepted();
        for (int i = 0; i < 20; i++) {
            app.writes(1000);
            stack.emits(data(1 + i * 1000, 1, 1000));
            peer.sends(ack(1, 1001 + i * 1000));
        }
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldSendNewDataWhenDuplicatesAreTooFewForALoss() {
        tenInFlight(6000);
        after(ms(2)); // soon after others a single segment would wait for company
        peer.sends(ack(1, 1));
        stack.emits(data(10_001, 1, 1000)); // RFC 3042
        after(ms(2));
        peer.sends(ack(1, 1));
        stack.emits(data(11_001, 1, 1000));
        assertEquals(0, count(Counter.TcpRetransSegs));
    }

    @Test
    void shouldRepeatFirstSegmentAndHalveWhenThirdDuplicateArrives() {
        tenInFlight(0);
        duplicates(2, 1);
        stack.emitsNothing();
        duplicates(1, 1);
        stack.emits(data(1, 1, 1000));
        assertEquals(5, info().sndSsthresh);
        assertEquals(1, count(Counter.TcpRenoRecovery));
        assertEquals(1, count(Counter.TcpFastRetrans));
        assertEquals(0, count(Counter.TcpTimeouts));
    }

    @Test
    void shouldRepeatNextHoleWhenAckIsPartial() {
        tenInFlight(0);
        duplicates(3, 1);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 4001));
        stack.emitsNothing(); // as Linux: RFC 6937 lets one leave for every two that arrive
        peer.sends(ack(1, 7001));
        stack.emits(data(7001, 1, 1000));
        peer.sends(ack(1, 10_001));
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpRenoRecovery));
        assertEquals(5, info().sndCwnd);
        assertEquals(0, info().lost);
        assertEquals(0, info().unacked);
    }

    @Test
    void shouldSendNewDataWhenFurtherDuplicatesEmptyTheNetwork() {
        tenInFlight(6000);
        after(ms(2));
        duplicates(1, 1);
        stack.emits(data(10_001, 1, 1000));
        after(ms(2));
        duplicates(1, 1);
        stack.emits(data(11_001, 1, 1000));
        duplicates(1, 1);
        stack.emits(data(1, 1, 1000));
        duplicates(9, 1);
        assertTrue(!emitted.isEmpty(), "new data during recovery");
        assertEquals(12_001, stack.next().seq);
        stack.emitsWhatever();
    }

    @Test
    void shouldTakeTimeoutWhenRepetitionIsLostToo() {
        tenInFlight(0);
        duplicates(3, 1);
        stack.emits(data(1, 1, 1000));
        stack.emitsAfter(ms(200), data(1, 1, 1000));
        assertEquals(1, info().sndCwnd);
        assertEquals(1, count(Counter.TcpRenoRecoveryFail));
        peer.sends(ack(1, 10_001));
        stack.emitsNothing();
    }

    @Test
    void shouldNotCountAsDuplicateWhenWindowOpens() {
        peer.withWindow(60_000);
        tenInFlight(0);
        for (int i = 1; i <= 5; i++) {
            peer.sends(ack(1, 1).window(60_000 + i));
        }
        stack.emitsNothing();
        assertEquals(0, count(Counter.TcpRenoRecovery));
    }

    @Test
    void shouldNotCountAsDuplicateWhenSegmentHasData() {
        tenInFlight(0);
        for (int i = 0; i < 5; i++) {
            peer.sends(data(1 + i * 10, 1, 10));
            stack.emits(ack(10_001, 11 + i * 10));
        }
        stack.emitsNothing();
        assertEquals(0, count(Counter.TcpRenoRecovery));
    }

    @Test
    void shouldRecoverTwiceWhenLossComesAgainAfterwards() {
        tenInFlight(10_000);
        duplicates(1, 1);
        after(ms(2));
        duplicates(2, 1);
        peer.sends(ack(1, 12_001));
        peer.sends(ack(1, 13_001));
        stack.emitsWhatever();
        assertEquals(1, count(Counter.TcpRenoRecovery));
        final int first = 13_001;
        duplicates(3, first);
        final Packet repeated =
                emitted.stream().filter(p -> p.seq == first).findFirst().orElseThrow();
        assertEquals(1000, repeated.length);
        assertEquals(2, count(Counter.TcpRenoRecovery));
        stack.emitsWhatever();
    }

    @Test
    void shouldGrowByOneEachRoundTripWhenInCongestionAvoidance() {
        tenInFlight(0);
        duplicates(3, 1);
        peer.sends(ack(1, 10_001));
        stack.emitsWhatever();
        assertEquals(5, info().sndCwnd);
        int next = 10_001;
        for (int trip = 0; trip < 3; trip++) {
            assertEquals(7000, app.offers(7000) < 0 ? 0 : 7000);
            run();
            int sent = 0;
            while (!emitted.isEmpty()) {
                sent += stack.next().length;
            }
            for (int acked = 1000; acked <= sent; acked += 1000) {
                peer.sends(ack(1, next + acked));
            }
            while (!emitted.isEmpty()) {
                sent += stack.next().length;
            }
            next += sent;
            peer.sends(ack(1, next));
            stack.emitsWhatever();
        }
        assertTrue(info().sndCwnd >= 6 && info().sndCwnd <= 10, "cwnd " + info().sndCwnd);
    }

    @Test
    void shouldRestartFromTenWhenIdleForLong() {
        tenInFlight(10_000);
        peer.sends(ack(1, 10_001));
        stack.emitsWhatever();
        peer.sends(ack(1, 20_001));
        stack.emitsWhatever();
        assertEquals(20, info().sndCwnd, 1);
        after(s(10));
        app.writes(100);
        stack.emits(data(20_001, 1, 100));
        assertEquals(10, info().sndCwnd);
    }

    @Test
    void shouldIgnoreDuplicatesOfTheOldLossWhenRepaired() {
        tenInFlight(0);
        duplicates(3, 1);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 10_001));
        app.writes(3000);
        stack.emits(data(10_001, 1, 1000), data(11_001, 1, 1000), data(12_001, 1, 1000));
        duplicates(3, 10_001); // RFC 6582: not beyond what was in flight when the loss was found
        stack.emitsNothing();
        assertEquals(1, count(Counter.TcpRenoRecovery));
        peer.sends(ack(1, 13_001));
        stack.emitsNothing();
        assertEquals(5, info().sndCwnd);
    }
}
