package io.spinwire.bench.end;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Lines of the standard input, read by a thread of their own, so that a service can spin until the next one comes. The
 * end of the input is a line too: {@link #QUIT}.
 */
final class Commands {
    static final String QUIT = "quit";

    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private volatile int waiting;

    Commands(InputStream in) {
        final BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        Thread.ofPlatform().daemon().name("commands").start(() -> read(reader));
    }

    private void read(BufferedReader reader) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (final IOException e) {
            add(QUIT); // whoever commanded us is gone
        }
        add(QUIT);
    }

    private synchronized void add(String line) {
        lines.add(line);
        waiting++;
    }

    /** Whether none waits: what a service asks in each turn. */
    boolean isQuiet() {
        return waiting == 0;
    }

    /** The next one; sleeps until it comes. */
    String take() throws InterruptedException {
        final String line = lines.take();
        synchronized (this) {
            waiting--;
        }
        return line;
    }
}
