package io.spinwire;

/**
 * Lets frames gather in the NIC while they come fast, so that a burst is one turn, with one ACK and one kick at its
 * end. Where they come one by one it never waits. Off unless configured. First on the way in; engine thread only.
 * Linux: gro_flush_timeout and adaptive interrupt moderation, with which its GRO makes one segment, and so one ACK, of
 * a burst.
 */
final class ReceivePause {
    /** Frames in the time of a pause that make one worth its while. */
    static final int LEAST_FRAMES = 8;

    private final long pauseNs;
    private final int burst;
    private int frames; // since the interval began
    private long intervalEndNs;
    private boolean isDense;
    private boolean isPausing;

    /**
     * Pauses of this length.
     *
     * @param pauseNs 0 for none
     * @param burst frames that are received at once at the most
     * @param nowNs of the clock by which turns are timed
     */
    ReceivePause(long pauseNs, int burst, long nowNs) {
        this.pauseNs = pauseNs;
        this.burst = burst;
        intervalEndNs = nowNs;
    }

    /** Whether the NIC is to be asked now. */
    boolean isOver(long nowNs) {
        return !isPausing || nowNs - intervalEndNs >= 0;
    }

    /** The NIC was asked, and had so many frames. */
    void onReceived(int count, long nowNs) {
        if (pauseNs == 0) {
            return;
        }
        frames += count;
        if (nowNs - intervalEndNs >= 0) {
            isDense = frames >= LEAST_FRAMES;
            frames = 0;
            intervalEndNs = nowNs + pauseNs;
        }
        isPausing = isDense && count < burst; // after a full burst more waits already
    }

    /** When the NIC, which has something at {@code nicNs}, is to be asked. */
    long nextDeadlineNs(long nicNs) {
        return isPausing ? intervalEndNs : nicNs;
    }
}
