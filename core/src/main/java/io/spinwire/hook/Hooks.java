package io.spinwire.hook;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;

/**
 * The hook points of one engine: a mask and a listener, behind one process-wide switch that the JIT compiles as a
 * constant, as the kernel's static keys. Off, a hook costs nothing; flipping the switch deoptimises the compiled loops
 * once and is counted. Callers write {@code if (Hooks.isOn()) hooks.fire(...)}. The switch is the one static state of
 * Spinwire, and never changes output.
 */
public final class Hooks {
    private static final MutableCallSite SWITCH = new MutableCallSite(MethodType.methodType(boolean.class));
    private static final MethodHandle IS_ON = SWITCH.dynamicInvoker();
    private static final AtomicInteger FLIPS = new AtomicInteger();
    private static final AtomicInteger USERS = new AtomicInteger();

    static {
        SWITCH.setTarget(MethodHandles.constant(boolean.class, false));
    }

    private long mask;
    private HookListener listener;

    /** Whether any engine of this process has a listener: a constant to the JIT. */
    public static boolean isOn() {
        try {
            return (boolean) IS_ON.invokeExact();
        } catch (final Throwable impossible) {
            throw new AssertionError("a constant method handle does not throw", impossible);
        }
    }

    /** Times the switch was flipped since the process began. */
    public static int flips() {
        return FLIPS.get();
    }

    /**
     * Starts or replaces the watching of this engine. Call it before the engine runs, or on its thread.
     *
     * @param points mask of {@link HookPoint#bit()}s
     */
    public void attach(HookListener newListener, long points) {
        final boolean wasAttached = listener != null;
        listener = newListener;
        mask = points;
        if (!wasAttached && USERS.getAndIncrement() == 0) {
            flip(true);
        }
    }

    /** Ends the watching of this engine. Idempotent; same thread as {@link #attach}. */
    public void detach() {
        if (listener != null) {
            mask = 0;
            listener = null;
            if (USERS.decrementAndGet() == 0) {
                flip(false);
            }
        }
    }

    /** Passes a point; see {@link HookListener#onHook} for the arguments. */
    public void fire(HookPoint point, int sock, int subject, DirectBuffer buffer, int offset, int length) {
        if ((mask & point.bit()) != 0) {
            listener.onHook(point, sock, subject, buffer, offset, length);
        }
    }

    /** Passes a point that has a socket and an amount, but no packet (yet). */
    public void fire(HookPoint point, int sock, int subject) {
        fire(point, sock, subject, null, 0, 0);
    }

    private static void flip(boolean on) {
        SWITCH.setTarget(MethodHandles.constant(boolean.class, on));
        MutableCallSite.syncAll(new MutableCallSite[] {SWITCH});
        FLIPS.incrementAndGet();
    }
}
