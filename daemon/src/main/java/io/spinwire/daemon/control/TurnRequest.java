package io.spinwire.daemon.control;

import io.spinwire.Engine;
import io.spinwire.daemon.service.TextBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Asks the engine thread for a text, which it renders between turns; who asks waits, for a bounded time. */
final class TurnRequest {
    private final Engine engine;

    TurnRequest(Engine engine) {
        this.engine = engine;
    }

    /** Any thread: what {@code renderer} writes, or null when the engine has not answered in time. */
    String ask(Consumer<TextBuffer> renderer, long timeoutNs) throws InterruptedException {
        final TextBuffer answer = new TextBuffer();
        final CountDownLatch isAnswered = new CountDownLatch(1);
        final boolean isAsked = engine.execute(() -> {
            renderer.accept(answer);
            isAnswered.countDown();
        });
        return isAsked && isAnswered.await(timeoutNs, TimeUnit.NANOSECONDS) ? answer.toString() : null;
    }
}
