package io.spinwire.bench.rig;

import java.util.List;
import java.util.function.Consumer;

/**
 * How long and how often a run measures.
 *
 * @param rounds of the headline figures
 * @param roundsOfLess of everything else
 * @param jitMs before the first round, so that everything is compiled
 * @param warmUpMs before each round
 * @param roundMs of each round
 * @param rates of open loads, in messages a second
 * @param reporter told of each step, for the person who waits
 */
public record Effort(
        int rounds,
        int roundsOfLess,
        int jitMs,
        int warmUpMs,
        int roundMs,
        List<Integer> rates,
        Consumer<String> reporter) {
    /** A measurement: at most half an hour for everything. */
    public static Effort full(Consumer<String> reporter) {
        return new Effort(5, 3, 4_000, 1_000, 4_000, List.of(10_000, 50_000, 100_000), reporter);
    }

    /** To see that it works, and roughly what comes out: at most three minutes for everything. */
    public static Effort quick(Consumer<String> reporter) {
        return new Effort(3, 1, 1_500, 200, 700, List.of(20_000), reporter);
    }

    void progress(String step) {
        reporter.accept(step);
    }
}
