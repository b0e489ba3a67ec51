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

/** Two threads offer while the engine polls: each command arrives once and whole. */
@JCStressTest
@Outcome(id = "(0|1|2|3), 3", expect = ACCEPTABLE, desc = "some now, the rest afterwards")
@State
public class CommandQueueStress {
    private final CommandQueue queue =
            new CommandQueue(new UnsafeBuffer(new byte[128 + RingBufferDescriptor.TRAILER_LENGTH]));
    private final SocketMessageHandler handler = this::onMessage;
    private int seen;

    private void onMessage(int type, int socketIndex, int generation, long argument) {
        final boolean whole = socketIndex == type * 10 && generation == type * 100 && argument == type * 1000L;
        seen += whole ? type : 1_000_000;
    }

    @Actor
    public void first() {
        queue.offer(1, 10, 100, 1000);
    }

    @Actor
    public void second() {
        queue.offer(2, 20, 200, 2000);
    }

    @Actor
    public void engine(II_Result result) {
        queue.poll(handler, 2);
        result.r1 = seen;
    }

    @Arbiter
    public void afterwards(II_Result result) {
        queue.poll(handler, 10);
        queue.poll(handler, 10);
        result.r2 = seen;
    }
}
