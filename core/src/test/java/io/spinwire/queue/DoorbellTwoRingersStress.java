package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads ring one bell while a third polls: it never waits twice at once, and nobody's news are lost. */
@JCStressTest
@Outcome(id = "1, 3", expect = ACCEPTABLE, desc = "polled once in all, and both news seen")
@Outcome(id = "2, 3", expect = ACCEPTABLE, desc = "polled twice, and both news seen")
@State
public class DoorbellTwoRingersStress {
    private final PositionWords news = new PositionWords(true);
    private final DoorbellQueue<PositionWords> queue = new DoorbellQueue<>(2);
    private final Doorbell<PositionWords> bell = new Doorbell<>(news);
    private int polled;
    private int seen;

    @Actor
    public void first() {
        news.publish(news.producer, 1);
        queue.ring(bell);
    }

    @Actor
    public void second() {
        news.publish(news.consumer, 2);
        queue.ring(bell);
    }

    @Actor
    public void answerer() {
        poll();
    }

    @Arbiter
    public void afterwards(II_Result result) {
        while (!queue.isEmpty()) {
            poll();
        }
        result.r1 = polled;
        result.r2 = seen;
    }

    private void poll() {
        final PositionWords owner = queue.poll();
        if (owner != null) {
            polled++;
            seen = (int) (owner.observe(owner.producer) + owner.observe(owner.consumer));
        }
    }
}
