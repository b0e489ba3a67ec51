package io.spinwire.tcp.cc;

import io.spinwire.api.HystartMode;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * A connection as a congestion control sees it: a sender that always has data, and a path with a delay, in segments of
 * one byte. In each round trip what is in flight is acknowledged, at once or spread, and each ACK sends what it allows.
 */
final class Flow {
    static final long MS = 1_000_000;

    final Counters counters = new Counters();
    final CongestionControls controls;
    final CongestionControl control;
    final CongestionWindow window = new CongestionWindow();
    final AckSample sample = new AckSample();
    private final long startNs = 1_000_000 * MS;

    Flow(String name, HystartMode hystart) {
        controls = new CongestionControls(hystart, counters);
        control = controls.lend(name);
        window.reset(10);
        sample.nowNs = startNs;
        sample.sndUna = 1;
        sample.sndNxt = 1;
        sample.mss = 1000;
        sample.maxPacingRate = Long.MAX_VALUE;
        sample.pacingSlowStartPercent = 200;
        sample.pacingAvoidancePercent = 120;
        control.init(window, sample);
    }

    Flow(String name) {
        this(name, HystartMode.OFF);
    }

    /** In congestion avoidance with this window. */
    Flow at(int cwnd) {
        window.cwnd = cwnd;
        window.ssthresh = Math.min(cwnd, window.ssthresh);
        return this;
    }

    double seconds() {
        return (sample.nowNs - startNs) / 1e9;
    }

    /** What is in flight is acknowledged one by one a round trip later, {@code gapNs} between two ACKs. */
    void roundTrip(long rttNs, long gapNs) {
        send();
        final int flight = sample.packetsOut;
        sample.nowNs += rttNs;
        final long beganNs = sample.nowNs;
        for (int i = 0; i < flight; i++) {
            sample.nowNs = beganNs + i * gapNs;
            ack(1, rttNs);
            send();
        }
    }

    void roundTrip(long rttNs) {
        roundTrip(rttNs, 0);
    }

    /** All that is in flight is acknowledged, and nothing new is sent. */
    void drain(long rttNs) {
        sample.nowNs += rttNs;
        ack(sample.packetsOut, rttNs);
    }

    void send() {
        final int count = Math.max(window.cwnd - sample.packetsOut, 0);
        if (sample.packetsOut == 0) {
            control.onEvent(window, CongestionEvent.TX_START, sample);
        }
        sample.sndNxt += count;
        sample.packetsOut += count;
        sample.inFlight = sample.packetsOut;
        sample.lastSentNs = sample.nowNs;
        window.isLimited = true;
        window.maxInFlight = sample.packetsOut;
    }

    void ack(int segments, long rttNs) {
        sample.clear();
        sample.priorInFlight = sample.packetsOut;
        sample.acked = segments;
        sample.ackedSacked = segments;
        sample.rttUs = (int) (rttNs / 1000);
        sample.srttUs = sample.rttUs << 3;
        sample.sndUna += segments;
        sample.delivered += segments;
        sample.packetsOut -= segments;
        sample.inFlight = sample.packetsOut;
        control.onAck(window, sample);
        if (window.isCwndLimited()) {
            control.grow(window, sample);
        }
    }

    /** What fast recovery does in the end. */
    void loss() {
        window.ssthresh = control.ssthresh(window, sample);
        state(CongestionState.RECOVERY);
        window.priorCwnd = window.cwnd;
        window.cwnd = window.ssthresh;
        window.cwndCount = 0;
        state(CongestionState.OPEN);
    }

    void timeout() {
        window.ssthresh = control.ssthresh(window, sample);
        state(CongestionState.LOSS);
        window.cwnd = 1;
        window.cwndCount = 0;
        sample.packetsOut = 0;
    }

    private void state(CongestionState state) {
        control.onState(window, state, sample);
        sample.state = state;
    }

    long count(Counter counter) {
        return counters.get(counter);
    }
}
