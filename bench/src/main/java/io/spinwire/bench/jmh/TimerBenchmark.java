package io.spinwire.bench.jmh;

import io.spinwire.queue.TimerHandler;
import io.spinwire.queue.TimerWheel;
import java.util.concurrent.TimeUnit;
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

/** The timer wheel with so many timers on it: one moved, as each ACK does, and a turn in which one of them fires. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class TimerBenchmark {
    private static final long RTO_NS = 200_000_000L;
    private static final int LIMIT = 64;
    private static final int STRIDE = 7_919; // a prime: the next timer is somewhere else

    @Param({"1000", "1000000"})
    public int timers;

    private TimerWheel wheel;
    private TimerHandler handler;
    private long nowNs;
    private int id;

    /** Spreads them over the time of one. */
    @Setup
    public void schedule() {
        wheel = new TimerWheel(timers, 0);
        for (int i = 0; i < timers; i++) {
            wheel.schedule(i, RTO_NS + i * (RTO_NS / timers));
        }
        handler = (expired, firedNs) -> wheel.schedule(expired, firedNs + RTO_NS);
    }

    @Benchmark
    public void move() {
        id = (id + STRIDE) % timers;
        wheel.schedule(id, nowNs + RTO_NS + id);
    }

    @Benchmark
    public int expire() {
        nowNs += RTO_NS / timers;
        return wheel.expire(nowNs, handler, LIMIT);
    }
}
