package io.spinwire.bench.rig;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/** A figure of each round under the name of what was measured, and the medians of all rounds. */
final class Rounds<K> {
    private final Map<K, List<Double>> figures = new LinkedHashMap<>();

    void add(K name, double figure) {
        figures.computeIfAbsent(name, any -> new ArrayList<>()).add(figure);
    }

    /** Of the rounds that there were, the mean of the two in the middle of an even number; NaN where there was none. */
    double median(K name) {
        final double[] sorted = figures.getOrDefault(name, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        Arrays.sort(sorted);
        final int half = sorted.length / 2;
        return sorted.length == 0 ? Double.NaN : (sorted[half] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    /** All medians, in the order of their first round. */
    void forEachMedian(ObjDoubleConsumer<K> taker) {
        figures.keySet().forEach(name -> taker.accept(name, median(name)));
    }
}
