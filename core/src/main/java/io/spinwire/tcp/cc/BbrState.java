package io.spinwire.tcp.cc;

/** What BBR is about, with the gains that go with it, in percent. Draft section 4.6.1, and table 1 there. */
enum BbrState {
    /** The rate doubles each round until it does not rise any more. */
    STARTUP(277, 200),
    /** The queue that startup made is emptied. */
    DRAIN(50, 200),
    /** Less than the rate: the queue of the last probe is emptied, and others get a share. */
    PROBE_DOWN(90, 200),
    /** At the rate. */
    PROBE_CRUISE(100, 200),
    /** The path is filled before a probe, so that what is lost then is lost because of it. */
    PROBE_REFILL(100, 200),
    /** More than the rate: is there more to be had? */
    PROBE_UP(125, 225),
    /** Hardly anything in flight, to see the delay without a queue. */
    PROBE_RTT(100, 50);

    final int pacingGain;
    final int cwndGain;

    BbrState(int pacingGain, int cwndGain) {
        this.pacingGain = pacingGain;
        this.cwndGain = cwndGain;
    }

    /** One of the four phases of probing for bandwidth. */
    boolean isProbeBw() {
        return ordinal() >= PROBE_DOWN.ordinal() && ordinal() <= PROBE_UP.ordinal();
    }

    /** More is sent than is known to get through, so that losses are to be expected. */
    boolean isAccelerating() {
        return this == STARTUP || this == PROBE_REFILL || this == PROBE_UP;
    }
}
