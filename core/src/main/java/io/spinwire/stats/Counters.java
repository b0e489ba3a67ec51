package io.spinwire.stats;

import static org.agrona.concurrent.status.CountersReader.COUNTER_LENGTH;
import static org.agrona.concurrent.status.CountersReader.METADATA_LENGTH;

import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * The engine's counters, laid out by Agrona's {@link CountersManager} so that any Agrona reader understands them: first
 * one slot for each {@link Counter}, then one for each {@link DropReason}, label = name. Written by the engine thread
 * only, with plain stores, since nothing else is published by them; read by anyone, from any process, when the memory
 * is a mapped file.
 */
public final class Counters {
    private static final int COUNT = Counter.all().length + DropReason.all().length;

    /** Bytes needed for {@code values}. */
    public static final int VALUES_LENGTH = COUNT * COUNTER_LENGTH;

    /** Bytes needed for {@code metaData}. */
    public static final int METADATA_BUFFER_LENGTH = COUNT * METADATA_LENGTH;

    /** Counter type of a {@link Counter}. */
    public static final int TYPE_COUNTER = 1;

    /** Counter type of a {@link DropReason}. */
    public static final int TYPE_DROP = 2;

    private final AtomicBuffer values;
    private final long address;
    private final CountersReader reader;

    /** Counters in ordinary memory, for tests and embedding. */
    public Counters() {
        this(aligned(METADATA_BUFFER_LENGTH), aligned(VALUES_LENGTH));
    }

    /**
     * Counters in given memory, zeroed.
     *
     * @param metaData at least {@link #METADATA_BUFFER_LENGTH} bytes
     * @param values at least {@link #VALUES_LENGTH} bytes
     */
    public Counters(AtomicBuffer metaData, AtomicBuffer values) {
        if (values.byteArray() != null) {
            throw new IllegalArgumentException("counters in an array: give memory outside the heap");
        }
        this.values = values;
        address = values.addressOffset();
        final CountersManager manager = new CountersManager(metaData, values);
        for (final Counter counter : Counter.all()) {
            manager.allocate(counter.name(), TYPE_COUNTER);
        }
        for (final DropReason reason : DropReason.all()) {
            manager.allocate(reason.name(), TYPE_DROP);
        }
        reader = manager;
    }

    public void increment(Counter counter) {
        add(counter, 1);
    }

    public void add(Counter counter, long amount) {
        final long at = address + CountersReader.counterOffset(counter.ordinal());
        UnsafeApi.putLong(at, UnsafeApi.getLong(at) + amount);
    }

    public void set(Counter counter, long value) {
        values.putLongRelease(CountersReader.counterOffset(counter.ordinal()), value);
    }

    public void max(Counter counter, long value) {
        final int offset = CountersReader.counterOffset(counter.ordinal());
        if (value > values.getLong(offset)) {
            values.putLongRelease(offset, value);
        }
    }

    public void drop(DropReason reason) {
        final int offset = offset(reason);
        values.putLongRelease(offset, values.getLong(offset) + 1);
    }

    public long get(Counter counter) {
        return values.getLongAcquire(CountersReader.counterOffset(counter.ordinal()));
    }

    public long get(DropReason reason) {
        return values.getLongAcquire(offset(reason));
    }

    /** Drops for all reasons together. */
    public long totalDrops() {
        long total = 0;
        for (final DropReason reason : DropReason.all()) {
            total += get(reason);
        }
        return total;
    }

    /** Agrona's view of the same memory. */
    public CountersReader reader() {
        return reader;
    }

    /** Values are read and written atomically, for which an array's memory is not aligned enough. */
    private static AtomicBuffer aligned(int length) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, Long.BYTES));
    }

    private static int offset(DropReason reason) {
        return CountersReader.counterOffset(Counter.all().length + reason.ordinal());
    }
}
