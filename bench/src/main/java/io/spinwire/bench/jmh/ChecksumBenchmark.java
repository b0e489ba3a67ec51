package io.spinwire.bench.jmh;

import io.spinwire.wire.Checksum;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The Internet checksum over an IP header, a small segment and a full one; alone, and together with the copy. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class ChecksumBenchmark {
    private static final int ROOM = 2048;
    private static final int OFFSET = 14; // where an IP header begins in a frame

    /** An IP header; a TCP header with timestamps and 64 bytes; the same with 1448. */
    @Param({"20", "96", "1480"})
    public int length;

    private final UnsafeBuffer source = new UnsafeBuffer(BufferUtil.allocateDirectAligned(ROOM, 64));
    private final UnsafeBuffer target = new UnsafeBuffer(BufferUtil.allocateDirectAligned(ROOM, 64));

    @Setup
    public void fill() {
        for (int i = 0; i < ROOM; i++) {
            source.putByte(i, (byte) (i * 31));
        }
    }

    @Benchmark
    public int sum() {
        return Checksum.finish(Checksum.add(0, source, OFFSET, length));
    }

    @Benchmark
    public int sumAndCopy() {
        return Checksum.finish(Checksum.addCopy(0, source, OFFSET, target, OFFSET, length));
    }

    @Benchmark
    public int copy() {
        target.putBytes(OFFSET, source, OFFSET, length);
        return target.getInt(OFFSET);
    }
}
