package io.spinwire.tcp.cc;

import static io.spinwire.tcp.cc.BbrModel.NO_BOUND;
import static io.spinwire.tcp.cc.BbrState.DRAIN;
import static io.spinwire.tcp.cc.BbrState.PROBE_CRUISE;
import static io.spinwire.tcp.cc.BbrState.PROBE_DOWN;
import static io.spinwire.tcp.cc.BbrState.PROBE_REFILL;
import static io.spinwire.tcp.cc.BbrState.PROBE_RTT;
import static io.spinwire.tcp.cc.BbrState.PROBE_UP;
import static io.spinwire.tcp.cc.BbrState.STARTUP;

/**
 * The walk through BBR's states: startup, drain, then cycles of probing for bandwidth, and now and then a probe for the
 * round-trip time. Decides by what the {@link BbrModel} says, and bounds what may be in flight by what probes find.
 * Engine thread only. Draft section 5.3.
 */
final class BbrCycle {
    private static final int FULL_GROWTH_PERCENT = 125; // a round that brings less than a quarter more
    private static final int FULL_ROUNDS = 3; // three such: the pipe is full
    private static final int FULL_LOSS_EVENTS = 6; // StartupFullLossCnt
    private static final int MAX_SLOPE_SHIFT = 30;
    private static final int MAX_RENO_ROUNDS = 63;
    private static final long PROBE_WAIT_NS = 2_000_000_000L; // and up to a second more, by chance
    private static final int PROBE_WAIT_CHANCE_NS = 1_000_000_000;
    private static final long PROBE_RTT_NS = 200_000_000L; // ProbeRTTDuration

    /** What the ACKs say that come now: to which of our own doings they are the answer. */
    private enum Feedback {
        NONE,
        REFILLING,
        PROBE_STARTING,
        PROBE_FEEDBACK,
        PROBE_STOPPING
    }

    private final BbrModel model;
    private BbrState state;
    private Feedback feedback;

    // ---- Is the pipe full? ----

    /** It was, once: startup is over. */
    boolean isFullReached;

    /** It is, as far as the present probe can say. */
    private boolean isFullNow;

    private long fullBw;
    private int fullBwRounds;

    // ---- Probing for bandwidth ----

    private long cycleStampNs;
    private long probeWaitNs;
    private int roundsSinceProbe;
    private int upRounds;
    private int upAcks;
    private int acksPerStep;

    /** Samples may still answer the last probe. */
    private boolean isProbeSampled;

    // ---- Probing for the round-trip time ----

    private long probeRttDoneNs;
    private boolean isProbeRttTimed;
    private boolean isProbeRttRoundDone;

    /** Window to go back to. */
    private int priorCwnd;

    /** Sending has begun again after silence: too few are in flight anyway to probe for the delay. */
    boolean isIdleRestart;

    BbrCycle(BbrModel model) {
        this.model = model;
    }

    void init() {
        isFullReached = false;
        isFullNow = false;
        resetFullBw(0);
        feedback = Feedback.NONE;
        roundsSinceProbe = 0;
        upRounds = 0;
        upAcks = 0;
        acksPerStep = NO_BOUND;
        isProbeSampled = false;
        isProbeRttTimed = false;
        isProbeRttRoundDone = false;
        priorCwnd = 0;
        isIdleRestart = false;
        state = STARTUP;
    }

    BbrState state() {
        return state;
    }

    // ---- Startup and drain ----

    /** Draft: BBRCheckFullBWReached. */
    void checkFullPipe(AckSample sample) {
        if (isFullNow || sample.isAppLimited || model.sampleRate == 0) {
            return;
        }
        if (model.sampleRate * 100 >= fullBw * FULL_GROWTH_PERCENT) {
            resetFullBw(model.sampleRate);
        } else if (model.isRoundStart) {
            isFullNow = ++fullBwRounds >= FULL_ROUNDS;
            isFullReached |= isFullNow;
        }
    }

    private void resetFullBw(long bw) {
        fullBw = bw;
        fullBwRounds = 0;
        isFullNow = false;
    }

    /** Draft: BBRCheckStartupDone, BBRCheckDrain. */
    void checkStartup(AckSample sample, int target) {
        if (state == STARTUP) {
            checkStartupLoss(sample);
            if (isFullReached) {
                state = DRAIN;
            }
        }
        if (state == DRAIN && sample.inFlight <= target) {
            startDown(sample);
        }
    }

