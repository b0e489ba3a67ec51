package io.spinwire.tcp.cc;

import io.spinwire.wire.SeqNum;

/**
 * Linux's hystart: slow start ends when the ACKs of a round have come one close after the other for as long as half the
 * least delay, which is when they fill the path, or when the delay of a round has risen. Engine thread only. Linux:
 * {@code hystart_update()}.
 */
final class HystartLinux implements Hystart {
    static final int LOW_WINDOW = 16; // Linux: hystart_low_window
    private static final int TRAIN_GAP_US = 2_000; // Linux: hystart_ack_delta_us
    private static final int MIN_SAMPLES = 8; // Linux: HYSTART_MIN_SAMPLES
    private static final int DELAY_MIN_US = 4_000; // Linux: HYSTART_DELAY_MIN
    private static final int DELAY_MAX_US = 16_000; // Linux: HYSTART_DELAY_MAX
    private static final long GSO_BURSTS =
            4 * 65_536L; // ACKs may wait for so much of the sender's. Linux: gso_max_size
    private static final long MAX_ACK_DELAY_US = 1_000; // Linux: hystart_ack_delay()

    private final HystartPool pool;
    private int roundStartUs;
    private int lastAckUs;
    private int endSeq;
    private int roundDelayUs;
    private int samples;

    HystartLinux(HystartPool pool) {
        this.pool = pool;
    }

    /** A round begins. Linux: {@code bictcp_hystart_reset()}. */
    HystartLinux begin(AckSample sample) {
        roundStartUs = toUs(sample.nowNs);
        lastAckUs = roundStartUs;
        endSeq = sample.sndNxt;
        roundDelayUs = Integer.MAX_VALUE;
        samples = 0;
        return this;
    }

    @Override
    public Hystart onDelay(CongestionWindow window, AckSample sample, int delayUs, int delayMinUs) {
        if (!window.isSlowStart()) {
            return end();
        }
        if (window.cwnd < LOW_WINDOW) {
            return this;
        }
        if (SeqNum.isAfter(sample.sndUna, endSeq)) {
            begin(sample);
        }
        final boolean isTrain = isTrainLong(window, sample, delayMinUs);
        if (isTrain) {
            pool.countTrain(window.cwnd);
            window.ssthresh = window.cwnd;
        }
        final boolean isSlow = isDelayed(delayUs, delayMinUs);
        if (isSlow) {
            pool.countDelay(window.cwnd);
            window.ssthresh = window.cwnd;
        }
        if (!isTrain && !isSlow) {
            return this;
        }
        pool.giveBack(this);
        return pool.done();
    }

    private boolean isTrainLong(CongestionWindow window, AckSample sample, int delayMinUs) {
        final int nowUs = toUs(sample.nowNs);
        if (nowUs - lastAckUs > TRAIN_GAP_US) {
            return false;
        }
        lastAckUs = nowUs;
        final int thresholdUs = delayMinUs + (int) ackDelayUs(sample.pacingRate(window));
        return nowUs - roundStartUs
                > (sample.isPaced ? thresholdUs : thresholdUs >> 1); // pacing alone takes half of it
    }

    private static long ackDelayUs(long pacingRate) {
        return pacingRate == 0 ? 0 : Math.min(MAX_ACK_DELAY_US, GSO_BURSTS * 1_000_000 / pacingRate);
    }

    private boolean isDelayed(int delayUs, int delayMinUs) {
        roundDelayUs = Math.min(roundDelayUs, delayUs);
        if (samples < MIN_SAMPLES) {
            samples++;
            return false;
        }
        return roundDelayUs > delayMinUs + Math.clamp(delayMinUs >> 3, DELAY_MIN_US, DELAY_MAX_US);
    }

    @Override
    public int slowStart(CongestionWindow window, int ackedSegments) {
        return window.slowStart(ackedSegments);
    }

    @Override
    public Hystart restart(AckSample sample) {
        return begin(sample);
    }

    @Override
    public Hystart end() {
        pool.giveBack(this);
        return pool.idle();
    }

    private static int toUs(long timeNs) {
        return (int) (timeNs / 1000); // comes round after 71 minutes; only differences count
    }
}
