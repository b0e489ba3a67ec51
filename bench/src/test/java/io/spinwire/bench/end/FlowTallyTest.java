package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FlowTallyTest {
    private static final long SETTLE_NS = 1_000;
    private static final long S = 1_000_000_000L;

    private final long nowNs = System.nanoTime();
    private final FlowTally tally = new FlowTally(2, SETTLE_NS);

    @Test
    void shouldCountFromSettlingToTheFirstEnd() throws IOException {
        final FlowTally.Flow one = tally.begin();
        tally.turn(nowNs);
        one.onBytes(100);
        final FlowTally.Flow two = tally.begin();
        tally.turn(nowNs + SETTLE_NS);
        two.onBytes(50);
        tally.turn(nowNs + 2 * SETTLE_NS);
        one.onBytes(3);
        two.onBytes(4);
        one.onBytes(5);
        tally.turn(nowNs + 3 * SETTLE_NS);
        one.onEnd();
        two.onBytes(1_000);
        tally.turn(nowNs + 4 * SETTLE_NS);
        two.onEnd();
        assertEquals(2 * SETTLE_NS + " 8,4", tally.words());
    }

    @Test
    void shouldWaitForAllEndsButNotForOneThatIsLost() throws IOException {
        final FlowTally.Flow one = tally.begin();
        final FlowTally.Flow two = tally.begin();
        tally.turn(nowNs);
        assertFalse(tally.isDone(nowNs + S), "silence alone is no end");
        one.onEnd();
        tally.turn(nowNs + S);
        assertFalse(tally.isDone(nowNs + S));
        assertTrue(tally.isDone(nowNs + 2 * S), "the other's end was lost");
        two.onEnd();
        assertTrue(tally.isDone(nowNs + S));
    }

    @Test
    void shouldFailWhenAFlowEndsBeforeAllHaveSettled() throws IOException {
        tally.begin().onEnd();
        tally.turn(nowNs);
        final String message = assertThrows(IOException.class, tally::words).getMessage();
        assertEquals("1 of 2 flows came, and one ended before they had settled", message);
    }

    @Test
    void shouldFailWhenMoreFlowsComeThanWereAnnounced() throws IOException {
        tally.begin();
        tally.begin();
        assertThrows(IOException.class, tally::begin);
    }

    @Test
    void shouldFailWhenNothingMoreComesForLong() throws IOException {
        tally.begin();
        tally.turn(nowNs + S);
        final IOException e = assertThrows(IOException.class, () -> tally.turn(nowNs + 30 * S));
        assertEquals("1 of 2 flows came, 0 ended, and no more bytes", e.getMessage());
    }
}
