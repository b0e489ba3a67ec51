package io.spinwire.bench.jmh;

import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpSocket;
import io.spinwire.stats.Counter;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * P5, the stack alone: a message of 64 bytes is offered at a, echoed inline at b and delivered inline at a, on one
 * thread. Two TX and two RX traversals of Ethernet, IP and TCP, checksums computed and verified, timestamps on, hooks
 * off. After each iteration the calibrator {@link CopyAndChecksum} runs in the same JVM; its nanoseconds are the
 * secondary result {@code calibratorNs}, of which only the raw data of each iteration mean something.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class StackRoundTripBenchmark {
    /** {@link #clock} as in production. */
    public static final String SYSTEM = "system";

    private static final int MESSAGE_LENGTH = 64;
    private static final int MAX_TURNS = 4;
    private static final long TURN_NS = 1_000; // what a turn takes on a NIC, so that timers and timestamps go on
    private static final int CALIBRATION_ROUND_TRIPS = 1 << 20;

    /** Where the engines' time comes from: System.nanoTime() once a turn as in production, or set by hand. */
    @Param({SYSTEM, "manual"})
    public String clock;

    private final CachedNanoClock manualClock = new CachedNanoClock();
    private final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(MESSAGE_LENGTH, 64));
    private final CopyAndChecksum calibrator = new CopyAndChecksum();
    private boolean isManual;
    private StackPair pair;
    private Client client;
    private TcpSocket socket;

    /** What the calibrator took after an iteration. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Calibration {
        public double calibratorNs;
    }

    /** Two engines and a connection between them. */
    @Setup
    public void connect() {
        isManual = clock.equals("manual");
        manualClock.update(1);
        final NanoClock source = isManual ? manualClock : SystemNanoClock.INSTANCE;
        pair = new StackPair(source);
        client = new Client(message);
        socket = pair.connect(client, new Echo());
    }

    /** Fails when it was another exchange than the one that is meant. */
    @TearDown
    public void check() {
        pair.check();
        final long predicted = pair.count(Counter.TcpHPHits);
        final long segments = pair.count(Counter.TcpInSegs);
        if (segments > 2 * client.delivered + 1_000 || predicted < segments - 1_000) {
            throw new IllegalStateException(client.delivered + " messages took " + segments + " segments, " + predicted
                    + " of them on the fast path: this is not the exchange that the benchmark means");
        }
        pair.close();
    }

    /** Tells how fast the machine was just now. */
    @TearDown(Level.Iteration)
    public void calibrate(Calibration calibration) {
        final long startNs = System.nanoTime();
        long faults = 0;
        for (int i = 0; i < CALIBRATION_ROUND_TRIPS; i++) {
            faults += calibrator.roundTrip(message, MESSAGE_LENGTH);
        }
        calibration.calibratorNs = (System.nanoTime() - startNs) / (double) CALIBRATION_ROUND_TRIPS;
        if (faults != 0) {
            throw new IllegalStateException("the calibrator's sums are wrong: " + faults);
        }
    }

    /** The next message is offered in the callback that delivers the one before: two turns a round trip. */
    @Benchmark
    public long roundTrip() {
        if (!client.isPinging) {
            client.isPinging = true;
            client.send(socket);
            turnA();
            turnB();
        }
        return exchange();
    }

    /** The message is offered between turns: three turns a round trip, and three readings of the clock. */
    @Benchmark
    public long roundTripOfferedBetweenTurns() {
        client.send(socket);
        turnA();
        turnB();
        return exchange();
    }

    /** Turns until one more message is back: one of a, and then one of b, which echoes what a has offered meanwhile. */
    private long exchange() {
        final long wanted = client.delivered + 1;
        for (int turn = 0; turn < MAX_TURNS; turn++) {
            turnA();
            if (client.isPinging) {
                turnB();
            }
            if (client.delivered == wanted) {
                return wanted;
            }
        }
        throw new IllegalStateException("message " + wanted + " is not back after " + MAX_TURNS + " turns");
    }

    private void turnA() {
        tick();
        pair.turnA();
    }

    private void turnB() {
        tick();
        pair.turnB();
    }

    private void tick() {
        if (isManual) {
            manualClock.advance(TURN_NS);
        }
    }

    /** Offers numbered messages and checks that they come back whole, one after the other. */
    private static final class Client implements TcpHandler {
        private final UnsafeBuffer message;
        private long delivered;
        private boolean isPinging;

        Client(UnsafeBuffer message) {
            this.message = message;
        }

        void send(TcpSocket socket) {
            message.putLong(0, delivered);
            if (socket.offer(message, 0, MESSAGE_LENGTH) != MESSAGE_LENGTH) {
                throw new IllegalStateException("message " + delivered + " was not taken");
            }
        }

        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            if (length != MESSAGE_LENGTH || buffer.getLong(offset) != delivered) {
                throw new IllegalStateException(length + " bytes came back for message " + delivered);
            }
            delivered++;
            if (isPinging) {
                send(socket);
            }
            return length;
        }
    }

    /** Sends back what comes. */
    private static final class Echo implements TcpHandler {
        @Override
        public int onData(TcpSocket socket, DirectBuffer buffer, int offset, int length) {
            return Math.max(0, socket.offer(buffer, offset, length));
        }
    }
}
