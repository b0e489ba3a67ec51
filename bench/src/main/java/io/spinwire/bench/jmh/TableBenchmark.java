package io.spinwire.bench.jmh;

import io.spinwire.tcp.Tcp;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.SplittableRandom;
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

/**
 * The table in which a segment's connection is found by its addresses and ports, with so many connections in it: found
 * at random, and not found. It is nobody's but the engine's, so it is reached by handles that the JIT takes for
 * constants.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3)
public class TableBenchmark {
    private static final MethodHandle NEW;
    private static final MethodHandle PUT;
    private static final MethodHandle FIND;

    private static final int ASKED = 1 << 12; // questions in memory, fewer than the processor would mind
    private static final int NOT_FOUND = -1;
    private static final long SEED = 7;

    static {
        try {
            final MethodHandles.Lookup inside = MethodHandles.privateLookupIn(Tcp.class, MethodHandles.lookup());
            final Class<?> table = inside.findClass("io.spinwire.tcp.TcpTable");
            NEW = inside.findConstructor(table, MethodType.methodType(void.class, long.class))
                    .asType(MethodType.methodType(Object.class, long.class));
            PUT = inside.findVirtual(table, "put", MethodType.methodType(void.class, long.class, int.class, int.class))
                    .asType(MethodType.methodType(void.class, Object.class, long.class, int.class, int.class));
            FIND = inside.findVirtual(table, "find", MethodType.methodType(int.class, long.class, int.class))
                    .asType(MethodType.methodType(int.class, Object.class, long.class, int.class));
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Param({"1", "1000", "100000"})
    public int entries;

    private final long[] knownPairs = new long[ASKED];
    private final int[] knownPorts = new int[ASKED];
    private final long[] unknownPairs = new long[ASKED];
    private Object table;
    private int next;

    /** Fills it, and draws whom to ask for. */
    @Setup
    public void fill() throws Throwable {
        final SplittableRandom random = new SplittableRandom(SEED);
        final long[] pairs = random.longs(entries).toArray();
        final int[] ports = random.ints(entries).toArray();
        table = NEW.invokeExact(random.nextLong());
        for (int i = 0; i < entries; i++) {
            PUT.invokeExact(table, pairs[i], ports[i], i);
        }
        for (int i = 0; i < ASKED; i++) {
            final int known = random.nextInt(entries);
            knownPairs[i] = pairs[known];
            knownPorts[i] = ports[known];
            unknownPairs[i] = random.nextLong(); // one in the table by chance would fail the run
        }
    }

    /** Someone who is in it. */
    @Benchmark
    public int hit() throws Throwable {
        final int question = next++ & ASKED - 1;
        final int found = (int) FIND.invokeExact(table, knownPairs[question], knownPorts[question]);
        if (found == NOT_FOUND) {
            throw new IllegalStateException("an entry was not found");
        }
        return found;
    }

    /** Someone who is not. */
    @Benchmark
    public int miss() throws Throwable {
        final int question = next++ & ASKED - 1;
        final int found = (int) FIND.invokeExact(table, unknownPairs[question], knownPorts[question]);
        if (found != NOT_FOUND) {
            throw new IllegalStateException("something was found that nobody put there");
        }
        return found;
    }
}
