package io.spinwire.tcp;

import static io.spinwire.tcp.Packet.ack;
import static io.spinwire.tcp.Packet.data;
import static io.spinwire.tcp.Packet.fin;
import static io.spinwire.tcp.Packet.rst;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import org.junit.jupiter.api.Test;

/** RFC 9293 section 3.8.6: the peer's window, probes of a closed one, the sender's half of silly-window avoidance. */
class SendWindowTest extends TcpScript {

    private void acceptedWithWindow(int window) {
        peer.withWindow(window);
        accepted();
    }

    @Test
    void shouldSendOnlyWholeSegmentsWhenWindowIsSmaller() {
        acceptedWithWindow(2500);
        app.writes(4000);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        stack.emitsNothing(); // 500 more would fit
        peer.sends(ack(1, 2001));
        stack.emits(data(2001, 1, 1000), data(3001, 1, 1000));
    }

    @Test
    void shouldSendHalfTheWindowAtMostWhenItIsSmallerThanTwoSegments() {
        acceptedWithWindow(1000);
        app.writes(1000);
        stack.emits(data(1, 1, 500), data(501, 1, 500));
    }

    @Test
    void shouldProbeWithDoublingWaitsWhenWindowIsClosed() {
        acceptedWithWindow(0);
        app.writes(1000);
        stack.emitsNothing();
        for (int wait = 200; wait <= 102_400; wait *= 2) {
            stack.emitsAfter(ms(wait), ack(0, 1));
            peer.sends(ack(1, 1));
        }
        stack.emitsAfter(s(120), ack(0, 1));
        assertEquals(11, count(Counter.TcpWinProbe));
        peer.sends(ack(1, 1).window(65535));
        stack.emits(data(1, 1, 1000));
    }

    @Test
    void shouldGiveUpWhenProbesAreNotAnswered() {
        start(TcpConfig.builder().retries(3));
        acceptedWithWindow(0);
        app.writes(10);
        stack.emitsAfter(ms(200), ack(0, 1));
        stack.emitsAfter(ms(400), ack(0, 1));
        stack.emitsAfter(ms(800), ack(0, 1));
        after(ms(1601));
        stack.emitsNothing();
        app.heard("closed TIMED_OUT");
        assertEquals(1, count(Counter.TcpAbortOnTimeout));
    }

    @Test
    void shouldProbeForeverWhenAnswered() {
        start(TcpConfig.builder().retries(3));
        acceptedWithWindow(0);
        app.writes(10);
        for (int i = 0; i < 9; i++) {
            stack.emitsAfter(ms(200L << i), ack(0, 1));
            peer.sends(ack(1, 1));
        }
        app.heard();
    }

    @Test
    void shouldSendWhatFitsAfterAWhileWhenWindowStaysSilly() {
        acceptedWithWindow(2500);
        app.writes(3000);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        peer.sends(ack(1, 2001).window(400));
        stack.emitsNothing();
        stack.emitsAfter(ms(200), data(2001, 1, 400));
        stack.emitsAfter(ms(200), data(2001, 1, 400)); // data has its own back-off
        stack.emitsAfter(ms(400), data(2001, 1, 400));
        peer.sends(ack(1, 2401).window(65535));
        stack.emits(data(2401, 1, 600));
    }

    @Test
    void shouldGoOnWhenWindowOpensAgain() {
        acceptedWithWindow(2000);
        app.writes(4000);
        stack.emits(data(1, 1, 1000), data(1001, 1, 1000));
        peer.sends(ack(1, 2001).window(0));
        stack.emitsNothing();
        peer.sends(ack(1, 2001).window(2000));
        stack.emits(data(2001, 1, 1000), data(3001, 1, 1000));
    }

    @Test
    void shouldTakeNoWindowFromAnOlderSegment() {
        acceptedWithWindow(1000);
        peer.sends(data(1, 1, 10).window(0));
        stack.emits(ack(1, 11));
        peer.sends(ack(0, 1).window(5000)); // overtaken on its way
        stack.emitsWhatever();
        app.writes(1000);
        stack.emitsNothing();
        assertEquals(0, info().sndWnd);
    }

    @Test
    void shouldSendFinWhenNothingElseWaitsAndWindowIsOpen() {
        acceptedWithWindow(1000);
        app.closes();
        stack.emits(fin(1, 1));
    }

