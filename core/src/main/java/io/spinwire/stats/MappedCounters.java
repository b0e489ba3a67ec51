package io.spinwire.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * A {@link CountersFile} of another process, mapped for reading: what it shows is at most one store behind. Counters
 * are found by label, so the two programs may be of different releases as long as the file's layout is the same. One
 * thread; the map is released with the object.
 */
public final class MappedCounters {
    /** A process start is told in clock ticks since boot, and the time of boot moves when the clock is set. */
    private static final long START_TOLERANCE_MS = 5_000;

    private final UnsafeBuffer file;
    private final CountersReader reader;

    private MappedCounters(UnsafeBuffer file, CountersReader reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Maps a counters file.
     *
     * @throws IllegalStateException when it is none, or of another version
     * @throws UncheckedIOException when it cannot be read
     */
    public static MappedCounters map(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final long length = channel.size();
            if (length < CountersFile.HEADER_LENGTH) {
                throw wrong(path, "is not a counters file: " + length + " bytes");
            }
            final UnsafeBuffer file = new UnsafeBuffer(channel.map(MapMode.READ_ONLY, 0, length));
            return new MappedCounters(file, reader(path, file));
        } catch (final IOException e) {
            throw new UncheckedIOException("counters file " + path + " cannot be read: " + e, e);
        }
    }

    private static CountersReader reader(Path path, UnsafeBuffer file) {
        final int version = file.getIntAcquire(CountersFile.VERSION_AT);
        final long magic = file.getLong(CountersFile.MAGIC_AT);
        if (magic != CountersFile.MAGIC) {
            throw wrong(path, "is not a counters file");
        }
        if (version != CountersFile.VERSION) {
            throw wrong(
                    path,
                    "has version " + version + ", this program reads version " + CountersFile.VERSION
                            + ": use the release that made it");
        }
        final int headerLength = file.getInt(CountersFile.HEADER_LENGTH_AT);
        final int metaDataLength = file.getInt(CountersFile.METADATA_LENGTH_AT);
        final int valuesLength = file.getInt(CountersFile.VALUES_LENGTH_AT);
        if ((long) headerLength + metaDataLength + valuesLength > file.capacity()) {
            throw wrong(path, "is cut off: " + file.capacity() + " bytes");
        }
        return new CountersReader(
                new UnsafeBuffer(file, headerLength, metaDataLength),
                new UnsafeBuffer(file, headerLength + metaDataLength, valuesLength));
    }

    private static IllegalStateException wrong(Path path, String what) {
        return new IllegalStateException("counters file " + path + " " + what);
    }

    /** When a process started, in milliseconds since 1970; 0 where that cannot be known. */
    static long startMs(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
    }

    /** All counters and drop reasons, labels and values. */
    public CountersReader reader() {
        return reader;
    }

    /** Value of the counter, 0 when the owner's release does not have it. */
    public long get(Counter counter) {
        return value(Counters.TYPE_COUNTER, counter.name());
    }

    /** Drops for the reason, 0 when the owner's release does not have it. */
    public long get(DropReason reason) {
        return value(Counters.TYPE_DROP, reason.name());
    }

    private long value(int type, String label) {
        for (int id = 0; id <= reader.maxCounterId(); id++) {
            if (reader.getCounterState(id) == CountersReader.RECORD_ALLOCATED
                    && reader.getCounterTypeId(id) == type
                    && reader.getCounterLabel(id).equals(label)) {
                return reader.getCounterValue(id);
            }
        }
        return 0;
    }

    /** Process that made the file. */
    public long pid() {
        return file.getLong(CountersFile.PID_AT);
    }

    /** When the file was made, in milliseconds since 1970. */
    public long createdMs() {
        return file.getLong(CountersFile.CREATED_AT);
    }

    /** Whether the process that made the file still runs; another one that has its number by now does not count. */
    public boolean isOwnerAlive() {
        final long startMs = file.getLong(CountersFile.PROCESS_START_AT);
        return ProcessHandle.of(pid())
                .filter(process -> {
                    final long nowMs = startMs(process);
                    return startMs == 0 || nowMs == 0 || Math.abs(nowMs - startMs) < START_TOLERANCE_MS;
                })
                .isPresent();
    }
}
