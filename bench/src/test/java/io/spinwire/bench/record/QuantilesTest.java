package io.spinwire.bench.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    @Test
    void shouldReadPercentilesOfOneRound() {
        final Histogram histogram = new Histogram(1_000_000, 3);
        for (int i = 1; i <= 1_000; i++) {
            histogram.recordValue(i);
        }
        final Quantiles quantiles = Quantiles.of(histogram);
        assertEquals(1_000, quantiles.count());
        assertEquals(500, quantiles.p50());
        assertEquals(990, quantiles.p99());
        assertEquals(999, quantiles.p999());
        assertEquals(1_000, quantiles.max());
    }

    @Test
    void shouldTakeEachFiguresMedianAndAllSamples() {
        final List<Quantiles> rounds = List.of(
                new Quantiles(10, 5, 50, 500, 1, 5_000),
                new Quantiles(20, 7, 30, 900, 2, 1_000),
                new Quantiles(30, 6, 40, 100, 3, 9_000));
        assertEquals(new Quantiles(60, 6, 40, 500, 2, 5_000), Quantiles.medianOf(rounds));
    }
}
