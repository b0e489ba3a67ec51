package io.spinwire.bench.rig;

import java.util.List;
import java.util.function.Consumer;

/**
 * How long and how often a run measures. From it each part works out how long it will take, on a machine that does
 * nothing else.
 *
 * @param isQuick whether it is enough to see that all works, and roughly what comes out
 * @param rounds of the headline figures
 * @param roundsOfLess of everything else
 * @param jitWork pieces of work (round trips, connections) before the first round, so that everything is compiled
 * @param warmUpWork the same before each round
 * @param roundMs of each round
 * @param rates of open loads, in messages a second
 * @param reporter told of each step, for the person who waits
 */
public record Effort(
        boolean isQuick,
        int rounds,
        int roundsOfLess,
        int jitWork,
        int warmUpWork,
        int roundMs,
        List<Integer> rates,
        Consumer<String> reporter) {
    /** What two processes of ours take to start and to end, side by side. */
    static final double TWO_PROCESSES_S = 1.1;

    /** Between two measurements: connecting, closing, waking one and putting another to sleep. */
    static final double CHANGE_S = 0.06;

    /** A machine is slower for some seconds now and then: shorter turns, and it is so for all. */
    private static final int SLICES = 8;

    private static final double ROUND_TRIP_S = 9e-6; // the mean of all transports
    private static final double QUICK_WARM_UP_S = 4.5;
    private static final double WARM_UP_S = 12;
    private static final double COLD_S = 0.4; // until the JIT has done the most of it
    private static final double MS_PER_S = 1_000;

    /** A measurement: at most half an hour for everything. */
    public static Effort full(Consumer<String> reporter) {
        return new Effort(false, 5, 3, 500_000, 50_000, 4_000, List.of(10_000, 50_000, 100_000), reporter);
    }

    /** To see that it works, and roughly what comes out: at most three minutes for everything. */
    public static Effort quick(Consumer<String> reporter) {
        return new Effort(true, 2, 1, 100_000, 3_000, 350, List.of(20_000), reporter);
    }

    void progress(String step) {
        reporter.accept(step);
    }

    /** Turns into which a round is cut where all take turns within it. */
    int slices() {
        return isQuick ? 1 : SLICES;
    }

    /** Milliseconds of each. */
    int sliceMs() {
        return roundMs / slices();
    }

    /** Pieces of work before each. */
    int sliceWarmUpWork() {
        return warmUpWork / slices();
    }

    /** A round in slices, the warm-up of each and all. */
    double slicedRoundS() {
        return roundS() + (slices() - 1) * CHANGE_S;
    }

    /** Of one measurement of round trips, its warm-up and all, or of anything else that lasts a round. */
    double roundS() {
        return roundS(1);
    }

    /** The same where the round is so many times as long. */
    double roundS(double times) {
        return times * roundMs / MS_PER_S + warmUpWork * ROUND_TRIP_S + CHANGE_S;
    }

    /** However much is left to compile then. */
    double longestWarmUpS() {
        return isQuick ? QUICK_WARM_UP_S : WARM_UP_S;
    }

    /** What compiling one transport takes. */
    double jitS() {
        return jitWork * ROUND_TRIP_S + COLD_S + CHANGE_S;
    }
}
