package io.spinwire.tcp;

import io.spinwire.queue.Doorbell;
import io.spinwire.queue.DoorbellQueue;

/** The bell by which the application of one socket tells the engine to look at it. */
final class EngineBell {
    private final DoorbellQueue<QueuedSocket> bells;
    private final Doorbell<QueuedSocket> bell;

    EngineBell(DoorbellQueue<QueuedSocket> bells, QueuedSocket socket) {
        this.bells = bells;
        bell = new Doorbell<>(socket);
    }

    /** Application thread, after what is new was published. */
    void ring() {
        bells.ring(bell);
    }
}
