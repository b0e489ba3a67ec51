package io.spinwire.bench.jmh;

import io.spinwire.api.TcpSocket;
import io.spinwire.nic.Nic;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The way out alone: a message of 64 bytes offered, and the turn that makes a frame of it, which goes to nobody. A
 * sender that is never acknowledged comes to its end, so every eighth message is followed by an ACK for all eight,
 * which is an eighth of an operation.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class SegmentOutBenchmark {
    static final int MESSAGES = 8; // fewer than the first congestion window has segments

    private static final int MESSAGE_BYTES = 64;
    private static final int FIRST_MESSAGES = 64;

    private final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MESSAGE_BYTES, 64));
    private StackPair pair;
    private ReplayNic nic;
    private TcpSocket socket;
    private long offered;

    /** Connects, sends until the peer acknowledges as it goes, and cuts the peer off. */
    @Setup
    public void connect() {
        pair = new StackPair(SystemNanoClock.INSTANCE, this::watch, b -> b);
        socket = pair.connect((from, buffer, offset, length) -> length, (from, buffer, offset, length) -> length);
        for (int i = 0; i < FIRST_MESSAGES || socket.unacknowledged() > 0; i++) {
            if (i < FIRST_MESSAGES) {
                socket.offer(message, 0, MESSAGE_BYTES);
            }
            pair.turnA();
            pair.turnB();
            pair.turnA();
        }
        nic.cutOff(ReplayNic.ACK, MESSAGES * MESSAGE_BYTES);
    }

    private Nic watch(Nic end) {
        nic = new ReplayNic(end);
        return nic;
    }

    /** Fails when a message was not one frame. */
    @TearDown
    public void check() {
        pair.check();
        if (nic.sent() != offered) {
            throw new IllegalStateException(offered + " messages made " + nic.sent() + " frames");
        }
        pair.close();
    }

    /** One message out. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int out() {
        int work = 0;
        for (int i = 0; i < MESSAGES; i++) {
            offered += socket.offer(message, 0, MESSAGE_BYTES) / MESSAGE_BYTES;
            work += pair.turnA();
        }
        nic.arrive(1);
        return work + pair.turnA();
    }
}
