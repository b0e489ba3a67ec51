package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RoundTripLoadTest {
    private static final long MS = 1_000_000L;

    /** Echoes at once; stalls once for a time. */
    private static final class Loop implements Wire {
        private final long stallNs;
        private int pending;
        private int sends;

        Loop(long stallNs) {
            this.stallNs = stallNs;
        }

        @Override
        public int send(int length) {
            sends++;
            pending += length;
            return length;
        }

        @Override
        public int receive() {
            if (sends == 10) {
                sends++;
                final long endNs = System.nanoTime() + stallNs;
                while (System.nanoTime() < endNs) {
                    Thread.onSpinWait();
                }
            }
            final int received = pending;
            pending = 0;
            return received;
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldChargeStallToEveryMessageThatItHeldUp() throws IOException {
        final RoundTripLoad load = new RoundTripLoad(new Loop(50 * MS), 64);
        load.open(10_000, 100 * MS);
        final Histogram histogram = load.histogram();
        assertEquals(1_000, histogram.getTotalCount());
        final long heldUp = histogram.getTotalCount() - histogram.getCountBetweenValues(0, 5 * MS);
        assertTrue(heldUp >= 400, heldUp + " messages took more than 5 ms, of about 450 that were due in the stall");
    }

    @Test
    void shouldChargeStallToEveryMessageThatItHeldUpWhenClientBlocks() throws IOException {
        final RoundTripLoad load = new RoundTripLoad(new Loop(50 * MS), 64);
        final double rate = load.openBlocking(10_000, 100 * MS);
        final Histogram histogram = load.histogram();
        assertEquals(1_000, histogram.getTotalCount());
        assertTrue(rate < 10_500, rate + " messages a second");
        final long heldUp = histogram.getTotalCount() - histogram.getCountBetweenValues(0, 5 * MS);
        assertTrue(heldUp >= 400, heldUp + " messages took more than 5 ms, of about 450 that were due in the stall");
    }

    @Test
    void shouldMeasureOneAfterTheOtherWhenClosed() throws IOException {
        final RoundTripLoad load = new RoundTripLoad(new Loop(20 * MS), 64);
        load.closed(40 * MS);
        assertTrue(load.histogram().getMaxValue() >= 20 * MS, "the stall is one long round trip");
        assertTrue(load.histogram().getTotalCount() > 10);
    }

    @Test
    void shouldFailWhenOtherSideCloses() {
        final Wire ended = new Wire() {
            @Override
            public int send(int length) {
                return length;
            }

            @Override
            public int receive() {
                return END;
            }

            @Override
            public void close() {}
        };
        assertThrows(IOException.class, () -> new RoundTripLoad(ended, 64).closed(MS));
    }

    @Test
    void shouldGiveBackHistogramThatWasSentAsText() {
        final Histogram histogram = new Histogram(RoundTripLoad.MAX_TRACKED_NS, 3);
        histogram.recordValue(12_345);
        assertEquals(histogram, Histograms.decode(Histograms.encode(histogram)));
    }
}
