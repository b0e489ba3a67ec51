package io.spinwire.tcp.cc;

/**
 * RFC 9438: after a loss the window follows a cubic function of time, flat around the window at which the loss came, so
 * that growth does not depend on the round-trip time; never slower than Reno would be. In Linux's integers: time in
 * 1/1024 s, windows in segments. Engine thread only. Linux: tcp_cubic.c.
 */
final class Cubic implements CongestionControl {
    static final String NAME = "cubic";

    private static final int BETA = 717; // of 1024: 0.7, RFC 9438 section 4.6. Linux: beta
    private static final int BETA_SCALE = 1024;
    private static final int C = 410; // of 1024: 0.4, RFC 9438 section 5.1. Linux: bic_scale 41, times 10
    private static final int TIME_SHIFT = 10; // time in 1/1024 s. Linux: BICTCP_HZ
    private static final int CUBE_SHIFT = 10 + 3 * TIME_SHIFT; // that of C, and of the time's cube
    private static final long CUBE_FACTOR = (1L << CUBE_SHIFT) / C;
    private static final int RENO_SCALE = 8 * (BETA_SCALE + BETA) / 3 / (BETA_SCALE - BETA); // Linux: beta_scale
    private static final int MIN_SSTHRESH = 2;
    private static final int MIN_STEP = 2; // at most half a segment for each acknowledged
    private static final int FIRST_STEP = 20; // 5 % a round trip, while no loss has shown where the limit is
    private static final int SLOW_STEP = 100; // at or above the target
    private static final int HZ = 250; // Linux: CONFIG_HZ, of which 250 is the default
    private static final int JIFFY_NS = 1_000_000_000 / HZ;
    private static final int JIFFY_US = JIFFY_NS / 1000;
    private static final int UPDATE_JIFFIES = HZ / 32; // the same window is not looked at more often
    private static final int DELAY_PAUSE_JIFFIES = HZ; // after a loss, delays say little

    /** Segments acknowledged for each step of the window. Linux: cnt. */
    private int step;

    /** Window at the last loss, W_max. Linux: last_max_cwnd. */
    private int lastMaxCwnd;

    /** Window, and time, when {@link #step} was last computed. */
    private int lastCwnd;

    private int lastTimeJiffies;

    /** Window at the plateau of this epoch. Linux: bic_origin_point. */
    private int originPoint;

    /** Time from the beginning of the epoch to the plateau, in 1/1024 s. RFC 9438: K. */
    private int plateauTime;

    /** Least delay of late, us; 0 before the first. Linux: delay_min. */
    private int delayMinUs;

    /** When congestion avoidance began; 0 when it has not. Linux: epoch_start. */
    private int epochStartJiffies;

    /** Segments acknowledged since the window that Reno would have last grew. Linux: ack_cnt. */
    private int ackCount;

    /** RFC 9438: W_est. Linux: tcp_cwnd. */
    private int renoCwnd;

    private Hystart hystart;

