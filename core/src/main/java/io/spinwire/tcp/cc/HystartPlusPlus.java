package io.spinwire.tcp.cc;

import io.spinwire.wire.SeqNum;

/**
 * HyStart++, RFC 9406: when a round's least delay has risen, slow start goes on a quarter as fast for up to five
 * rounds; it resumes if the delay falls again, else congestion avoidance begins. Only for the first slow start of a
 * connection, as section 4.3 advises. Engine thread only.
 */
final class HystartPlusPlus implements Hystart {
    private static final int MIN_RTT_THRESHOLD_US = 4_000; // section 4.2: MIN_RTT_THRESH
    private static final int MAX_RTT_THRESHOLD_US = 16_000; // MAX_RTT_THRESH
    private static final int RTT_DIVISOR_SHIFT = 3; // MIN_RTT_DIVISOR 8
    private static final int MIN_SAMPLES = 8; // N_RTT_SAMPLE
    private static final int GROWTH_DIVISOR = 4; // CSS_GROWTH_DIVISOR
    private static final int MAX_ROUNDS = 5; // CSS_ROUNDS
    private static final int UNPACED_LIMIT = 8; // L: segments that one ACK may add without pacing
    private static final int NO_RTT = Integer.MAX_VALUE;

    private final HystartPool pool;
    private int windowEnd;
    private int lastRoundRttUs;
    private int roundRttUs;
    private int samples;
    private int baselineRttUs;
    private int rounds;
    private boolean isConservative;
    private boolean isPaced;

    HystartPlusPlus(HystartPool pool) {
        this.pool = pool;
    }

    /** The first round. */
    HystartPlusPlus begin(AckSample sample) {
        windowEnd = sample.sndNxt;
        lastRoundRttUs = NO_RTT;
        roundRttUs = NO_RTT;
        samples = 0;
        baselineRttUs = NO_RTT;
        rounds = 0;
        isConservative = false;
        return this;
    }

    @Override
    public Hystart onDelay(CongestionWindow window, AckSample sample, int delayUs, int delayMinUs) {
        if (!window.isSlowStart()) {
            return finish();
        }
        isPaced = sample.isPaced;
        if (SeqNum.isAfter(sample.sndUna, windowEnd) && !beginRound(sample)) {
            pool.countDelay(window.cwnd);
            window.ssthresh = window.cwnd;
            return finish();
        }
        roundRttUs = Math.min(roundRttUs, delayUs);
        samples++;
        if (samples >= MIN_SAMPLES) {
            judge();
        }
        return this;
    }

    /** False when the conservative phase has lasted long enough. */
    private boolean beginRound(AckSample sample) {
        windowEnd = sample.sndNxt;
        lastRoundRttUs = roundRttUs;
        roundRttUs = NO_RTT;
        samples = 0;
        return !isConservative || ++rounds < MAX_ROUNDS;
    }

    private void judge() {
        if (isConservative) {
            if (roundRttUs < baselineRttUs) {
                isConservative = false; // the rise was a chance one: back to slow start
                baselineRttUs = NO_RTT;
            }
        } else if (lastRoundRttUs != NO_RTT) {
            final int thresholdUs =
                    Math.clamp(lastRoundRttUs >> RTT_DIVISOR_SHIFT, MIN_RTT_THRESHOLD_US, MAX_RTT_THRESHOLD_US);
            if (roundRttUs >= lastRoundRttUs + thresholdUs) {
                isConservative = true;
                baselineRttUs = roundRttUs;
                rounds = 0;
            }
        }
    }

    @Override
    public int slowStart(CongestionWindow window, int ackedSegments) {
        final int counted = isPaced ? ackedSegments : Math.min(ackedSegments, UNPACED_LIMIT);
        if (!isConservative) {
            return window.slowStart(counted);
        }
        window.avoidCongestion(GROWTH_DIVISOR, counted);
        window.cwnd = Math.min(window.cwnd, window.ssthresh);
        return 0;
    }

    @Override
    public Hystart restart(AckSample sample) {
        return finish();
    }

    private Hystart finish() {
        pool.giveBack(this);
        return pool.done();
    }

    @Override
    public Hystart end() {
        pool.giveBack(this);
        return pool.idle();
    }
}
