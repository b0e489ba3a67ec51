package io.spinwire.tcp.cc;

/**
 * Watches slow start and ends it before a queue overflows. Each call that may change the watch answers the one to use
 * from then on; what is lent goes back to the {@link HystartPool} by that. Engine thread only.
 */
interface Hystart {
    /** A delay was measured, {@code delayMinUs} being the least so far. */
    Hystart onDelay(CongestionWindow window, AckSample sample, int delayUs, int delayMinUs);

    /** Growth in slow start; answers the segments left for congestion avoidance. */
    int slowStart(CongestionWindow window, int ackedSegments);

    /** A timeout: slow start begins again. */
    Hystart restart(AckSample sample);

    /** The connection is over, or begins: nothing is lent any more. */
    Hystart end();
}
