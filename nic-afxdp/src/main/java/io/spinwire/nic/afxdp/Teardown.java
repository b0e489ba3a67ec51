package io.spinwire.nic.afxdp;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be undone, last first: each step of a set-up adds its own undoing as soon as it has succeeded, so a
 * failure at any later step, and the NIC's close, run the same list. Every entry runs, whatever the others do.
 * Idempotent.
 */
final class Teardown {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    void add(Runnable step) {
        steps.push(step);
    }

    void run() {
        RuntimeException first = null;
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (final RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
