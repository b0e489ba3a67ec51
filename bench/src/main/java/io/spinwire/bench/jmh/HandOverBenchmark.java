package io.spinwire.bench.jmh;

import io.spinwire.queue.ReadHandler;
import io.spinwire.queue.ReceiveQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/**
 * A message of 64 bytes handed to another thread and back, through the ring in which an application reads what an
 * engine has received. Two threads that spin, one of them JMH's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class HandOverBenchmark {
    private static final int CAPACITY = 64 * 1024;
    private static final int MESSAGE_BYTES = 64;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[MESSAGE_BYTES]);
    private final ReceiveQueue there = queue();
    private final ReceiveQueue back = queue();
    private final ReadHandler taker = (buffer, offset, length) -> length;
    private volatile boolean isDone;
    private Thread other;
    private long position;

    private static ReceiveQueue queue() {
        final ReceiveQueue queue = new ReceiveQueue(true);
        queue.attach(new UnsafeBuffer(BufferUtil.allocateDirectAligned(CAPACITY, 64)), 0, CAPACITY);
        return queue;
    }

    @Setup
    public void start() {
        other = Thread.ofPlatform().daemon().start(this::answer);
    }

    private void answer() {
        long answered = 0;
        while (!isDone) {
            if (there.poll(taker, MESSAGE_BYTES) > 0) {
                answered += MESSAGE_BYTES;
                back.write(answered - MESSAGE_BYTES, message, 0, MESSAGE_BYTES);
                back.publish(answered);
            }
        }
    }

    @TearDown
    public void stop() throws InterruptedException {
        isDone = true;
        other.join();
    }

    /** One message both ways. */
    @Benchmark
    public long thereAndBack(Control control) {
        there.write(position, message, 0, MESSAGE_BYTES);
        position += MESSAGE_BYTES;
        there.publish(position);
        while (back.poll(taker, MESSAGE_BYTES) == 0 && !control.stopMeasurement) {
            Thread.onSpinWait();
        }
        return position;
    }
}
