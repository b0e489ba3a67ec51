package io.spinwire.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The counters of one engine in a file that other processes map (see {@link MappedCounters}); on {@code /dev/shm} it
 * costs no disk. Made and closed by the owner's control thread, written by the engine thread through {@link #counters}.
 * In the machine's byte order:
 *
 * <pre>
 *  0        8         12            16              20            24    32            40     64
 * +--------+---------+-------------+---------------+-------------+-----+-------------+------+----------+--------+
 * | magic  | version | header      | metadata      | values      | pid | pid's start | made | metadata | values |
 * |        |         | length      | length        | length      |     | (ms)        | (ms) |          |        |
 * +--------+---------+-------------+---------------+-------------+-----+-------------+------+----------+--------+
 * </pre>
 */
public final class CountersFile implements AutoCloseable {
    /** Changes with the layout of the file, not with the counters in it: those are found by their labels. */
    public static final int VERSION = 1;

    /** "SPINWIRE", its first letter in the first byte on a little-endian machine. */
    static final long MAGIC = 0x4552_4957_4E49_5053L;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 8;
    static final int HEADER_LENGTH_AT = 12;
    static final int METADATA_LENGTH_AT = 16;
    static final int VALUES_LENGTH_AT = 20;
    static final int PID_AT = 24;
    static final int PROCESS_START_AT = 32;
    static final int CREATED_AT = 40;
    static final int HEADER_LENGTH = BitUtil.CACHE_LINE_LENGTH;

    private static final int FILE_LENGTH = HEADER_LENGTH + Counters.METADATA_BUFFER_LENGTH + Counters.VALUES_LENGTH;

    private final Path path;
    private final Counters counters;
    private boolean isClosed;

    private CountersFile(Path path, Counters counters) {
        this.path = path;
        this.counters = counters;
    }

    /**
     * Makes the file, all counters zero; takes the place of one whose owner has died.
     *
     * @param path of the file; its folder exists
     * @throws IllegalStateException when a living process owns the file, or it is not a counters file
     * @throws UncheckedIOException when it cannot be written
     */
    public static CountersFile create(Path path) {
        try {
            if (Files.exists(path)) {
                removeStale(path);
            }
            return new CountersFile(path, createNew(path));
        } catch (final IOException e) {
            throw new UncheckedIOException("counters file " + path + " cannot be made: " + e, e);
        }
    }

    private static void removeStale(Path path) throws IOException {
        final MappedCounters existing = MappedCounters.map(path);
        if (existing.isOwnerAlive()) {
            throw new IllegalStateException("counters file " + path + " belongs to process " + existing.pid()
                    + ", which is running: stop it, or give another path");
        }
        Files.deleteIfExists(path); // never truncated: a reader may have it mapped
    }

    private static Counters createNew(Path path) throws IOException {
        // Under another name until it is whole: a process killed meanwhile leaves nothing at the path.
        final Path unfinished = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        final FileChannel channel = FileChannel.open(
                unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (channel) {
            // Written, not only sized: a full file system then says so here, and not by a fault in the engine thread.
            final ByteBuffer zeros = ByteBuffer.allocate(FILE_LENGTH);
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
            final UnsafeBuffer file = new UnsafeBuffer(channel.map(MapMode.READ_WRITE, 0, FILE_LENGTH));
            final UnsafeBuffer metaData = new UnsafeBuffer(file, HEADER_LENGTH, Counters.METADATA_BUFFER_LENGTH);
            final int valuesAt = HEADER_LENGTH + Counters.METADATA_BUFFER_LENGTH;
            final Counters counters = new Counters(metaData, new UnsafeBuffer(file, valuesAt, Counters.VALUES_LENGTH));
            putHeader(file);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
            return counters;
        } catch (final IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    private static void putHeader(UnsafeBuffer file) {
        file.putLong(MAGIC_AT, MAGIC);
        file.putInt(HEADER_LENGTH_AT, HEADER_LENGTH);
        file.putInt(METADATA_LENGTH_AT, Counters.METADATA_BUFFER_LENGTH);
        file.putInt(VALUES_LENGTH_AT, Counters.VALUES_LENGTH);
        file.putLong(PID_AT, ProcessHandle.current().pid());
        file.putLong(PROCESS_START_AT, MappedCounters.startMs(ProcessHandle.current()));
        file.putLong(CREATED_AT, System.currentTimeMillis());
        file.putIntRelease(VERSION_AT, VERSION); // last: what a reader sees behind it is whole
    }

    /** The same for another process to read; see {@link MappedCounters#map}. */
    public static MappedCounters map(Path path) {
        return MappedCounters.map(path);
    }

    /** The counters, for the engine to write. Their memory stays valid after {@link #close}. */
    public Counters counters() {
        return counters;
    }

    public Path path() {
        return path;
    }

    /** Deletes the file; those who have it mapped keep what they see. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            Files.deleteIfExists(path);
        } catch (final IOException e) {
            throw new UncheckedIOException("counters file " + path + " cannot be deleted: " + e, e);
        }
    }
}
