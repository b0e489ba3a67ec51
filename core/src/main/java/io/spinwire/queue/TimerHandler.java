package io.spinwire.queue;

/** Called for each timer that is due; it may schedule and cancel any timer, its own as well. */
@FunctionalInterface
public interface TimerHandler {
    /**
     * @param id of the timer, no longer scheduled
     * @param nowNs of the turn, at or after the timer's deadline
     */
    void onTimer(int id, long nowNs);
}
