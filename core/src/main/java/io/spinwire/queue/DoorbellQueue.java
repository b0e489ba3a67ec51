package io.spinwire.queue;

import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Doorbells that were rung, so that the thread which answers them never scans idle sockets. Any thread rings, after it
 * published its news; one thread polls, and then looks for news. No wake-up is lost: news published before
 * {@link #ring} are seen after some later {@link #poll} of that owner. A poll may also find none.
 *
 * @param <E> what owns the doorbells
 */
public final class DoorbellQueue<E> {
    private final MpscVarHandleArrayQueue<Doorbell<E>> queue;

    /** @param bells that may ever ring here; each waits once at most, so that many never overflow */
    public DoorbellQueue(int bells) {
        queue = new MpscVarHandleArrayQueue<>(Math.max(2, bells));
    }

    /** Any thread, after its news are published. False only when more bells ring than the queue was made for. */
    public boolean ring(Doorbell<E> bell) {
        if (!bell.tryRing()) {
            return true;
        }
        if (queue.offer(bell)) {
            return true;
        }
        bell.answer();
        return false;
    }

    /** The next owner that rang, to be looked at now; null if there is none. */
    public E poll() {
        final Doorbell<E> bell = queue.relaxedPoll();
        if (bell == null) {
            return null;
        }
        bell.answer();
        return bell.owner();
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }
}
