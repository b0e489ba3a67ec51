package io.spinwire.bench.jmh;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a hook costs that is off: the same short piece of work without a hook, with one behind the process-wide switch,
 * as it is everywhere, and with one behind a field, which is what it would cost without the switch. Each call of the
 * work passes as many hooks as a segment that is sent, so a cost of one of them shows forty times.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(HookSwitchBenchmark.PASSES)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class HookSwitchBenchmark {
    static final int PASSES = 40;

    private final Hooks hooks = new Hooks();
    private long fieldMask;
    private int value = 1;

    @Benchmark
    public int withoutHook() {
        for (int i = 0; i < PASSES; i++) {
            plain(i);
        }
        return value;
    }

    @Benchmark
    public int withSwitchOff() {
        for (int i = 0; i < PASSES; i++) {
            switched(i);
        }
        return value;
    }

    @Benchmark
    public int withFieldOff() {
        for (int i = 0; i < PASSES; i++) {
            masked(i);
        }
        return value;
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private void plain(int i) {
        value = value * 31 + i;
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private void switched(int i) {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.tcp_transmit_skb, i, value);
        }
        value = value * 31 + i;
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private void masked(int i) {
        if ((fieldMask & HookPoint.tcp_transmit_skb.bit()) != 0) {
            hooks.fire(HookPoint.tcp_transmit_skb, i, value);
        }
        value = value * 31 + i;
    }
}
