package io.spinwire.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Doorbells that were rung, so that the thread which answers them never scans idle sockets. Any thread rings, after it
 * published its news; one thread polls, and then looks for news. No wake-up is lost: news published before
 * {@link #ring} are seen after some later {@link #poll} of that owner. A poll may also find none.
 *
 * @param <E> what owns the doorbells
 */
public final class DoorbellQueue<E> {
    private static final VarHandle OVERRUN;

    static {
        try {
            OVERRUN = MethodHandles.lookup().findVarHandle(DoorbellQueue.class, "overrun", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final MpscVarHandleArrayQueue<Doorbell<E>> queue;
    private boolean overrun;

    /** @param bells that may wait at once, each at most once; more overrun it */
    public DoorbellQueue(int bells) {
        queue = new MpscVarHandleArrayQueue<>(Math.max(2, bells));
    }

    /**
     * Any thread, after its news are published. False when more bells ring than the queue was made for; then
     * {@link #takeOverrun} says so.
     */
    public boolean ring(Doorbell<E> bell) {
        if (!bell.tryRing()) {
            return true;
        }
        if (queue.offer(bell)) {
            return true;
        }
        bell.answer();
        OVERRUN.setVolatile(this, true);
        return false;
    }

    /** Whether a bell has found no room since the last call: then every owner is to be looked at. */
    public boolean takeOverrun() {
        return (boolean) OVERRUN.getOpaque(this) && (boolean) OVERRUN.getAndSet(this, false);
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
