package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A full ring of 2 bytes: the application takes both while the engine, as soon as copiedSeq allows, writes one more in
 * the place of the first. The application never sees a byte too early, and the third is whole when it is published.
 */
@JCStressTest
@Outcome(id = "12, 12", expect = ACCEPTABLE, desc = "no room yet for the third byte")
@Outcome(id = "12, 123", expect = ACCEPTABLE, desc = "written after the application looked for more")
@Outcome(id = "123, 123", expect = ACCEPTABLE, desc = "written and seen")
@State
public class ReceiveQueueStress {
    private final ReceiveQueue queue = new ReceiveQueue(true);
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[] {1, 2, 3});
    private final ReadHandler handler = this::onBytes;
    private int taken;

    public ReceiveQueueStress() {
        queue.attach(new UnsafeBuffer(new byte[2]), 0, 2);
        queue.write(0, source, 0, 2);
        queue.publish(2);
    }

    private int onBytes(DirectBuffer buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            taken = taken * 10 + buffer.getByte(offset + i);
        }
        return length;
    }

    @Actor
    public void engine() {
        if (queue.copiedPosition() + queue.capacity() >= 3) {
            queue.write(2, source, 2, 1);
            queue.publish(3);
        }
    }

    @Actor
    public void application(II_Result result) {
        queue.poll(handler, 1);
        queue.poll(handler, 1);
        queue.poll(handler, 1);
        result.r1 = taken;
    }

    @Arbiter
    public void afterwards(II_Result result) {
        queue.poll(handler, 1);
        result.r2 = taken;
    }
}
