package io.spinwire.daemon;

import java.io.IOException;

/** Ends this process when standard input does, so that a child does not outlive a parent that was killed. */
final class ParentWatch {
    private ParentWatch() {}

    static void start() {
        Thread.ofPlatform().daemon().name("spinwire-parent-watch").start(ParentWatch::waitForEnd);
    }

    private static void waitForEnd() {
        try {
            while (System.in.read() >= 0) {
                // what a parent may write is of no interest here
            }
        } catch (final IOException e) {
            // no standard input is as good as its end
        }
        System.exit(0);
    }
}
