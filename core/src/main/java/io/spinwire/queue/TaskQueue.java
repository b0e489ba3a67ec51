package io.spinwire.queue;

import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Work that other threads want done on the engine thread: opening connections and listeners, which happens rarely and
 * may allocate. Any thread offers; the engine's thread polls, once a turn. Bounded; lock-free; a refused task is the
 * caller's to try again.
 */
public final class TaskQueue {
    private final MpscVarHandleArrayQueue<Runnable> queue;

    /** @param limit tasks that may wait */
    public TaskQueue(int limit) {
        queue = new MpscVarHandleArrayQueue<>(limit);
    }

    /** Any thread. What the caller wrote before, the task sees. False when full. */
    public boolean offer(Runnable task) {
        return queue.offer(task);
    }

    /** Any thread: whether nothing waited a moment ago. */
    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Engine thread. Null when empty, or when the next one is just being put in. */
    public Runnable poll() {
        return queue.relaxedPoll();
    }
}
