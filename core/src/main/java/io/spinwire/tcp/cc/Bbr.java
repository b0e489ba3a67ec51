package io.spinwire.tcp.cc;

import static io.spinwire.tcp.cc.BbrModel.MIN_CWND;
import static io.spinwire.tcp.cc.BbrModel.NO_BOUND;

/**
 * BBR version 3, as in draft-ietf-ccwg-bbr: sends at the rate that the path was seen to deliver, with not much more in
 * flight than rate times delay, and yields where more than 2 % is lost. Owns window and pacing rate. The
 * {@link BbrModel} is what it knows, the {@link BbrCycle} what it does, this what follows. Larger than the budget of a
 * connection with CUBIC, about 400 bytes. ECN, which the draft leaves open, is not answered. Engine thread only.
 */
final class Bbr implements CongestionControl {
    static final String NAME = "bbr";

    private static final int PACING_MARGIN_PERCENT = 1; // PacingMarginPercent
    private static final int FIRST_RTT_US = 1_000; // until one is known
    private static final int QUANTUM_SHIFT = 10; // a burst is about 1 ms of the rate
    private static final int MAX_QUANTUM_BYTES = 65_536;
    private static final int MIN_QUANTUM = 2; // segments
    private static final int BUDGET_BURSTS = 3; // in the sender, on the way and in the receiver
    private static final int UP_EXTRA = 2; // so that a probe exceeds even a small volume

    private final BbrModel model = new BbrModel();
    private final BbrCycle cycle = new BbrCycle(model);
    private CongestionState priorState;
    private boolean hasSeenRtt;

    private boolean isRecovering;

    /** In the first round of a recovery as many leave as arrive. */
    private boolean isConserving;

    /** Segments were lost since the last ACK; too many of what was in flight then. */
    private boolean isLossFound;

    private boolean isLossTooHigh;
    private boolean isLossAppLimited;
    private int lossInFlight;

    /** Lowered by losses that were none, perhaps: to go back to. */
    private long undoBwShortTerm;

    private int undoInflightShortTerm;
    private int undoInflightLongTerm;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsPacing() {
        return true;
    }

    @Override
    public boolean hasControl() {
        return true;
    }

    @Override
    public void init(CongestionWindow window, AckSample sample) {
        model.init(sample);
        cycle.init();
        priorState = CongestionState.OPEN;
        isRecovering = false;
        isConserving = false;
        isLossFound = false;
        isLossTooHigh = false;
        saveForUndo();
        initPacingRate(window, sample);
    }

    /** Draft: BBRInitPacingRate. */
    private void initPacingRate(CongestionWindow window, AckSample sample) {
        hasSeenRtt = sample.srttUs > 0;
        final long rttUs = hasSeenRtt ? Math.max(sample.srttUs >> 3, 1) : FIRST_RTT_US;
        final long nominal = (long) window.cwnd * sample.mss * 1_000_000 / rttUs;
        sample.pacingRate = Math.min(nominal * BbrState.STARTUP.pacingGain / 100, sample.maxPacingRate);
    }

    // ---- What happens besides ACKs ----

    /** BBR has no such threshold; the window is kept to go back to. */
    @Override
    public int ssthresh(CongestionWindow window, AckSample sample) {
        cycle.saveCwnd(window, sample);
        saveForUndo();
        return window.ssthresh;
    }

    private void saveForUndo() {
        undoBwShortTerm = model.bwShortTerm;
        undoInflightShortTerm = model.inflightShortTerm;
        undoInflightLongTerm = model.inflightLongTerm;
    }

    @Override
    public int undoCwnd(CongestionWindow window) {
        model.bwShortTerm = Math.max(model.bwShortTerm, undoBwShortTerm);
        model.inflightShortTerm = Math.max(model.inflightShortTerm, undoInflightShortTerm);
        model.inflightLongTerm = Math.max(model.inflightLongTerm, undoInflightLongTerm);
        model.isLossInRound = false;
        isConserving = false;
        return Math.max(window.cwnd, cycle.priorCwnd());
    }

    @Override
    public void onState(CongestionWindow window, CongestionState state, AckSample sample) {
        if (state == CongestionState.LOSS) {
            isRecovering = false;
            isConserving = false;
            if (!cycle.state().isAccelerating() && model.inflightShortTerm == NO_BOUND) {
                model.inflightShortTerm = Math.max(window.cwnd, cycle.priorCwnd()); // that of before the timeout
            }
        } else if (priorState == CongestionState.LOSS) {
            cycle.restoreCwnd(window);
        }
        priorState = state;
    }

    /** Draft: BBRHandleRestartFromIdle. */
    @Override
    public void onEvent(CongestionWindow window, CongestionEvent event, AckSample sample) {
        if (event != CongestionEvent.TX_START || sample.appLimited == 0) {
            return;
        }
        cycle.isIdleRestart = true;
        model.aggregationStartNs = sample.nowNs;
        if (cycle.state().isProbeBw()) {
            setPacingRate(window, sample, 100);
        } else {
            cycle.checkProbeRttDone(window, sample);
        }
    }

    /** Draft: BBRHandleLostPacket, whose second half is done with the next ACK. */
    @Override
    public void onLost(int lost, int inFlight, boolean isAppLimited) {
        isLossFound = true;
        if (!isLossTooHigh && BbrModel.isTooHigh(lost, inFlight)) {
            isLossTooHigh = true;
            isLossAppLimited = isAppLimited;
            lossInFlight = BbrModel.inFlightAtLoss(lost, inFlight);
        }
    }

