package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A byte is written and pushed: who sees it sees the push mark, else it would wait for more that does not come. */
@JCStressTest
@Outcome(id = "0, [01]", expect = ACCEPTABLE, desc = "not seen yet")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "seen with its mark")
@Outcome(id = "1, 0", expect = FORBIDDEN, desc = "seen without its mark")
@State
public class WriteQueuePushStress {
    private static final int CAPACITY = 4;

    private final WriteQueue queue = new WriteQueue(true);
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[1]);

    public WriteQueuePushStress() {
        queue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
    }

    @Actor
    public void application() {
        queue.offer(bytes, 0, 1);
    }

    @Actor
    public void engine(JJ_Result result) {
        result.r1 = queue.writePosition();
        result.r2 = queue.pushPosition();
    }
}
