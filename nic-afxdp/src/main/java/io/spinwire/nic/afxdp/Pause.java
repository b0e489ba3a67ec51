package io.spinwire.nic.afxdp;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Waiting, for the control plane: what another process is just giving up is often free a moment later. */
final class Pause {
    private static final long BUSY_LIMIT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long BUSY_PAUSE_MS = 10;

    private Pause() {}

    static void forMillis(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    /**
     * Repeats a call while it fails with EBUSY, for 2 s: the kernel frees a queue some time after its last owner closed
     * it.
     *
     * @return the call's last result
     */
    static int whileBusy(IntSupplier call) {
        final long startNs = System.nanoTime();
        int result = call.getAsInt();
        while (result == -Errno.EBUSY
                && System.nanoTime() - startNs < BUSY_LIMIT_NS
                && !Thread.currentThread().isInterrupted()) {
            forMillis(BUSY_PAUSE_MS);
            result = call.getAsInt();
        }
        return result;
    }
}
