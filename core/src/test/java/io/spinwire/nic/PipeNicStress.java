package io.spinwire.nic;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.agrona.MutableDirectBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** What the two threads of a {@link Pipe} may see of each other; r1 and r2 are one thread's, r3 the other's. */
final class PipeNicStress {
    private static final int LENGTH = 64;

    private PipeNicStress() {}

    /** A frame that is seen is seen whole, and the first before the second. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first flush")
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "both flushes")
    @Outcome(expect = FORBIDDEN, desc = "a torn frame, or one out of order")
    @State
    public static class Publish {
        private final Pipe pipe = new Pipe(128, 2);

        @Actor
        public void sender() {
            put(pipe.a(), 1);
            pipe.a().flush();
            put(pipe.a(), 2);
            pipe.a().flush();
        }

        @Actor
        public void receiver(LLL_Result result) {
            final Taken taken = new Taken();
            result.r3 = pipe.b().receive(taken, 2);
            result.r1 = taken.first;
            result.r2 = taken.second;
        }
    }

    /** A slot is written again only when its reader is done with it: the third frame waits for room for one. */
    @JCStressTest
    @Outcome(id = "1, 2, -1", expect = ACCEPTABLE, desc = "refused, the ring is still full")
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "sent after the reader was done")
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the same, with both slots back")
    @Outcome(expect = FORBIDDEN, desc = "a frame changed under its reader")
    @State
    public static class Reuse {
        private final Pipe pipe = new Pipe(128, 2);

        {
            put(pipe.a(), 1);
            put(pipe.a(), 2);
            pipe.a().flush();
        }

        @Actor
        public void sender(LLL_Result result) {
            final int takenBack = pipe.a().flush();
            if (takenBack == 0) {
                result.r3 = pipe.a().claim(LENGTH);
                return;
            }
            result.r3 = takenBack;
            put(pipe.a(), 3);
            pipe.a().flush();
        }

        @Actor
        public void receiver(LLL_Result result) {
            final Taken taken = new Taken();
            pipe.b().receive(taken, 1);
            pipe.b().receive(taken, 1);
            result.r1 = taken.first;
            result.r2 = taken.second;
        }
    }

    /** Each frame's content is one number at both its ends; anything else is a torn frame, and shows as -1. */
    private static final class Taken implements FrameHandler {
        private long first;
        private long second;

        @Override
        public void onFrame(MutableDirectBuffer buffer, int offset, int length) {
            final long head = buffer.getLong(offset);
            final long tail = buffer.getLong(offset + LENGTH - Long.BYTES);
            final long content = length == LENGTH && head == tail ? head : -1;
            if (first == 0) {
                first = content;
            } else {
                second = content;
            }
        }
    }

    private static void put(Nic nic, long content) {
        final int offset = nic.claim(LENGTH);
        nic.txBuffer().putLong(offset, content);
        nic.txBuffer().putLong(offset + LENGTH - Long.BYTES, content);
        nic.commit(LENGTH);
    }
}
