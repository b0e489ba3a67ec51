package io.spinwire.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongUnaryOperator;

/** Runs many seeds on some threads, each seed wholly on one, until enough are done or too many have failed. */
final class SeedRuns {
    private final LongUnaryOperator seeds;
    private final Run run;
    private final AtomicLong nextIndex = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failuresLeft = new AtomicInteger(1);
    private final LongAdder done = new LongAdder();
    private final LongAdder frames = new LongAdder();
    private final LongAdder virtualNs = new LongAdder();
    private volatile boolean isStopped;

    /** What is done with one seed. */
    @FunctionalInterface
    interface Run {
        Simulation.Outcome of(long seed);
    }

    /** @param seeds the seed of each run by its number, from 0 */
    SeedRuns(LongUnaryOperator seeds, Run run) {
        this.seeds = seeds;
        this.run = run;
    }

    /**
     * Runs so many.
     *
     * @param progress called now and then on this thread
     * @return the first failure, or null
     */
    Throwable go(int threads, long count, Runnable progress) {
        final List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().daemon().start(() -> work(count)));
        }
        try {
            for (final Thread worker : workers) {
                while (!worker.join(Duration.ofMillis(500))) {
                    progress.run();
                }
            }
        } catch (final InterruptedException stop) {
            stop();
            Thread.currentThread().interrupt();
        }
        return failures.peek();
    }

    private void work(long count) {
        while (!isStopped) {
            final long index = nextIndex.getAndIncrement();
            if (index >= count) {
                return;
            }
            try {
                final Simulation.Outcome outcome = run.of(seeds.applyAsLong(index));
                done.increment();
                frames.add(outcome.frames());
                virtualNs.add(outcome.virtualNs());
            } catch (final Throwable broken) {
                failures.add(broken);
                isStopped |= failuresLeft.decrementAndGet() <= 0;
            }
        }
    }

    /** Goes on after a failure, but not after so many. */
    SeedRuns sparing(int mostFailures) {
        failuresLeft.set(mostFailures);
        return this;
    }

    /** No further seed is begun. */
    void stop() {
        isStopped = true;
    }

    Collection<Throwable> failures() {
        return failures;
    }

    long done() {
        return done.sum();
    }

    long frames() {
        return frames.sum();
    }

    long virtualNs() {
        return virtualNs.sum();
    }
}
