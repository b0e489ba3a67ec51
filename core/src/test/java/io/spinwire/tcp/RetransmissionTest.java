package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.syn;
import static io.spinwire.tcp.Packet.synAck;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 6298 as Linux has it: round-trip time, timeout, back-off, and when to give up. */
class RetransmissionTest extends TcpScript {

    // ---- SYN ----

    @Test
    void shouldRepeatSynFiveTimesASecondApartThenDoubleWhenNobodyAnswers() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        for (int i = 0; i < 5; i++) {
            stack.emitsAfter(s(1), syn());
        }
        for (int wait = 2; wait <= 32; wait *= 2) {
            stack.emitsAfter(s(wait), syn());
        }
        app.heard();
        after(s(64) + ms(1));
        stack.emitsNothing();
        app.heard("closed TIMED_OUT");
        assertEquals(1, count(Counter.TcpAbortOnTimeout));
        assertEquals(1, count(Counter.TcpAttemptFails));
        assertEquals(10, count(Counter.TcpRetransSegs));
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(0, count(Counter.EngineTimersInUse));
    }

    @Test
    void shouldRepeatTheSameSynWhenRepeating() {
        connects(SocketOptions.DEFAULTS);
        final Packet first = stack.next();
        after(s(1));
        final Packet second = stack.next();
        assertEquals(first.seq, second.seq);
        assertEquals(first.options, second.options);
        assertEquals(first.window, second.window);
        assertEquals(first.tsVal + 1000, second.tsVal);
    }

    @Test
    void shouldBeginWithOneSegmentWhenSynWasRepeatedMoreThanOnce() {
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        stack.emitsAfter(s(1), syn());
        stack.emitsAfter(s(1), syn());
        peer.sends(synAck());
        stack.emits(ack(1, 1));
        app.writes(3000);
        stack.emits(data(1, 1, 1000));
        stack.emitsNothing();
    }

    // ---- SYN-ACK ----

    @Test
    void shouldRepeatSynAckFiveTimesDoublingWhenNobodyAnswers() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        for (int wait = 1; wait <= 16; wait *= 2) {
            stack.emitsAfter(s(wait), synAck());
        }
        assertEquals(1, count(Counter.EngineRequestsInUse));
        after(s(32));
        stack.emitsNothing();
        assertEquals(0, count(Counter.EngineRequestsInUse));
        assertEquals(1, count(Counter.TcpAttemptFails));
        assertEquals(5, count(Counter.TcpTimeouts));
    }

    @Test
    void shouldObeyRetrySettingsWhenGiven() {
        start(TcpConfig.builder().synRetries(1).synLinearTimeouts(0).synAckRetries(1));
        connects(SocketOptions.DEFAULTS);
        stack.emits(syn());
        stack.emitsAfter(s(1), syn());
        after(s(3));
        app.heard("closed TIMED_OUT");
        engine.listen(PORT, SocketOptions.DEFAULTS, app);
        final Peer other = newPeer(PEER_PORT + 1, PORT);
        other.sends(syn());
        stack.emits(synAck());
        stack.emitsAfter(s(1), synAck());
        after(s(10));
        stack.emitsNothing();
    }

    // ---- Data ----

    @Test
    void shouldRepeatFirstSegmentWithDoublingWaitsWhenNoAckComes() {
        accepted();
        app.writes(2500);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 500));
        for (int wait = 200; wait <= 102_400; wait *= 2) {
            stack.emitsAfter(ms(wait), data(1, 1, 1000));
        }
        stack.emitsAfter(s(120), data(1, 1, 1000));
        assertEquals(11, info().backoff);
        assertEquals(11, info().retransmits);
    }

    @Test
    void shouldGiveUpWhenRetriesAreUsedUp() {
        accepted();
        app.writes(10);
        after(ms(1_044_600) - 1); // 15 retries, 924.6 s as Linux's tcp_retries2 has it, from the first repetition on
        assertTrue(app.events.isEmpty());
        after(ms(2));
        stack.emitsWhatever();
        app.heard("closed TIMED_OUT");
        assertEquals(1, count(Counter.TcpAbortOnTimeout));
        assertEquals(0, count(Counter.EngineSlabBytesInUse));
    }

    @Test
    void shouldSendEverythingAgainInSlowStartWhenTimedOut() {
        accepted();
        app.writes(4000);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000), data(2001, 1, 1000), data(3001, 1, 1000));
        stack.emitsAfter(ms(200), data(1, 1, 1000));
        assertEquals(1, info().sndCwnd);
        assertEquals(4, info().lost);
        peer.sends(ack(1, 1001));
        stack.emits(data(1001, 1, 1000), data(2001, 1, 1000));
        peer.sends(ack(1, 4001)); // the rest was there all along
        stack.emitsNothing();
        assertEquals(0, info().retransmits);
    }

    @Test
    void shouldRepeatOnlyOnceWhenAckComes() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(200), data(1, 1, 10).push());
        peer.sends(ack(1, 11));
        after(s(300));
        stack.emitsNothing();
        assertEquals(1, info().totalRetrans);
        assertEquals(10, info().bytesRetrans);
    }

    @Test
    void shouldSetRoundTripTimeAndTimeoutWhenFirstMeasured() {
        listens();
        peer.sends(syn());
        stack.emits(synAck());
        after(ms(30));
        peer.sends(ack(1, 1));
        assertEquals(30_000, info().rttUs);
        assertEquals(15_000, info().rttVarUs);
        assertEquals(230_000, info().rtoUs); // the deviation counts for at least 200 ms
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(230), data(1, 1, 10));
    }

    @Test
    void shouldSmoothRoundTripTimeWhenMeasuredAgain() {
        accepted();
        int written = 1;
        for (final int rttMs : new int[] {80, 160}) {
            app.writes(10);
            stack.emits(data(written, 1, 10));
            after(ms(rttMs));
            written += 10;
            peer.sends(ack(1, written));
        }
        assertEquals((80_000 / 8 * 7 + 160_000) / 8, info().rttUs, 1_500);
        assertEquals(1, info().minRttUs);
    }

    @Test
    void shouldNotMeasureWhenRepeatedAndWithoutTimestamps() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        stack.emitsAfter(ms(200), data(1, 1, 10));
        after(ms(150));
        final int before = info().rttUs;
        peer.sends(ack(1, 11));
        assertEquals(before, info().rttUs);
        app.writes(10);
        stack.emits(data(11, 1, 10));
        stack.emitsAfter(ms(400), data(11, 1, 10)); // Karn: the back-off stays until a measurement
    }

    @Test
    void shouldRestartTimerWhenAckMovesOn() {
        accepted();
        app.writes(2000);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        after(ms(100));
        peer.sends(ack(1, 1001));
        after(ms(150));
        stack.emitsNothing();
        after(s(1));
        assertEquals(1001, stack.next().seq);
        stack.emitsWhatever();
    }

    @Test
    void shouldCutSegmentWhenRepeatedIntoASmallerWindow() {
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(data(1, 1, 1), data(2, 1, 1).window(300)); // only a newer segment may shrink it
        stack.emits(ack(301, 3)); // not beyond what the peer takes now
        stack.emitsAfter(ms(200), data(1, 3, 300));
        peer.sends(ack(3, 301).window(1000));
        stack.emits(data(301, 3, 700));
    }

    @Test
    void shouldKeepWhatIsInFlightWhenPeerShrinksItsWindowToNothing() {
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 1).window(0));
        stack.emitsNothing();
        stack.emitsAfter(ms(200), data(1, 1, 1000));
    }

    @Test
    void shouldTrimFirstSegmentWhenAckIsInItsMiddle() {
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 401));
        after(s(1));
        stack.emits(data(401, 1, 600));
        stack.emitsWhatever();
    }

    // ---- User timeout, orphans ----

    @Test
    void shouldNotGiveUpWhenRetransmissionIsRefused() {
        accepted();
        app.writes(10);
        stack.emits(data(1, 1, 10));
        nic.free = 0;
        after(s(5));
        assertTrue(app.events.isEmpty());
        nic.free = Integer.MAX_VALUE;
        run();
        stack.emits(data(1, 1, 10));
        peer.sends(ack(1, 11));
        stack.emitsNothing();
    }

    @Test
    void shouldGiveUpWhenUserTimeoutHasPassed() {
        accepted(options().userTimeoutNs(s(5)).build());
        app.writes(10);
        stack.emits(data(1, 1, 10));
        after(ms(5199)); // from the first repetition on, as Linux
        assertTrue(app.events.isEmpty());
        stack.emitsWhatever();
        after(ms(2));
        app.heard("closed USER_TIMEOUT");
        stack.emitsNothing();
    }

    @Test
    void shouldGiveUpAfterOrphanRetriesWhenClosed() {
        accepted();
        app.writes(10);
        app.closes();
        after(s(204));
        assertEquals(1, count(Counter.EngineSocketsInUse));
        after(s(1));
        stack.emitsWhatever();
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(1, count(Counter.TcpOrphanRetries));
        app.heard("closed TIMED_OUT");
    }
}
