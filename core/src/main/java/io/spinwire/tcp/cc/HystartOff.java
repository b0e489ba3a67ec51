package io.spinwire.tcp.cc;

import io.spinwire.api.HystartMode;

/**
 * No watch is kept: not yet, no more, or never. Has no state, so that one serves all connections and an idle one holds
 * no memory for it. Engine thread only.
 */
final class HystartOff implements Hystart {
    private final HystartPool pool;
    private final HystartMode begins;

    /** @param begins the watch that is lent when slow start gets so far; {@link HystartMode#OFF} for none */
    HystartOff(HystartPool pool, HystartMode begins) {
        this.pool = pool;
        this.begins = begins;
    }

    @Override
    public Hystart onDelay(CongestionWindow window, AckSample sample, int delayUs, int delayMinUs) {
        if (!window.isSlowStart()) {
            return this;
        }
        return switch (begins) {
            case OFF -> this;
            case LINUX ->
                window.cwnd < HystartLinux.LOW_WINDOW
                        ? this
                        : pool.lendLinux().begin(sample).onDelay(window, sample, delayUs, delayMinUs);
            case PLUSPLUS -> pool.lendPlusPlus().begin(sample).onDelay(window, sample, delayUs, delayMinUs);
        };
    }

    @Override
    public int slowStart(CongestionWindow window, int ackedSegments) {
        return window.slowStart(ackedSegments);
    }

    @Override
    public Hystart restart(AckSample sample) {
        return pool.mode() == HystartMode.LINUX ? pool.lendLinux().begin(sample) : pool.done();
    }

    @Override
    public Hystart end() {
        return pool.idle();
    }
}
