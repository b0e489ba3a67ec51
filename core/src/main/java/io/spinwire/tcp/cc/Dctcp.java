package io.spinwire.tcp.cc;

import io.spinwire.wire.SeqNum;

/**
 * DCTCP, RFC 8257: the window falls by half of the share of segments that were marked, so that a queue that marks early
 * stays short; loss is answered as Reno does, and so it grows. Where the peer does not know ECN it is Reno altogether.
 * The receiver's part, an exact echo, is {@code tcp}'s. Engine thread only. Linux: tcp_dctcp.c.
 */
final class Dctcp implements CongestionControl {
    static final String NAME = "dctcp";

    static final int MAX_ALPHA = 1024; // all marked: begins with it, as RFC 8257 section 4.2 advises
    private static final int GAIN_SHIFT = 4; // g = 1/16, RFC 8257 section 4.2. Linux: dctcp_shift_g
    private static final int ALPHA_SHIFT = 10;
    private static final int MIN_SSTHRESH = 2;

    /** Share of segments marked, of 1024, smoothed. RFC 8257: DCTCP.Alpha. */
    private int alpha;

    /** End of the window in which marks are counted. RFC 8257: DCTCP.WindowEnd. */
    private int windowEnd;

    /** Segments delivered, and delivered with a mark, when it began. */
    private int priorDelivered;

    private int priorDeliveredCe;

    /** Window before the last reduction, for undoing it. Linux: loss_cwnd. */
    private int lossCwnd;

    /** The handshake did not agree on ECN. */
    private boolean isWithoutEcn;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsEcn() {
        return !isWithoutEcn;
    }

    @Override
    public void init(CongestionWindow window, AckSample sample) {
        isWithoutEcn = sample.isEcnRefused;
        alpha = MAX_ALPHA;
        lossCwnd = 0;
        beginWindow(sample);
    }

    @Override
    public void release() {
        isWithoutEcn = false; // the next connection asks for it
    }

    private void beginWindow(AckSample sample) {
        windowEnd = sample.sndNxt;
        priorDelivered = sample.delivered;
        priorDeliveredCe = sample.deliveredCe;
    }

    /** Once a window: alpha = (1 - g) alpha + g F. Linux: {@code dctcp_update_alpha()}. */
    @Override
    public void onAck(CongestionWindow window, AckSample sample) {
        if (isWithoutEcn || SeqNum.isBefore(sample.sndUna, windowEnd)) {
            return;
        }
        final int delivered = Math.max(sample.delivered - priorDelivered, 1);
        final long marked = sample.deliveredCe - priorDeliveredCe;
        final int fall = alpha >> GAIN_SHIFT;
        alpha -= fall == 0 ? alpha : fall;
        alpha = (int) Math.min(alpha + (marked << (ALPHA_SHIFT - GAIN_SHIFT)) / delivered, MAX_ALPHA);
        beginWindow(sample);
    }

    /** The answer to marks; that to a loss is in {@link #onState}. Linux: {@code dctcp_ssthresh()}. */
    @Override
    public int ssthresh(CongestionWindow window, AckSample sample) {
        if (isWithoutEcn) {
            return Math.max(window.cwnd >> 1, MIN_SSTHRESH);
        }
        lossCwnd = window.cwnd;
        final long reduction = (long) window.cwnd * alpha >> (ALPHA_SHIFT + 1);
        return Math.max(window.cwnd - (int) reduction, MIN_SSTHRESH);
    }

    @Override
    public void onState(CongestionWindow window, CongestionState state, AckSample sample) {
        if (state == CongestionState.RECOVERY && sample.state != CongestionState.RECOVERY) {
            reactToLoss(window);
        }
    }

    @Override
    public void onEvent(CongestionWindow window, CongestionEvent event, AckSample sample) {
        if (event == CongestionEvent.LOSS) {
            reactToLoss(window);
        }
    }

    /** RFC 8257 section 3.5: as with any loss. Linux: {@code dctcp_react_to_loss()}. */
    private void reactToLoss(CongestionWindow window) {
        if (!isWithoutEcn) {
            lossCwnd = window.cwnd;
            window.ssthresh = Math.max(window.cwnd >> 1, MIN_SSTHRESH);
        }
    }

    @Override
    public int undoCwnd(CongestionWindow window) {
        return Math.max(window.cwnd, isWithoutEcn ? window.priorCwnd : lossCwnd);
    }

    @Override
    public void grow(CongestionWindow window, AckSample sample) {
        window.growAsReno(sample.ackedSacked);
    }

    /** Share of segments marked, of {@link #MAX_ALPHA}. */
    int alpha() {
        return alpha;
    }
}
