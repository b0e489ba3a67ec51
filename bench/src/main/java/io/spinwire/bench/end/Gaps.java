package io.spinwire.bench.end;

import org.HdrHistogram.Histogram;

/**
 * Times between two looks at the clock of a thread that does nothing but spin, those of them that are too long to be
 * its own doing: something else had its processor. Counted while switched on, by the thread that spins; any thread
 * switches.
 */
final class Gaps {
    /** Longer than any turn of an engine that is given one segment at a time. */
    static final long LEAST_NS = 5_000;

    private final Histogram histogram = new Histogram(RoundTripLoad.MAX_TRACKED_NS, 3);
    private volatile boolean isOn;

    /** What lies between two looks. */
    void add(long gapNs) {
        if (gapNs > LEAST_NS && isOn) {
            histogram.recordValue(Math.min(gapNs, RoundTripLoad.MAX_TRACKED_NS));
        }
    }

    /** The thread that spins: forgets what was counted. */
    void reset() {
        histogram.reset();
    }

    void on() {
        isOn = true;
    }

    void off() {
        isOn = false;
    }

    /** The thread that spins, or after it has gone. */
    Histogram histogram() {
        return histogram;
    }
}
