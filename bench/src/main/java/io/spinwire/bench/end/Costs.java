package io.spinwire.bench.end;

import io.spinwire.Engine;
import io.spinwire.nic.Nic;
import io.spinwire.nic.afxdp.Affinity;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the pieces cost of which a round trip is made, each measured alone: nanoseconds of one operation, the median of
 * short batches, so that a moment in which the machine did something else does not count.
 */
final class Costs {
    private static final int BATCHES = 401;
    private static final int WARM_UP_BATCHES = 200;
    private static final int BATCH = 500;
    private static final int PAIR_OF_LINES = 128;
    private static final MethodHandle GETPPID = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("getppid"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT));

    private static volatile long sink; // what is computed is used

    private Costs() {}

    /** Reading the clock, as each turn of an engine does. */
    static double clock() {
        return perOperation(System::nanoTime);
    }

    /** Entering the kernel for next to nothing, and coming back. */
    static double systemCall() {
        return perOperation(() -> {
            try {
                return (int) GETPPID.invokeExact();
            } catch (final Throwable e) {
                throw new IllegalStateException(e); // it declares none
            }
        });
    }

    /** A turn of an engine that has nothing to do, the clock included. */
    static double idleTurn(Engine engine) {
        return perOperation(engine::doWork);
    }

    /** One frame, of those that leave with one kick: all that the sender's processor does for it. */
    static double frame(Nic nic, int length, int perKick) {
        final RawFlood flood = new RawFlood(nic, length, perKick);
        return perOperation(flood::turn, Math.max(BATCH / perKick, 1)) / perKick;
    }

    /** A cache line to a thread on {@code otherCpu} and back, both spinning. */
    static double crossing(int otherCpu) throws InterruptedException {
        final UnsafeBuffer lines = new UnsafeBuffer(BufferUtil.allocateDirectAligned(2 * PAIR_OF_LINES, PAIR_OF_LINES));
        final long rounds = (long) (WARM_UP_BATCHES + BATCHES) * BATCH;
        final Thread other = Thread.ofPlatform().daemon().start(() -> {
            Affinity.pin(otherCpu);
            for (long round = 1; round <= rounds; round++) {
                awaitValue(lines, 0, round);
                lines.putLongRelease(PAIR_OF_LINES, round);
            }
        });
        final long[] round = {0};
        final double ns = perOperation(() -> {
            round[0]++;
            lines.putLongRelease(0, round[0]);
            awaitValue(lines, PAIR_OF_LINES, round[0]);
            return round[0];
        });
        other.join();
        return ns;
    }

    private static void awaitValue(UnsafeBuffer lines, int index, long value) {
        while (lines.getLongAcquire(index) != value) {
            // no pause: the engines do not pause either
        }
    }

    private interface Operation {
        long run();
    }

    private static double perOperation(Operation operation) {
        return perOperation(operation, BATCH);
    }

    private static double perOperation(Operation operation, int length) {
        final double[] batches = new double[BATCHES];
        for (int batch = -WARM_UP_BATCHES; batch < BATCHES; batch++) {
            long sum = 0;
            final long startNs = System.nanoTime();
            for (int i = 0; i < length; i++) {
                sum += operation.run();
            }
            final long ns = System.nanoTime() - startNs;
            sink = sum;
            if (batch >= 0) {
                batches[batch] = ns / (double) length;
            }
        }
        Arrays.sort(batches);
        return batches[BATCHES / 2];
    }
}
