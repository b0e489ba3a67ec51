package io.spinwire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReceivePauseTest {
    private static final long PAUSE_NS = 30_000;
    private static final int BURST = 64;

    private final ReceivePause pause = new ReceivePause(PAUSE_NS, BURST, 0);

    /** One frame in each of so many turns, a microsecond apart. Answers the time after the last. */
    private long trickle(int frames, long fromNs) {
        long nowNs = fromNs;
        for (int i = 0; i < frames; i++) {
            pause.onReceived(1, nowNs);
            nowNs += 1_000;
        }
        return nowNs;
    }

    private void becomeDense() {
        pause.onReceived(0, 0);
        trickle(ReceivePause.LEAST_FRAMES, 1_000);
        pause.onReceived(0, PAUSE_NS);
    }

    @Test
    void shouldPauseWhenFramesCameFast() {
        becomeDense();
        assertFalse(pause.isOver(PAUSE_NS + 1));
        assertFalse(pause.isOver(2 * PAUSE_NS - 1));
        assertTrue(pause.isOver(2 * PAUSE_NS));
    }

    @Test
    void shouldNotPauseWhenFramesComeOneByOne() {
        pause.onReceived(0, 0);
        trickle(ReceivePause.LEAST_FRAMES - 1, 1_000);
        pause.onReceived(0, PAUSE_NS);
        assertTrue(pause.isOver(PAUSE_NS + 1));
    }

    @Test
    void shouldGoOnPausingWhileEachPauseGathersABurst() {
        becomeDense();
        pause.onReceived(ReceivePause.LEAST_FRAMES, 2 * PAUSE_NS);
        assertFalse(pause.isOver(2 * PAUSE_NS + 1));
        pause.onReceived(ReceivePause.LEAST_FRAMES - 1, 3 * PAUSE_NS);
        assertTrue(pause.isOver(3 * PAUSE_NS + 1));
    }

    @Test
    void shouldAskAgainAtOnceWhenABurstWasFull() {
        becomeDense();
        pause.onReceived(BURST, 2 * PAUSE_NS);
        assertTrue(pause.isOver(2 * PAUSE_NS + 1));
        pause.onReceived(1, 2 * PAUSE_NS + 1);
        assertFalse(pause.isOver(2 * PAUSE_NS + 2));
    }

    @Test
    void shouldNameTheEndOfThePauseAsDeadlineWhileItPauses() {
        assertEquals(7, pause.nextDeadlineNs(7));
        becomeDense();
        assertEquals(2 * PAUSE_NS, pause.nextDeadlineNs(7));
        assertEquals(2 * PAUSE_NS, pause.nextDeadlineNs(Long.MAX_VALUE));
    }

    @Test
    void shouldNeverPauseWhenNoneIsConfigured() {
        final ReceivePause none = new ReceivePause(0, BURST, 0);
        none.onReceived(BURST - 1, 1);
        none.onReceived(BURST - 1, 2);
        assertTrue(none.isOver(2));
        assertEquals(7, none.nextDeadlineNs(7));
    }
}
