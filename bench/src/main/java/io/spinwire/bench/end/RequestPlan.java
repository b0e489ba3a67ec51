package io.spinwire.bench.end;

import java.net.InetSocketAddress;
import org.HdrHistogram.Histogram;

/**
 * Requests over many connections at once, on each one after the other: the next leaves when the answer is there.
 *
 * @param connections that are open, all of them before the first request
 * @param bytes of a request, and of its answer
 * @param warm requests that are not recorded, on all connections together
 */
record RequestPlan(InetSocketAddress to, int connections, int bytes, long warm, long durationNs) {
    /** What was answered in the time measured; each request took what the histogram says. */
    record Result(long answered, long durationNs, Histogram histogram) {
        /** {@code ANSWERED NANOSECONDS HISTOGRAM}. */
        String words() {
            return answered + " " + durationNs + " " + Histograms.encode(histogram);
        }
    }
}
