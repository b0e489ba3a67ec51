package io.spinwire.bench.record;

import java.util.List;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** The figures of one round, or the medians of several, in nanoseconds. */
public record Quantiles(long count, long p50, long p99, long p999, long p9999, long max) {
    /** Those of one round. */
    public static Quantiles of(Histogram histogram) {
        return new Quantiles(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getValueAtPercentile(99.99),
                histogram.getMaxValue());
    }

    /** Each figure the median over the rounds; the count is that of all together. */
    public static Quantiles medianOf(List<Quantiles> rounds) {
        return new Quantiles(
                rounds.stream().mapToLong(Quantiles::count).sum(),
                median(rounds, Quantiles::p50),
                median(rounds, Quantiles::p99),
                median(rounds, Quantiles::p999),
                median(rounds, Quantiles::p9999),
                median(rounds, Quantiles::max));
    }

    private static long median(List<Quantiles> rounds, ToLongFunction<Quantiles> figure) {
        final long[] sorted = rounds.stream().mapToLong(figure).sorted().toArray();
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    /** Leaves all of them in results.csv. */
    public void record(RunFolder folder, String id, RunFolder.Key key) {
        folder.result(id, key, "samples", count, "");
        folder.result(id, key, "p50", p50, "ns");
        folder.result(id, key, "p99", p99, "ns");
        folder.result(id, key, "p99.9", p999, "ns");
        folder.result(id, key, "p99.99", p9999, "ns");
        folder.result(id, key, "max", max, "ns");
    }
}
