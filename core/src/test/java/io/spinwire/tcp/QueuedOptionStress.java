package io.spinwire.tcp;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.spinwire.api.SocketOption;
import io.spinwire.api.SocketOptions;
import io.spinwire.queue.DoorbellQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The application sets an option twice while the engine answers: in the end the engine has the second value. */
@JCStressTest
@Outcome(id = "2, [012]", expect = ACCEPTABLE, desc = "the newest value holds")
@State
public class QueuedOptionStress {
    private final DoorbellQueue<QueuedSocket> bells = new DoorbellQueue<>(4);
    private final QueuedSocket socket =
            new QueuedSocket(SocketOptions.DEFAULTS, NoConnector.DEFAULTS, new NoConnector(), bells);
    private int ttl;

    @Actor
    public void application() {
        socket.setOption(SocketOption.TTL, 1);
        socket.setOption(SocketOption.TTL, 2);
    }

    @Actor
    public void engine(II_Result result) {
        answer();
        result.r2 = ttl;
    }

    @Arbiter
    public void afterwards(II_Result result) {
        answer();
        answer();
        result.r1 = ttl;
    }

    private void answer() {
        final QueuedSocket rung = bells.poll();
        if (rung != null && (rung.words.takeRequests() & QueuedSocket.OPTIONS) != 0) {
            ttl = rung.options.all().ttl();
        }
    }
}
