package io.spinwire.tcp.cc;

/**
 * What BBR believes of the path: the rate at which it delivers, its round-trip time without a queue, how much more than
 * that ACKs are held back, and how much may be in flight before too much is lost. Fed with each ACK, in the order of
 * {@link Bbr#control}. Rates are bytes a second, volumes segments. Engine thread only. Draft sections 5.5 and 2.
 */
final class BbrModel {
    /** No bound on a rate. */
    static final long NO_RATE_BOUND = Long.MAX_VALUE;

    /** No bound on a volume, or no such time. */
    static final int NO_BOUND = Integer.MAX_VALUE;

    static final int MIN_CWND = 4; // BBR.MinPipeCwnd
    static final long PROBE_RTT_INTERVAL_NS = 5_000_000_000L; // ProbeRTTInterval
    private static final long MIN_RTT_FILTER_NS = 10_000_000_000L; // MinRTTFilterLen
    private static final int LOSS_THRESHOLD_PERCENT = 2; // LossThresh
    private static final int BETA_PERCENT = 70; // Beta
    private static final int HEADROOM_PERCENT = 15; // Headroom
    private static final int AGGREGATION_ROUNDS = 5; // two such halves: ExtraAckedFilterLen is 10
    private static final long MICROS = 1_000_000;

    /** Delivery rate of the ACK in hand; 0 when it gave none. */
    long sampleRate;

    // ---- Rounds: a round trip counted in segments ----

    int roundCount;
    boolean isRoundStart;
    private int nextRoundDelivered;

    // ---- Rate ----

    /** The lower of {@link #maxBw} and the short-term bound. Draft: BBR.bw. */
    long bw;

    /** Highest rate in this cycle of probing and the one before. */
    long maxBw;

    private long bwThisCycle;
    private long bwLastCycle;

    /** Bound from recent losses. Draft: BBR.bw_shortterm, bw_lo. */
    long bwShortTerm;

    private long bwLatest;

    // ---- Volume ----

    /** Bound from probing. Draft: BBR.inflight_longterm, inflight_hi. */
    int inflightLongTerm;

    /** Bound from recent losses. Draft: BBR.inflight_shortterm, inflight_lo. */
    int inflightShortTerm;

    /** Most segments delivered in a round of late. */
    int inflightLatest;

    // ---- Loss ----

    boolean isLossRoundStart;
    boolean isLossInRound;

    /** ACKs in this loss round that found losses. */
    int lossEvents;

    private int lossRoundDelivered;

    // ---- Round-trip time ----

    /** Least in ten seconds, us; {@link #NO_BOUND} before the first. */
    int minRttUs;

    /** Least since the last probe for it. */
    int probeRttMinUs;

    long probeRttMinStampNs;

    /** It is time to probe for it. */
    boolean isProbeRttDue;

    private long minRttStampNs;

    // ---- Aggregation of ACKs ----

    /** When the time began over which {@link #extraDelivered} is counted. */
    long aggregationStartNs;

    private int extraDelivered;
    private int extraThisHalf;
    private int extraLastHalf;
    private int halfStartRound;

    void init(AckSample sample) {
        sampleRate = 0;
        roundCount = 0;
        isRoundStart = false;
        nextRoundDelivered = sample.delivered;
        bw = 0;
        maxBw = 0;
        bwThisCycle = 0;
        bwLastCycle = 0;
        inflightLongTerm = NO_BOUND;
        lossRoundDelivered = sample.delivered;
        isLossRoundStart = false;
        lossEvents = 0;
        minRttUs = sample.srttUs > 0 ? Math.max(sample.srttUs >> 3, 1) : NO_BOUND;
        minRttStampNs = sample.nowNs;
        probeRttMinUs = minRttUs;
        probeRttMinStampNs = sample.nowNs;
        isProbeRttDue = false;
        aggregationStartNs = sample.nowNs;
        extraDelivered = 0;
        extraThisHalf = 0;
        extraLastHalf = 0;
        halfStartRound = 0;
        resetSignals();
        resetShortTerm();
    }

    // ---- An ACK, first to last ----

    /** Rounds and the newest rate. Draft: BBRUpdateLatestDeliverySignals, BBRUpdateRound, BBRUpdateMaxBw. */
    void takeRate(AckSample sample) {
        sampleRate = 0;
        isRoundStart = false;
        isLossRoundStart = false;
        if (sample.priorDeliveredNs == 0 || sample.intervalUs <= 0 || sample.rateDelivered <= 0) {
            return;
        }
        sampleRate = (long) sample.rateDelivered * sample.mss * MICROS / sample.intervalUs;
        bwLatest = Math.max(bwLatest, sampleRate);
        inflightLatest = Math.max(inflightLatest, sample.rateDelivered);
        if (sample.priorDelivered - lossRoundDelivered >= 0) {
            lossRoundDelivered = sample.delivered;
            isLossRoundStart = true;
        }
        if (sample.priorDelivered - nextRoundDelivered >= 0) {
            startRound(sample);
            roundCount++;
            isRoundStart = true;
        }
        if (sampleRate >= maxBw || !sample.isAppLimited) {
            bwThisCycle = Math.max(bwThisCycle, sampleRate);
            maxBw = Math.max(bwThisCycle, bwLastCycle);
        }
    }

    /** A round begins with what is sent from now on. */
    void startRound(AckSample sample) {
        nextRoundDelivered = sample.delivered;
    }

