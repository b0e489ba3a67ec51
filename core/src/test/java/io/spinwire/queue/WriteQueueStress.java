package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A full ring of 4 bytes: the engine reads and releases while the application overwrites, by an offer and by a claim
 * that crosses the end of the ring. What was read is never what was overwritten, and what is published is whole.
 */
@JCStressTest
@Outcome(id = "1234, 0, 0", expect = ACCEPTABLE, desc = "the application came before the release")
@Outcome(id = "1234, (0|5|567), 567", expect = ACCEPTABLE, desc = "it wrote, and the engine saw nothing yet, or some")
@State
public class WriteQueueStress {
    private static final int START = 2;
    private static final int CAPACITY = 4;

    private final WriteQueue queue = new WriteQueue(true);
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[] {8, 9, 1, 2, 3, 4, 5, 6, 7});
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[8]);

    public WriteQueueStress() {
        queue.attach(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        queue.attachOverhang(new UnsafeBuffer(new byte[CAPACITY]), 0, CAPACITY);
        queue.offer(source, 0, START);
        queue.release(START);
        queue.offer(source, START, CAPACITY);
    }

    @Actor
    public void application() {
        if (queue.offer(source, 6, 1) == 1) {
            final int index = queue.tryClaim(2);
            queue.claimBuffer().putBytes(index, source, 7, 2);
            queue.commit(2);
        }
    }

    @Actor
    public void engine(III_Result result) {
        result.r1 = digits(START, START + CAPACITY);
        queue.release(START + CAPACITY - 1);
        result.r2 = digits(START + CAPACITY, (int) queue.writePosition());
    }

    @Arbiter
    public void afterwards(III_Result result) {
        result.r3 = digits(START + CAPACITY, (int) queue.writePosition());
    }

    private int digits(int from, int to) {
        queue.read(from, target, 0, to - from);
        int value = 0;
        for (int i = 0; i < to - from; i++) {
            value = value * 10 + target.getByte(i);
        }
        return value;
    }
}
