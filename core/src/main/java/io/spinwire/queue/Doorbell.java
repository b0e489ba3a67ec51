package io.spinwire.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Says that its owner has something new for one other thread. A socket has one for the engine and one for its
 * SocketPoller. Rung while it waits in its {@link DoorbellQueue}, so it is there once at most.
 *
 * @param <E> what owns it
 */
public final class Doorbell<E> {
    private static final VarHandle RUNG;

    static {
        try {
            RUNG = MethodHandles.lookup().findVarHandle(Doorbell.class, "rung", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final E owner;
    private boolean rung;

    public Doorbell(E owner) {
        this.owner = owner;
    }

    public E owner() {
        return owner;
    }

    /**
     * The ringer has published its news; true if it must now put the bell in the queue. The fence keeps the news before
     * the look at the flag: else the other thread could clear the flag and miss the news, while this one still sees it
     * set.
     */
    boolean tryRing() {
        VarHandle.fullFence();
        return !(boolean) RUNG.getOpaque(this) && RUNG.compareAndSet(this, false, true);
    }

    /**
     * The other thread has taken the bell from the queue, and after this looks for news: in that order, by the fence.
     */
    void answer() {
        RUNG.setOpaque(this, false);
        VarHandle.fullFence();
    }
}
