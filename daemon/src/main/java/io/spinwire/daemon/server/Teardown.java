package io.spinwire.daemon.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed at the end, or when a later step of the start fails: the last opened first, each but once. */
final class Teardown implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** Closes everything, also where one fails. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (final Exception e) {
                System.err.println("spinwire: " + e.getMessage());
            }
        }
    }
}
