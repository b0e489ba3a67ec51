package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The bell already waits in the queue. One thread publishes news and rings, the other takes the bell and looks for
 * news, with the plain words and the acquire load that the byte queues use. Either it sees them now, or the bell waits
 * again.
 */
@JCStressTest
@Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "seen at once, by the first ring")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "seen at once, and the bell waits again")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "seen when the bell is polled again")
@Outcome(id = "0, -1", expect = FORBIDDEN, desc = "a lost wake-up")
@State
public class DoorbellQueueStress {
    private final PositionWords news = new PositionWords(true);
    private final DoorbellQueue<PositionWords> queue = new DoorbellQueue<>(2);
    private final Doorbell<PositionWords> bell = new Doorbell<>(news);

    public DoorbellQueueStress() {
        queue.ring(bell);
    }

    @Actor
    public void ringer() {
        news.publish(news.producer, 1);
        queue.ring(bell);
    }

    @Actor
    public void answerer(II_Result result) {
        result.r1 = answer();
    }

    @Arbiter
    public void afterwards(II_Result result) {
        result.r2 = answer();
    }

    private int answer() {
        final PositionWords owner = queue.poll();
        return owner == null ? -1 : (int) owner.observe(owner.producer);
    }
}
