package io.spinwire.tcp.cc;

import io.spinwire.api.HystartMode;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import java.util.ArrayDeque;

/**
 * The watches of an engine over slow starts: lent while a connection is in one, so that an idle connection holds none.
 * One is made when none is free, and kept. Engine thread only.
 */
final class HystartPool {
    private final HystartMode mode;
    private final Counters counters;
    private final Hystart idle;
    private final Hystart done;
    private final ArrayDeque<HystartLinux> freeLinux = new ArrayDeque<>();
    private final ArrayDeque<HystartPlusPlus> freePlusPlus = new ArrayDeque<>();

    HystartPool(HystartMode mode, Counters counters) {
        this.mode = mode;
        this.counters = counters;
        idle = new HystartOff(this, mode);
        done = new HystartOff(this, HystartMode.OFF);
    }

    HystartMode mode() {
        return mode;
    }

    /** Of a connection whose slow start has not got far enough to be watched. */
    Hystart idle() {
        return idle;
    }

    /** Of a connection whose slow start has been ended, or is not to be watched again. */
    Hystart done() {
        return done;
    }

    HystartLinux lendLinux() {
        final HystartLinux watch = freeLinux.pollLast();
        return watch == null ? new HystartLinux(this) : watch;
    }

    HystartPlusPlus lendPlusPlus() {
        final HystartPlusPlus watch = freePlusPlus.pollLast();
        return watch == null ? new HystartPlusPlus(this) : watch;
    }

    void giveBack(HystartLinux watch) {
        freeLinux.addLast(watch);
    }

    void giveBack(HystartPlusPlus watch) {
        freePlusPlus.addLast(watch);
    }

    /** The spacing of ACKs ended a slow start at this window. */
    void countTrain(int cwnd) {
        counters.increment(Counter.TcpHystartTrainDetect);
        counters.add(Counter.TcpHystartTrainCwnd, cwnd);
    }

    /** A delay did. */
    void countDelay(int cwnd) {
        counters.increment(Counter.TcpHystartDelayDetect);
        counters.add(Counter.TcpHystartDelayCwnd, cwnd);
    }
}
