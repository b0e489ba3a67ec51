package io.spinwire.tcp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the bytes that engines and applications allocate once they are warm. Run by {@link AllocationTest}, and as a
 * program in a JVM with other flags: exit code 0 when nothing was allocated.
 */
final class AllocationProbe {
    private static final int WARM_UP = 30_000;
    private static final int ROUNDS = 10_000;
    private static final int ROUNDS_OF_TWO = 3_000; // on a busy machine each costs two changes of thread
    private static final long PATIENCE_NS = 3_000_000_000L;
    private static final int ATTEMPTS = 8; // a compilation in between may cost a few bytes

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    public static void main(String[] args) throws InterruptedException {
        final AllocationProbe probe = new AllocationProbe();
        final long inline = probe.inline();
        final long queued = probe.queued();
        final long twoThreads = probe.twoThreads();
        System.out.println("allocated: inline " + inline + ", queued " + queued + ", two threads " + twoThreads);
        System.exit(inline + queued + twoThreads == 0 ? 0 : 1);
    }

    /** Handlers on the engine thread. */
    long inline() {
        try (EchoPair pair = new InlineEchoPair(1)) {
            return measure(pair);
        }
    }

    /** Sockets and pollers, driven by the engines' thread. */
    long queued() {
        try (EchoPair pair = new QueuedEchoPair(1)) {
            return measure(pair);
        }
    }

    private long measure(EchoPair pair) {
        pair.run(WARM_UP);
        long allocated = -1;
        for (int attempt = 0; attempt < ATTEMPTS && allocated != 0; attempt++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            final long after = threads.getCurrentThreadAllocatedBytes();
            pair.run(ROUNDS);
            allocated = threads.getCurrentThreadAllocatedBytes() - after - (after - before);
        }
        pair.checkThatItWasHard();
        return allocated;
    }

    /** Sockets and pollers on a thread of their own. Both threads are measured. */
    long twoThreads() throws InterruptedException {
        final QueuedEchoPair pair = new QueuedEchoPair(1);
        final boolean[] isOver = new boolean[1];
        final Thread engines = new Thread(() -> repeat(pair, isOver, pair::turn), "engines");
        final Thread application = new Thread(() -> repeat(pair, isOver, pair::application), "application");
        engines.start();
        application.start();
        awaitRounds(pair, 2 * ROUNDS_OF_TWO);
        long allocated = -1;
        for (int attempt = 0; attempt < ATTEMPTS && allocated != 0; attempt++) {
            final long before = allocatedBy(engines) + allocatedBy(application);
            awaitRounds(pair, ROUNDS_OF_TWO);
            allocated = allocatedBy(engines) + allocatedBy(application) - before;
        }
        synchronized (isOver) {
            isOver[0] = true;
        }
        engines.join();
        application.join();
        pair.close();
        if (pair.rounds < ROUNDS_OF_TWO / 10) {
            throw new AssertionError("only " + pair.rounds + " messages went to and fro: nothing is measured");
        }
        return allocated;
    }

    private static void repeat(EchoPair pair, boolean[] isOver, Runnable step) {
        while (true) {
            for (int i = 0; i < 64; i++) {
                step.run();
            }
            Thread.yield(); // the machine may have no core for each
            synchronized (isOver) {
                if (isOver[0]) {
                    return;
                }
            }
        }
    }

    private static void awaitRounds(EchoPair pair, int count) {
        final long start = System.nanoTime();
        final long end = pair.rounds + count;
        while (pair.rounds < end && System.nanoTime() - start < PATIENCE_NS) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private long allocatedBy(Thread thread) {
        return threads.getThreadAllocatedBytes(thread.threadId());
    }
}
