package io.spinwire.bench.jmh;

import io.spinwire.api.DataHandler;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.WriteClaim;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SystemNanoClock;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message of 64 bytes one way over a connection, from the socket of one application to that of the other, in both
 * kinds of socket: inline ones, and those of an application's own thread, whose bytes pass through rings. Here that
 * thread is the engines' too, so that what is measured is the work, not the hand-over ({@link HandOverBenchmark}). A
 * turn of each end is in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class SocketsBenchmark {
    private static final int MESSAGE_BYTES = 64;
    private static final int MAX_TURNS = 64; // an ACK may be due first, or the bell of a queue
    private static final String INLINE = "inline";

    /** Of both ends. */
    @Param({INLINE, "queued"})
    public String kind;

    private final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MESSAGE_BYTES, 64));
    private final WriteClaim claim = new WriteClaim();
    private final DataHandler taker = (buffer, offset, length) -> length;
    private final Taker atA = new Taker();
    private final Taker atB = new Taker();
    private boolean isInline;
    private StackPair pair;
    private TcpSocket a;
    private TcpSocket b;

    /** Two engines and a connection of that kind between them. */
    @Setup
    public void connect() {
        isInline = kind.equals(INLINE);
        pair = new StackPair(SystemNanoClock.INSTANCE, nic -> nic, nic -> nic);
        if (isInline) {
            a = pair.connect(atA, atB);
            b = atB.socket;
        } else {
            final StackPair.Queued queued = pair.connectQueued();
            a = queued.a();
            b = queued.b();
        }
    }

    @TearDown
    public void check() {
        pair.check();
        pair.close();
    }

    /** From the end that connected. */
    @Benchmark
    public long offerAtClient() {
        offer(a);
        return toB();
    }

    /** From the end that was connected to. */
    @Benchmark
    public long offerAtServer() {
        offer(b);
        return toA();
    }

    /** Written in place instead of copied. */
    @Benchmark
    public long claimAtClient() {
        if (a.tryClaim(MESSAGE_BYTES, claim) != MESSAGE_BYTES) {
            throw new IllegalStateException("there was no room for a message");
        }
        claim.buffer().putLong(claim.offset(), atB.bytes);
        claim.commit(MESSAGE_BYTES);
        return toB();
    }

    private void offer(TcpSocket socket) {
        if (socket.offer(message, 0, MESSAGE_BYTES) != MESSAGE_BYTES) {
            throw new IllegalStateException("a message was not taken");
        }
    }

    private long toB() {
        final long wanted = atB.bytes + MESSAGE_BYTES;
        for (int turn = 0; turn < MAX_TURNS; turn++) {
            pair.turnA();
            pair.turnB();
            take(b, atB);
            if (atB.bytes == wanted) {
                return wanted;
            }
        }
        throw new IllegalStateException("a message did not arrive");
    }

    private long toA() {
        final long wanted = atA.bytes + MESSAGE_BYTES;
        for (int turn = 0; turn < MAX_TURNS; turn++) {
            pair.turnB();
            pair.turnA();
            take(a, atA);
            if (atA.bytes == wanted) {
                return wanted;
            }
        }
        throw new IllegalStateException("a message did not arrive");
    }

    private void take(TcpSocket socket, Taker to) {
        if (!isInline) {
            to.bytes += socket.poll(taker, MESSAGE_BYTES);
        }
    }

    /** Takes what comes, inline. */
    private static final class Taker implements TcpHandler {
        private long bytes;
        private TcpSocket socket;

        @Override
        public void onConnected(TcpSocket connected) {
            socket = connected;
        }

        @Override
        public int onData(TcpSocket from, DirectBuffer buffer, int offset, int length) {
            bytes += length;
            return length;
        }
    }
}