    /**
     * Once a round in which something was lost the bounds follow what got through, unless losses were to be expected.
     * Draft: BBRUpdateCongestionSignals.
     */
    void takeLosses(CongestionWindow window, boolean isProbing) {
        if (!isLossRoundStart) {
            return;
        }
        if (isLossInRound && !isProbing) {
            bwShortTerm = bwShortTerm == NO_RATE_BOUND ? maxBw : bwShortTerm;
            inflightShortTerm = inflightShortTerm == NO_BOUND ? window.cwnd : inflightShortTerm;
            bwShortTerm = Math.max(bwLatest, bwShortTerm * BETA_PERCENT / 100);
            inflightShortTerm = Math.max(inflightLatest, percent(inflightShortTerm, BETA_PERCENT));
        }
        isLossInRound = false;
    }

    /** How much more ACKs have brought than the rate explains. Draft: BBRUpdateACKAggregation. */
    void takeAggregation(CongestionWindow window, AckSample sample, boolean isFull) {
        final long elapsedUs = (sample.nowNs - aggregationStartNs) / 1000;
        long expected = bw * elapsedUs / MICROS / sample.mss;
        if (extraDelivered <= expected) {
            extraDelivered = 0;
            aggregationStartNs = sample.nowNs;
            expected = 0;
        }
        extraDelivered += sample.ackedSacked;
        final int extra = (int) Math.min(extraDelivered - expected, window.cwnd);
        if (roundCount - halfStartRound >= (isFull ? AGGREGATION_ROUNDS : 1)) {
            halfStartRound = roundCount;
            extraLastHalf = isFull ? extraThisHalf : 0;
            extraThisHalf = 0;
        }
        extraThisHalf = Math.max(extraThisHalf, extra);
    }

    /** Draft: BBRUpdateMinRTT. */
    void takeRtt(AckSample sample) {
        isProbeRttDue = sample.nowNs - probeRttMinStampNs > PROBE_RTT_INTERVAL_NS;
        final boolean isUsable = sample.rttUs != AckSample.NONE && !(isProbeRttDue && sample.isAckDelayed);
        if (isUsable && (sample.rttUs < probeRttMinUs || isProbeRttDue)) {
            probeRttMinUs = Math.max(sample.rttUs, 1);
            probeRttMinStampNs = sample.nowNs;
        }
        if (probeRttMinUs < minRttUs || sample.nowNs - minRttStampNs > MIN_RTT_FILTER_NS) {
            minRttUs = probeRttMinUs;
            minRttStampNs = probeRttMinStampNs;
        }
    }

    /** The end of an ACK: what counts for the next round begins with it. Draft: BBRAdvanceLatestDeliverySignals. */
    void finish(AckSample sample) {
        if (isLossRoundStart) {
            bwLatest = sampleRate;
            inflightLatest = Math.max(sample.rateDelivered, 0);
            lossEvents = 0;
        }
        bw = Math.min(maxBw, bwShortTerm);
    }

    // ---- What the machine of states does with it ----

    /** The highest rate of two cycles ago no longer counts. Draft: BBRAdvanceMaxBwFilter. */
    void beginCycle() {
        if (bwThisCycle > 0) { // else there was nothing to measure, and the old rate holds on
            bwLastCycle = bwThisCycle;
            bwThisCycle = 0;
            maxBw = bwLastCycle;
        }
    }

    /** Draft: BBRResetCongestionSignals. */
    void resetSignals() {
        isLossInRound = false;
        bwLatest = 0;
        inflightLatest = 0;
    }

    /** Draft: BBRResetShortTermModel. */
    void resetShortTerm() {
        bwShortTerm = NO_RATE_BOUND;
        inflightShortTerm = NO_BOUND;
    }

    /** A segment was lost. Draft: BBRNoteLoss. */
    void noteLoss(int delivered) {
        if (!isLossInRound) {
            lossRoundDelivered = delivered;
            isLossInRound = true;
        }
    }

    /** Too much of what was in flight is lost. Draft: IsInflightTooHigh. */
    static boolean isTooHigh(int lost, int inFlight) {
        return lost * 100L > (long) inFlight * LOSS_THRESHOLD_PERCENT;
    }

    /**
     * How much was in flight when the share of losses crossed the threshold, with the segment that is lost now the last
     * of {@code lost}. Draft: BBRInflightAtLoss.
     */
    static int inFlightAtLoss(int lost, int inFlight) {
        final int before = inFlight - 1;
        final long beyond = (long) LOSS_THRESHOLD_PERCENT * before - 100L * (lost - 1);
        return before + (int) Math.max(beyond / (100 - LOSS_THRESHOLD_PERCENT), 0);
    }

    // ---- Volumes ----

    /** Rate times delay, times a gain in percent, rounded up; the initial window before a round trip is known. */
    int bdp(AckSample sample, long rate, int gainPercent) {
        if (minRttUs == NO_BOUND) {
            return sample.initialCwnd;
        }
        final long bytes = (long) ((double) rate * minRttUs / MICROS * gainPercent / 100);
        return (int) Math.min((bytes + sample.mss - 1) / sample.mss, NO_BOUND >> 1);
    }

    /** Segments that ACKs held back may bring at once. */
    int extraAcked() {
        return Math.max(extraThisHalf, extraLastHalf);
    }

    /** The long-term bound with room for others. Draft: BBRInflightWithHeadroom. */
    int inflightWithHeadroom() {
        if (inflightLongTerm == NO_BOUND) {
            return NO_BOUND;
        }
        return Math.max(inflightLongTerm - Math.max(percent(inflightLongTerm, HEADROOM_PERCENT), 1), MIN_CWND);
    }

    static int percent(int value, int percent) {
        return (int) ((long) value * percent / 100);
    }

    /** What a probe found too much: from now on no more, but not far below what was aimed at. */
    void boundInflight(int inFlight, int target) {
        inflightLongTerm = Math.max(inFlight, percent(target, BETA_PERCENT));
    }
}
