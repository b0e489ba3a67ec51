package io.spinwire.daemon.control;

import io.spinwire.Engine;
import io.spinwire.daemon.service.TextBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks the engine thread for the status, which renders it between turns; who asks waits, for a bounded time. */
public final class StatusRequest {
    private final Engine engine;
    private final Status status;

    /** Asks {@code engine} for {@code status}. */
    public StatusRequest(Engine engine, Status status) {
        this.engine = engine;
        this.status = status;
    }

    /** Any thread: the status as JSON, or null when the engine has not answered in time. */
    String ask(long timeoutNs) throws InterruptedException {
        final TextBuffer answer = new TextBuffer();
        final CountDownLatch isAnswered = new CountDownLatch(1);
        final boolean isAsked = engine.execute(() -> {
            status.json(answer);
            isAnswered.countDown();
        });
        return isAsked && isAnswered.await(timeoutNs, TimeUnit.NANOSECONDS) ? answer.toString() : null;
    }
}