    private void takeLosses(CongestionWindow window, AckSample sample) {
        if (!isLossFound) {
            return;
        }
        model.lossEvents++;
        model.noteLoss(sample.delivered);
        if (isLossTooHigh) {
            cycle.onTooMuchLost(window, sample, lossInFlight, isLossAppLimited);
        }
        isLossFound = false;
        isLossTooHigh = false;
    }

    @Override
    public void grow(CongestionWindow window, AckSample sample) {
        // the window is set by control
    }

    // ---- An ACK ----

    /** Draft: BBRUpdateOnACK. */
    @Override
    public void control(CongestionWindow window, AckSample sample) {
        takeLosses(window, sample);
        model.takeRate(sample);
        model.takeLosses(window, cycle.state().isAccelerating());
        model.takeAggregation(window, sample, cycle.isFullReached);
        cycle.checkFullPipe(sample);
        cycle.checkStartup(sample, inflight(sample, 100));
        cycle.update(window, sample, inflight(sample, 100));
        model.takeRtt(sample);
        cycle.checkProbeRtt(window, sample, probeRttCwnd(sample));
        model.finish(sample);
        setPacingRate(window, sample, cycle.state().pacingGain);
        setCwnd(window, sample);
    }

    /** Draft: BBRSetPacingRateWithGain. */
    private void setPacingRate(CongestionWindow window, AckSample sample, int gainPercent) {
        if (!hasSeenRtt && sample.srttUs > 0) {
            initPacingRate(window, sample);
        }
        final long rate =
                Math.min(model.bw * gainPercent / 100 * (100 - PACING_MARGIN_PERCENT) / 100, sample.maxPacingRate);
        if (cycle.isFullReached || rate > sample.pacingRate) {
            sample.pacingRate = rate;
        }
    }

    /** Draft: BBRSetCwnd. */
    private void setCwnd(CongestionWindow window, AckSample sample) {
        final int acked = sample.ackedSacked;
        if (acked > 0 && !recover(window, sample)) {
            final int most = budget(sample, model.bdp(sample, model.bw, cycle.state().cwndGain) + model.extraAcked());
            if (cycle.isFullReached) {
                window.cwnd = Math.min(window.cwnd + acked, most);
            } else if (window.cwnd < most || sample.delivered < sample.initialCwnd) {
                window.cwnd += acked;
            }
        }
        window.cwnd = Math.max(window.cwnd, MIN_CWND);
        if (cycle.state() == BbrState.PROBE_RTT) {
            window.cwnd = Math.min(window.cwnd, probeRttCwnd(sample));
        }
        boundByModel(window);
    }

    /** Loss may be a sign that the path has changed: for a round no more leave than arrive. True while that lasts. */
    private boolean recover(CongestionWindow window, AckSample sample) {
        if (sample.losses > 0) {
            window.cwnd = Math.max(window.cwnd - sample.losses, 1);
        }
        final boolean isInRecovery = sample.state == CongestionState.RECOVERY;
        if (isInRecovery && !isRecovering) {
            isRecovering = true;
            isConserving = true;
            model.startRound(sample);
            window.cwnd = sample.inFlight + sample.ackedSacked;
        } else if (!isInRecovery && isRecovering) {
            isRecovering = false;
            isConserving = false;
            cycle.restoreCwnd(window);
        } else if (model.isRoundStart) {
            isConserving = false;
        }
        if (isConserving) {
            window.cwnd = Math.max(window.cwnd, sample.inFlight + sample.ackedSacked);
        }
        return isConserving;
    }

    /** Draft: BBRBoundCwndForModel. */
    private void boundByModel(CongestionWindow window) {
        int bound = NO_BOUND;
        final BbrState state = cycle.state();
        if (state == BbrState.PROBE_RTT || state == BbrState.PROBE_CRUISE) {
            bound = model.inflightWithHeadroom();
        } else if (state.isProbeBw()) {
            bound = model.inflightLongTerm;
        }
        window.cwnd = Math.min(window.cwnd, Math.max(Math.min(bound, model.inflightShortTerm), MIN_CWND));
    }

    // ---- Volumes ----

    private int inflight(AckSample sample, int gainPercent) {
        return budget(sample, model.bdp(sample, model.maxBw, gainPercent));
    }

    /** At least what bursts need. Draft: BBRQuantizationBudget. */
    private int budget(AckSample sample, int inflight) {
        final int burst = Math.max(
                (int) (Math.min(sample.pacingRate >> QUANTUM_SHIFT, MAX_QUANTUM_BYTES) / sample.mss), MIN_QUANTUM);
        final int least = Math.max(Math.max(inflight, BUDGET_BURSTS * burst), MIN_CWND);
        return cycle.state() == BbrState.PROBE_UP ? least + UP_EXTRA : least;
    }

    private int probeRttCwnd(AckSample sample) {
        return Math.max(model.bdp(sample, model.bw, BbrState.PROBE_RTT.cwndGain), MIN_CWND);
    }

    @Override
    public String toString() {
        return NAME + " " + cycle.state() + " bw=" + model.bw + " minRttUs=" + model.minRttUs + " inflight="
                + model.inflightShortTerm + "/" + model.inflightLongTerm;
    }
}
