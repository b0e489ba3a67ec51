package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.SocketOptions;
import io.spinwire.queue.DoorbellQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The application asks twice while the engine answers doorbells: each request is taken once, none is lost. */
@JCStressTest
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "shutdown and close, each taken once")
@State
public class QueuedSocketRequestStress {
    private final DoorbellQueue<QueuedSocket> bells = new DoorbellQueue<>(4);
    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), bells);
    private int taken;
    private int takenTwice;

    @Actor
    public void application() {
        socket.shutdownOutput();
        socket.close();
    }

    @Actor
    public void engine() {
        answer();
        answer();
    }

    @Arbiter
    public void afterwards(II_Result result) {
        answer();
        answer();
        result.r1 = taken;
        result.r2 = takenTwice;
    }

    private void answer() {
        final QueuedSocket rung = bells.poll();
        if (rung != null) {
            final int requests = rung.words.takeRequests();
            takenTwice |= taken & requests;
            taken |= requests;
        }
    }
}
