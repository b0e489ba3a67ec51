package io.spinwire.bench.jmh;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.AuxCounters;
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

/**
 * P6, the stack alone: bulk from a to b at MTU 1500, one thread for both ends. Bytes are copied into a's send buffer
 * and from there into frames, sums are made and verified, and b takes them inline. The result is the secondary one,
 * {@code bytes} a second as delivered at b; an operation is one turn of each end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class StackBulkBenchmark {
    private static final int CHUNK_LENGTH = 64 * 1024;

    private final UnsafeBuffer chunk = new UnsafeBuffer(BufferUtil.allocateDirectAligned(CHUNK_LENGTH, 64));
    private final Sink sink = new Sink();
    private StackPair pair;
    private TcpSocket socket;

    /** Bytes that b was handed in an iteration. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Delivered {
        public long bytes;
    }

    @Setup
    public void connect() {
        pair = new StackPair(SystemNanoClock.INSTANCE);
        socket = pair.connect((from, buffer, offset, length) -> length, sink);
    }

    @TearDown
    public void check() {
        pair.check();
        pair.close();
    }

    /** Fills the send buffer, and lets each end have a turn. */
    @Benchmark
    public int bulk(Delivered delivered) {
        final long before = sink.bytes;
        while (socket.offer(chunk, 0, CHUNK_LENGTH) == CHUNK_LENGTH) {
            // until it is full
        }
        final int work = pair.turnA() + pair.turnB();
        delivered.bytes += sink.bytes - before;
        return work;
    }

    /** Takes what comes. */
    private static final class Sink implements TcpHandler {
        private long bytes;

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            bytes += length;
            return length;
        }
    }
}
