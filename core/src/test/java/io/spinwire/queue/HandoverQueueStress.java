package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** What the giver wrote before the hand-over, the taker sees; and no more than the limit is on the way. */
@JCStressTest
@Outcome(id = "0, (1|2)", expect = ACCEPTABLE, desc = "not there yet")
@Outcome(
        id = "7, (1|2)",
        expect = ACCEPTABLE,
        desc = "there, and whole; its place is free for the second or was not yet")
@State
public class HandoverQueueStress {
    private final HandoverQueue<int[]> queue = new HandoverQueue<>(1);

    @Actor
    public void giver(II_Result result) {
        final int[] first = new int[1];
        first[0] = 7;
        final int[] second = {7};
        result.r2 = (queue.offer(first) ? 1 : 0) + (queue.offer(second) ? 1 : 0);
    }

    @Actor
    public void taker(II_Result result) {
        final int[] taken = queue.poll();
        result.r1 = taken == null ? 0 : taken[0];
    }
}
