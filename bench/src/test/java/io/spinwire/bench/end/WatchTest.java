package io.spinwire.bench.end;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class WatchTest {
    private static final int LARGE = 1 << 20;
    private static final long LONG_GAP_NS = TimeUnit.MILLISECONDS.toNanos(30);

    @Test
    void shouldCountLongGapsOnlyAndOnlyWhileOn() {
        final Gaps gaps = new Gaps();
        gaps.add(Gaps.LEAST_NS + 1);
        gaps.on();
        gaps.add(Gaps.LEAST_NS);
        gaps.add(Gaps.LEAST_NS + 1_000);
        gaps.add(40_000);
        gaps.off();
        gaps.add(50_000);
        assertEquals(2, gaps.histogram().getTotalCount());
        assertTrue(gaps.histogram().valuesAreEquivalent(40_000, gaps.histogram().getMaxValue()));
    }

    @Test
    void shouldTakeTheTimeBetweenTwoReadingsForATurn() throws InterruptedException {
        final Gaps gaps = new Gaps();
        final GapClock clock = new GapClock(gaps);
        gaps.on();
        final long beforeNs = clock.nanoTime();
        TimeUnit.NANOSECONDS.sleep(LONG_GAP_NS);
        assertTrue(clock.nanoTime() - beforeNs >= LONG_GAP_NS);
        assertTrue(gaps.histogram().getMaxValue() >= LONG_GAP_NS);
    }

    @Test
    void shouldSeeTheMachinesGapsOnlyWhenNothingIsDone() {
        final Histogram gaps = Hiccups.run(TimeUnit.MILLISECONDS.toNanos(50));
        assertTrue(gaps.getTotalCount() == 0 || gaps.getMinNonZeroValue() >= Gaps.LEAST_NS);
    }

    @Test
    void shouldTellWhatTheProcessDidInTheWindow() throws Exception {
        final Gaps gaps = new Gaps();
        final GapClock clock = new GapClock(gaps);
        final Watch watch = Watch.start(20, 300, gaps);
        long allocated = 0;
        while (!watch.isOver()) {
            clock.nanoTime();
            allocated += new byte[LARGE].length;
            TimeUnit.MILLISECONDS.sleep(10);
        }
        final Words words = new Words("watched " + watch.words());
        assertTrue(words.number("to") - words.number("from") >= 300);
        assertTrue(words.number("ran-ns") > 0, "the thread that started it was not watched");
        assertTrue(words.number("waited-ns") >= 0);
        assertTrue(words.number("preemptions") >= 0);
        assertTrue(words.number("others-allocated") >= 0);
        assertTrue(words.number("worker-allocated") >= LARGE, words.text("worker-allocated"));
        assertTrue(words.number("worker-allocated") < allocated + LARGE, words.text("worker-allocated"));
    }
}
