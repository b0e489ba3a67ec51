package io.spinwire.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The engine offers while an application thread polls: events arrive once, in order and whole. */
@JCStressTest
@Outcome(id = "(0|1|12), 12", expect = ACCEPTABLE, desc = "some now, the rest afterwards")
@State
public class EventQueueStress {
    private final EventQueue queue =
            new EventQueue(new UnsafeBuffer(new byte[128 + RingBufferDescriptor.TRAILER_LENGTH]));
    private final SocketMessageHandler handler = this::onMessage;
    private int seen;

    private void onMessage(int type, int socketIndex, int generation, long argument) {
        final boolean whole = socketIndex == type * 10 && generation == type * 100 && argument == type * 1000L;
        seen = whole ? seen * 10 + type : -1;
    }

    @Actor
    public void engine() {
        queue.offer(1, 10, 100, 1000);
        queue.offer(2, 20, 200, 2000);
    }

    @Actor
    public void application(II_Result result) {
        queue.poll(handler, 10);
        result.r1 = seen;
    }

    @Arbiter
    public void afterwards(II_Result result) {
        queue.poll(handler, 10);
        result.r2 = seen;
    }
}
