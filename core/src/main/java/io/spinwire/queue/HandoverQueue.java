package io.spinwire.queue;

import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/**
 * References on their way from one thread to one other: accepted sockets to the thread that owns the listener, released
 * ones back to the engine. What the giver wrote before {@link #offer} the taker sees after {@link #poll}. Bounded
 * exactly, as a listen backlog is.
 *
 * @param <E> what is handed over
 */
public final class HandoverQueue<E> {
    private final SpscVarHandleArrayQueue<E> queue;
    private final int limit;

    /** @param limit references on the way at once, at least 1 */
    public HandoverQueue(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit of references in hand-over " + limit + " < 1");
        }
        this.limit = limit;
        queue = new SpscVarHandleArrayQueue<>(limit);
    }

    /** Giver. False when full. */
    public boolean offer(E reference) {
        return !isFull() && queue.offer(reference);
    }

    /** Taker. Null when empty. */
    public E poll() {
        return queue.poll();
    }

    /** True when {@link #offer} would refuse now. Exact for the giver until the taker polls. */
    public boolean isFull() {
        return queue.size() >= limit;
    }

    public int size() {
        return queue.size();
    }

    public int limit() {
        return limit;
    }
}