    Cubic(HystartPool pool) {
        hystart = pool.idle();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void init(CongestionWindow window, AckSample sample) {
        reset();
        hystart = hystart.end();
    }

    @Override
    public void release() {
        hystart = hystart.end();
    }

    private void reset() {
        step = 0;
        lastMaxCwnd = 0;
        lastCwnd = 0;
        lastTimeJiffies = 0;
        originPoint = 0;
        plateauTime = 0;
        delayMinUs = 0;
        epochStartJiffies = 0;
        ackCount = 0;
        renoCwnd = 0;
    }

    /** RFC 9438 section 4.6, with the fast convergence of section 4.7. Linux: {@code cubictcp_recalc_ssthresh()}. */
    @Override
    public int ssthresh(CongestionWindow window, AckSample sample) {
        final int cwnd = window.cwnd;
        epochStartJiffies = 0;
        lastMaxCwnd =
                cwnd < lastMaxCwnd ? scaled(cwnd, BETA_SCALE + BETA) / 2 : cwnd; // others want a share: leave room
        return Math.max(scaled(cwnd, BETA), MIN_SSTHRESH);
    }

    private static int scaled(int cwnd, int of1024) {
        return (int) ((long) cwnd * of1024 / BETA_SCALE);
    }

    @Override
    public void onState(CongestionWindow window, CongestionState state, AckSample sample) {
        if (state == CongestionState.LOSS) {
            reset();
            hystart = hystart.restart(sample);
        }
    }

    /** The curve stood still while there was nothing to send. Linux: {@code cubictcp_cwnd_event()}. */
    @Override
    public void onEvent(CongestionWindow window, CongestionEvent event, AckSample sample) {
        if (event != CongestionEvent.TX_START || epochStartJiffies == 0) {
            return;
        }
        final int nowJiffies = toJiffies(sample.nowNs);
        final int idleJiffies = nowJiffies - toJiffies(sample.lastSentNs);
        if (idleJiffies > 0) {
            epochStartJiffies = nowJiffies - Math.max(nowJiffies - (epochStartJiffies + idleJiffies), 0);
        }
    }

    /** Linux: {@code cubictcp_acked()}. */
    @Override
    public void onAck(CongestionWindow window, AckSample sample) {
        if (sample.rttUs == AckSample.NONE
                || epochStartJiffies != 0 && toJiffies(sample.nowNs) - epochStartJiffies < DELAY_PAUSE_JIFFIES) {
            return;
        }
        final int delayUs = Math.max(sample.rttUs, 1);
        if (delayMinUs == 0 || delayUs < delayMinUs) {
            delayMinUs = delayUs;
        }
        hystart = hystart.onDelay(window, sample, delayUs, delayMinUs);
    }

    /** Linux: {@code cubictcp_cong_avoid()}. */
    @Override
    public void grow(CongestionWindow window, AckSample sample) {
        int acked = sample.ackedSacked;
        if (window.isSlowStart()) {
            acked = hystart.slowStart(window, acked);
        }
        if (acked > 0) {
            update(window.cwnd, acked, toJiffies(sample.nowNs));
            window.avoidCongestion(step, acked);
        }
    }

    /**
     * Computes how many segments make a step now. Within a jiffy the step stays, however far the window goes: where the
     * round trip is shorter it grows as Reno's, past the plateau. Linux: {@code bictcp_update()}.
     */
    private void update(int cwnd, int acked, int nowJiffies) {
        ackCount += acked;
        if (lastCwnd == cwnd && nowJiffies - lastTimeJiffies <= UPDATE_JIFFIES) {
            return;
        }
        if (epochStartJiffies == 0
                || nowJiffies != lastTimeJiffies) { // a reduction forces it, else once a jiffy is enough
            lastCwnd = cwnd;
            lastTimeJiffies = nowJiffies;
            if (epochStartJiffies == 0) {
                beginEpoch(cwnd, acked, nowJiffies);
            }
            step = cubicStep(cwnd, nowJiffies);
        }
        step = Math.max(Math.min(step, renoStep(cwnd)), MIN_STEP);
    }

    private void beginEpoch(int cwnd, int acked, int nowJiffies) {
        epochStartJiffies = nowJiffies == 0 ? 1 : nowJiffies;
        ackCount = acked;
        renoCwnd = cwnd;
        if (lastMaxCwnd <= cwnd) {
            plateauTime = 0;
            originPoint = cwnd;
        } else {
            plateauTime = cubeRoot(CUBE_FACTOR * (lastMaxCwnd - cwnd)); // RFC 9438 equation 2
            originPoint = lastMaxCwnd;
        }
    }

    /** RFC 9438 equation 1, one round trip ahead. */
    private int cubicStep(int cwnd, int nowJiffies) {
        final int delayJiffies = (delayMinUs + JIFFY_US - 1) / JIFFY_US;
        final long time = ((long) (nowJiffies - epochStartJiffies + delayJiffies) << TIME_SHIFT) / HZ;
        final long distance = Math.abs(time - plateauTime);
        final long delta = C * distance * distance * distance >> CUBE_SHIFT;
        final long target = time < plateauTime ? originPoint - delta : originPoint + delta;
        final int wanted = target > cwnd ? (int) (cwnd / (target - cwnd)) : SLOW_STEP * cwnd;
        return lastMaxCwnd == 0 ? Math.min(wanted, FIRST_STEP) : wanted;
    }

    /** RFC 9438 section 4.3: at least the growth that Reno with this beta would have. */
    private int renoStep(int cwnd) {
        final int ackedPerStep = Math.max(cwnd * RENO_SCALE >> 3, 1);
        if (ackCount > ackedPerStep) {
            final int steps = (ackCount - 1) / ackedPerStep;
            ackCount -= steps * ackedPerStep;
            renoCwnd += steps;
        }
        return renoCwnd > cwnd ? cwnd / (renoCwnd - cwnd) : Integer.MAX_VALUE;
    }

    /** The largest integer whose cube is not above {@code value}. */
    static int cubeRoot(long value) {
        long root = 0;
        for (int shift = 60; shift >= 0; shift -= 3) { // three bits of the value give one of the root
            root <<= 1;
            final long next = 3 * root * (root + 1) + 1;
            if (value >>> shift >= next) {
                value -= next << shift;
                root++;
            }
        }
        return (int) root;
    }

    private static int toJiffies(long timeNs) {
        return (int) (timeNs / JIFFY_NS);
    }
}
