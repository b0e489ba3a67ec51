package io.spinwire.tcp;

import java.util.concurrent.TimeUnit;

/**
 * How many of a listener's connections have begun by Fast Open and have not completed their handshake. One that its
 * peer resets goes on counting for a minute, for it may have been a forged SYN (RFC 7413 section 5.1). Engine thread
 * only. Linux: {@code struct fastopen_queue}.
 */
final class FastOpenQueue {
    private static final long RESET_NS = TimeUnit.SECONDS.toNanos(60); // Linux: reqsk_fastopen_remove()

    private final long[] resetUntilNs;
    private int resetHead;
    private int resets;
    private int length;

    /** @param limit connections at once, at least 1 */
    FastOpenQueue(int limit) {
        resetUntilNs = new long[limit];
    }

    /** Whether one more may begin. Linux: {@code tcp_fastopen_queue_check()}. */
    boolean hasRoom(long nowNs) {
        if (length < resetUntilNs.length) {
            return true;
        }
        if (resets == 0 || resetUntilNs[resetHead] > nowNs) {
            return false;
        }
        resetHead = (resetHead + 1) % resetUntilNs.length;
        resets--;
        length--;
        return true;
    }

    void onBegin() {
        length++;
    }

    /** The handshake is complete, or the connection has ended without. */
    void onEnd(boolean isReset, long nowNs) {
        if (isReset) {
            resetUntilNs[(resetHead + resets++) % resetUntilNs.length] = nowNs + RESET_NS;
        } else {
            length--;
        }
    }
}