    /** A round of recovery in which six ACKs found losses, and more than 2 % were lost. Draft section 5.3.1.3. */
    private void checkStartupLoss(AckSample sample) {
        if (model.isLossRoundStart
                && !isFullReached
                && sample.state == CongestionState.RECOVERY
                && model.lossEvents >= FULL_LOSS_EVENTS
                && BbrModel.isTooHigh(sample.rateLost, sample.txInFlight)) {
            isFullReached = true;
            model.inflightLongTerm = Math.max(model.bdp(sample, model.maxBw, 100), model.inflightLatest);
        }
    }

    // ---- Probing for bandwidth ----

    /** Draft: BBRUpdateProbeBWCyclePhase. */
    void update(CongestionWindow window, AckSample sample, int target) {
        if (model.isRoundStart) {
            roundsSinceProbe++;
        }
        if (!isFullReached) {
            return;
        }
        adaptLongTerm(window, sample);
        switch (state) {
            case PROBE_DOWN -> {
                if (isTimeToProbe(window, sample)) {
                    startRefill(sample);
                } else if (sample.inFlight <= Math.min(model.inflightWithHeadroom(), target)) {
                    state = PROBE_CRUISE;
                }
            }
            case PROBE_CRUISE -> {
                if (isTimeToProbe(window, sample)) {
                    startRefill(sample);
                }
            }
            case PROBE_REFILL -> {
                if (model.isRoundStart) {
                    isProbeSampled = true;
                    startUp(window, sample);
                }
            }
            case PROBE_UP -> {
                if (isTimeToGoDown(window)) {
                    startDown(sample);
                }
            }
            default -> {}
        }
    }

    /** Where little was lost, more was possible than the bound says. Draft: BBRAdaptLongTermModel. */
    private void adaptLongTerm(CongestionWindow window, AckSample sample) {
        if (model.isRoundStart && feedback == Feedback.PROBE_STARTING) {
            feedback = Feedback.PROBE_FEEDBACK;
        }
        if (model.isRoundStart && feedback == Feedback.PROBE_STOPPING) {
            isProbeSampled = false;
            feedback = Feedback.NONE;
            if (state.isProbeBw() && !sample.isAppLimited) {
                model.beginCycle();
            }
        }
        if (model.inflightLongTerm == NO_BOUND || BbrModel.isTooHigh(sample.rateLost, sample.txInFlight)) {
            return;
        }
        model.inflightLongTerm = Math.max(model.inflightLongTerm, sample.txInFlight);
        if (state == PROBE_UP) {
            raise(window, sample);
        }
    }

    /** Draft: BBRProbeInflightLongtermUpward. */
    private void raise(CongestionWindow window, AckSample sample) {
        if (!window.isLimited || window.cwnd < model.inflightLongTerm) {
            return; // what is allowed is not used
        }
        upAcks += sample.ackedSacked;
        if (upAcks >= acksPerStep) {
            final int steps = upAcks / acksPerStep;
            upAcks -= steps * acksPerStep;
            model.inflightLongTerm += steps;
        }
        if (model.isRoundStart) {
            steepen(window);
        }
    }

    /** Twice as many segments with each round of a probe. Draft: BBRRaiseInflightLongtermSlope. */
    private void steepen(CongestionWindow window) {
        acksPerStep = Math.max(window.cwnd >> upRounds, 1);
        upRounds = Math.min(upRounds + 1, MAX_SLOPE_SHIFT);
    }

    /** After two to three seconds, or in as many rounds as Reno would need to grow by the window. */
    private boolean isTimeToProbe(CongestionWindow window, AckSample sample) {
        final int renoRounds = Math.min(targetInflight(window, sample), MAX_RENO_ROUNDS);
        return sample.nowNs - cycleStampNs > probeWaitNs || roundsSinceProbe >= renoRounds;
    }

    private int targetInflight(CongestionWindow window, AckSample sample) {
        return Math.min(model.bdp(sample, model.bw, 100), window.cwnd);
    }

    /** The probe has found all there is: the rate does not rise, and no bound of ours is to blame. */
    private boolean isTimeToGoDown(CongestionWindow window) {
        if (window.isLimited && window.cwnd >= model.inflightLongTerm) {
            resetFullBw(model.sampleRate);
            return false;
        }
        return isFullNow;
    }

