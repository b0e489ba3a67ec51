package io.spinwire.bench.end;

import org.HdrHistogram.Histogram;

/** Warms up by work done, then records each request until the time is over. One thread; engine and kernel alike. */
final class RequestClock {
    private final RequestPlan plan;
    private final Histogram histogram = new Histogram(RoundTripLoad.MAX_TRACKED_NS, 3);
    private final long beganNs = System.nanoTime();
    private long unrecorded; // of warming up
    private long startNs; // 0 while warming up
    private long lastNs;
    private boolean isDone;

    RequestClock(RequestPlan plan) {
        this.plan = plan;
        unrecorded = plan.warm();
    }

    /** An answer has come now. Answers whether another request is to leave. */
    boolean onAnswer(long sentNs, long nowNs) {
        if (isDone) {
            return false;
        }
        if (startNs == 0) {
            unrecorded--;
            if (unrecorded <= 0 || nowNs - beganNs > RoundTripLoad.LONGEST_WARM_UP_NS) {
                startNs = nowNs;
            }
            return true;
        }
        histogram.recordValue(Math.min(nowNs - sentNs, RoundTripLoad.MAX_TRACKED_NS));
        lastNs = nowNs;
        isDone = nowNs - startNs >= plan.durationNs();
        return !isDone;
    }

    boolean isDone() {
        return isDone;
    }

    RequestPlan.Result result() {
        return new RequestPlan.Result(histogram.getTotalCount(), lastNs - startNs, histogram);
    }
}