    @Test
    void shouldHoldFinBackAndProbeWhenWindowIsClosed() {
        acceptedWithWindow(0);
        app.closes();
        stack.emitsNothing();
        stack.emitsAfter(ms(200), ack(0, 1));
        peer.sends(ack(1, 1).window(1000));
        stack.emits(fin(1, 1));
    }

    @Test
    void shouldGiveUpWhenClosedAndProbesOfAnOrphanAreNotAnswered() {
        acceptedWithWindow(0);
        app.writes(10);
        app.closes();
        after(s(130));
        stack.emitsWhatever();
        assertEquals(0, count(Counter.EngineSocketsInUse));
        assertEquals(1, count(Counter.TcpOrphanRetries));
    }

    @Test
    void shouldGiveUpWhenUserTimeoutPassesInAClosedWindow() {
        peer.withWindow(0);
        accepted(options().userTimeoutNs(s(3)).build());
        app.writes(10);
        after(s(8));
        stack.emitsWhatever();
        app.heard("closed USER_TIMEOUT");
    }

    @Test
    void shouldRepeatForAsLongAsThePeerAnswersWhenTheWindowClosesOverData() {
        start(TcpConfig.builder().retries(2));
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 1).window(0));
        for (int wait = 200; wait <= 51_200; wait *= 2) {
            stack.emitsAfter(ms(wait), data(1, 1, 1000));
            peer.sends(ack(1, 1).window(0));
        }
        assertEquals(0, count(Counter.TcpTimeouts)); // they are probes
        peer.sends(ack(1, 1001).window(1000));
        app.writes(10);
        stack.emits(data(1001, 1, 10));
    }

    @Test
    void shouldGiveUpWhenThePeerFallsSilentAfterTheWindowHasClosedOverData() {
        start(TcpConfig.builder().retries(2).maxRtoNs(s(1)));
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 1).window(0));
        stack.emitsAfter(ms(200), data(1, 1, 1000));
        stack.emitsAfter(ms(400), data(1, 1, 1000));
        stack.emitsAfter(ms(800), data(1, 1, 1000));
        after(s(1)); // 2.4 s after the first
        app.heard("closed TIMED_OUT");
        assertEquals(1, count(Counter.TcpAbortOnTimeout));
    }

    @Test
    void shouldGiveUpWhenUserTimeoutPassesAlthoughTheClosedWindowIsAnswered() {
        accepted(options().userTimeoutNs(s(3)).build());
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 1).window(0));
        for (int wait = 200; wait <= 1600; wait *= 2) {
            stack.emitsAfter(ms(wait), data(1, 1, 1000));
            peer.sends(ack(1, 1).window(0));
        }
        after(ms(200)); // 3 s after the first repetition
        app.heard("closed USER_TIMEOUT");
    }

    @Test
    void shouldCountRetriesOfAnOrphanWhenTheWindowClosesOverData() {
        start(TcpConfig.builder().orphanRetries(2));
        accepted();
        app.writes(1000);
        stack.emits(data(1, 1, 1000));
        peer.sends(ack(1, 1).window(0));
        app.closes();
        for (int wait = 200; wait <= 800; wait *= 2) {
            stack.emitsAfter(ms(wait), data(1, 1, 1000));
            peer.sends(ack(1, 1).window(0));
        }
        after(s(2));
        assertEquals(0, count(Counter.EngineSocketsInUse));
    }

    @Test
    void shouldKeepPromiseOfBufferWhenPeerDoesNotRead() {
        acceptedWithWindow(0);
        int taken = 0;
        int last = app.offers(1000);
        while (last > 0) {
            taken += last;
            last = app.offers(1000);
        }
        run();
        assertEquals(46_080, taken, 0.0); // twice the congestion window, and Linux's overhead
        app.heard();
        peer.sends(ack(1, 1).window(65535));
        stack.emitsWhatever();
        peer.sends(ack(1, 10_001));
        stack.emitsWhatever();
        assertTrue(app.events.contains("writable"));
        app.aborts();
        stack.emitsWhatever();
    }

    @Test
    void shouldEndWhenResetAnswersAProbe() {
        acceptedWithWindow(0);
        app.writes(10);
        stack.emitsAfter(ms(200), ack(0, 1));
        peer.sends(rst(1));
        app.heard("closed RESET");
        assertEquals(0, count(Counter.EngineTimersInUse));
    }
}