    private void startDown(AckSample sample) {
        model.resetSignals();
        acksPerStep = NO_BOUND;
        roundsSinceProbe = (int) (sample.random() & 1);
        probeWaitNs = PROBE_WAIT_NS + (int) ((sample.random() >>> 33) * PROBE_WAIT_CHANCE_NS >>> 31);
        cycleStampNs = sample.nowNs;
        feedback = Feedback.PROBE_STOPPING;
        model.startRound(sample);
        state = PROBE_DOWN;
    }

    private void startRefill(AckSample sample) {
        model.resetShortTerm();
        upRounds = 0;
        upAcks = 0;
        feedback = Feedback.REFILLING;
        model.startRound(sample);
        state = PROBE_REFILL;
    }

    private void startUp(CongestionWindow window, AckSample sample) {
        feedback = Feedback.PROBE_STARTING;
        model.startRound(sample);
        resetFullBw(model.sampleRate);
        state = PROBE_UP;
        steepen(window);
    }

    /**
     * Too much was lost when {@code inFlight} was in flight: if that is what a probe brought, it was too much. Draft:
     * BBRHandleInflightTooHigh.
     */
    void onTooMuchLost(CongestionWindow window, AckSample sample, int inFlight, boolean isAppLimited) {
        if (!isProbeSampled) {
            return;
        }
        isProbeSampled = false; // one answer for one probe
        if (!isAppLimited) {
            model.boundInflight(inFlight, targetInflight(window, sample));
        }
        if (state == PROBE_UP) {
            startDown(sample);
        }
    }

    // ---- Probing for the round-trip time ----

    /** Draft: BBRCheckProbeRTT. */
    void checkProbeRtt(CongestionWindow window, AckSample sample, int probeRttCwnd) {
        if (state != PROBE_RTT && model.isProbeRttDue && !isIdleRestart) {
            saveCwnd(window, sample);
            state = PROBE_RTT;
            isProbeRttTimed = false;
            feedback = Feedback.PROBE_STOPPING;
            model.startRound(sample);
        }
        if (state == PROBE_RTT) {
            holdProbeRtt(window, sample, probeRttCwnd);
        }
        if (sample.rateDelivered > 0) {
            isIdleRestart = false;
        }
    }

    private void holdProbeRtt(CongestionWindow window, AckSample sample, int probeRttCwnd) {
        final int until = sample.delivered + sample.inFlight;
        sample.appLimited = until == 0 ? 1 : until; // so small a window says nothing about the rate
        if (!isProbeRttTimed) {
            if (sample.inFlight <= probeRttCwnd) {
                isProbeRttTimed = true;
                probeRttDoneNs = sample.nowNs + PROBE_RTT_NS;
                isProbeRttRoundDone = false;
                model.startRound(sample);
            }
            return;
        }
        isProbeRttRoundDone |= model.isRoundStart;
        if (isProbeRttRoundDone) {
            checkProbeRttDone(window, sample);
        }
    }

    /** Draft: BBRCheckProbeRTTDone. */
    void checkProbeRttDone(CongestionWindow window, AckSample sample) {
        if (state != PROBE_RTT || !isProbeRttTimed || sample.nowNs <= probeRttDoneNs) {
            return;
        }
        model.probeRttMinStampNs = sample.nowNs; // the next one is due after its interval
        restoreCwnd(window);
        model.resetShortTerm();
        if (isFullReached) {
            startDown(sample);
            state = PROBE_CRUISE;
        } else {
            state = STARTUP;
        }
    }

    // ---- The window to go back to ----

    /** The last good one: not one that recovery or a probe has cut. Draft: BBRSaveCwnd. */
    void saveCwnd(CongestionWindow window, AckSample sample) {
        final boolean isCut = sample.state.ordinal() >= CongestionState.RECOVERY.ordinal() || state == PROBE_RTT;
        priorCwnd = isCut ? Math.max(priorCwnd, window.cwnd) : window.cwnd;
    }

    void restoreCwnd(CongestionWindow window) {
        window.cwnd = Math.max(window.cwnd, priorCwnd);
    }

    int priorCwnd() {
        return priorCwnd;
    }
}
