package io.spinwire.bench.jmh;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Nic;
import io.spinwire.stats.Counter;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The fast path in alone: a data segment in order into an established connection, its checksums verified, its bytes
 * delivered inline, and the ACKs that are due for it, as Linux has them, made and sent to nobody. The peer is a frame
 * that comes again and again, numbered on.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class SegmentInBenchmark {
    static final int BURST = 32;

    private static final int FIRST_MESSAGES = 64;
    private static final int ROOM = 1448;

    /** Of its data: a small message, and as many as an MTU of 1500 leaves beside timestamps. */
    @Param({"64", "1448"})
    public int segment;

    private final Sink sink = new Sink();
    private StackPair pair;
    private ReplayNic nic;

    /** Connects, sends some data in order, and cuts the sender off. */
    @Setup
    public void connect() {
        pair = new StackPair(SystemNanoClock.INSTANCE, a -> a, this::watch);
        final TcpSocket sender = pair.connect((from, buffer, offset, length) -> length, sink);
        final UnsafeBuffer message = new UnsafeBuffer(new byte[ROOM]);
        for (int i = 0; i < FIRST_MESSAGES; i++) {
            pair.turnA();
            sender.offer(message, 0, segment);
            pair.turnA();
            pair.turnB();
        }
        nic.cutOff(ReplayNic.SEQ, segment);
    }

    private Nic watch(Nic end) {
        nic = new ReplayNic(end);
        return nic;
    }

    /** Fails when it was not the fast path. */
    @TearDown
    public void check() {
        pair.check();
        final long segments = sink.bytes / segment;
        final long predicted = pair.count(Counter.TcpHPHits);
        if (predicted < segments - FIRST_MESSAGES) {
            throw new IllegalStateException(segments + " segments, " + predicted + " of them on the fast path");
        }
        pair.close();
    }

    /** A turn of its own for the segment. */
    @Benchmark
    public int inATurnOfItsOwn() {
        nic.arrive(1);
        return pair.turnB();
    }

    /** One of a burst that comes in one turn. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int inABurst() {
        nic.arrive(BURST);
        return pair.turnB();
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
