package io.spinwire.nic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Empties a {@link CaptureRing} into a pcapng file that Wireshark and tcpdump open. An Agrona agent, on a thread of its
 * own or on the caller's; it may block on the disk, the engine does not notice. Frames left out (ring full, file at its
 * limit, disk error) are counted and noted in the file: before the packet that follows them, and in all at the end.
 */
public final class CaptureWriter implements Agent, AutoCloseable {
    /** A limit for those who give none, in bytes. */
    public static final long DEFAULT_MAX_FILE_BYTES = 4L << 30;

    private static final int FRAMES_PER_TURN = 256;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int STATISTICS_BYTES = 64;

    private final CaptureRing ring;
    private final Path file;
    private final long maxFileBytes;
    private final long epochOffsetNs;
    private final FileChannel channel;
    private final UnsafeBuffer batch;
    private final ByteBuffer batchBytes;
    private final MessageHandler onMessage = this::onMessage;

    private int batchLength;
    private long fileBytes;
    private long lastNs;
    private long droppedNoted; // of those dropped, noted in the file
    private volatile long written;
    private volatile long skipped;
    private boolean isFailed;
    private boolean isClosed;

    /**
     * Creates or overwrites the file.
     *
     * @param nic names and describes the interface in the file
     * @param maxFileBytes where the file ends, whatever is still captured
     * @param epochOffsetNs what added to the engine's clock makes nanoseconds since 1970
     * @throws NicException when the file cannot be written
     */
    public CaptureWriter(CaptureRing ring, Path file, Nic nic, long maxFileBytes, long epochOffsetNs) {
        this.ring = ring;
        this.file = file;
        this.maxFileBytes = maxFileBytes;
        this.epochOffsetNs = epochOffsetNs;
        final int longestPacket = PcapNg.PACKET_OVERHEAD + BitUtil.align(ring.snapLength, 4);
        batchBytes = ByteBuffer.allocateDirect(BATCH_BYTES + longestPacket);
        batch = new UnsafeBuffer(batchBytes);
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        } catch (final NoSuchFileException e) {
            throw new NicException("capture file " + file + " cannot be written: there is no such folder", e);
        } catch (final AccessDeniedException e) {
            throw new NicException("capture file " + file + " cannot be written: this user may not write it", e);
        } catch (final IOException e) {
            throw new NicException("capture file " + file + " cannot be written: " + e.getMessage(), e);
        }
        batchLength = PcapNg.putSectionHeader(batch, 0, "Spinwire");
        batchLength = PcapNg.putInterface(batch, batchLength, nic.name(), nic.macAddress(), ring.snapLength);
    }

    @Override
    public String roleName() {
        return "capture";
    }

    /**
     * Writes what waits in the ring.
     *
     * @throws UncheckedIOException once, when the disk fails; from then on frames are only counted
     */
    @Override
    public int doWork() {
        final int count = ring.ring.read(onMessage, FRAMES_PER_TURN);
        if (count == 0 || batchLength >= BATCH_BYTES) {
            writeBatch();
        }
        return count;
    }

    private void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        lastNs = buffer.getLong(index + CaptureRing.TIME);
        final int kept = length - CaptureRing.FRAME;
        final int packetLength = PcapNg.PACKET_OVERHEAD + BitUtil.align(kept, 4);
        if (isFailed || fileBytes + batchLength + packetLength + STATISTICS_BYTES > maxFileBytes) {
            skipped = skipped + 1; // one writer
            return;
        }
        if (batchLength >= BATCH_BYTES) {
            writeBatch();
        }
        final long dropped = buffer.getLong(index + CaptureRing.OVERRUNS) + skipped;
        final int originalLength = buffer.getInt(index + CaptureRing.ORIGINAL_LENGTH);
        final int at = PcapNg.beginPacket(batch, batchLength, lastNs + epochOffsetNs, kept, originalLength);
        batch.putBytes(at, buffer, index + CaptureRing.FRAME, kept);
        batchLength = PcapNg.endPacket(batch, batchLength, kept, type - 1, dropped - droppedNoted);
        droppedNoted = dropped;
        written = written + 1;
    }

    private void writeBatch() {
        if (batchLength == 0 || isFailed) {
            return;
        }
        batchBytes.limit(batchLength).position(0);
        fileBytes += batchLength;
        batchLength = 0;
        try {
            while (batchBytes.hasRemaining()) {
                channel.write(batchBytes);
            }
        } catch (final IOException e) {
            isFailed = true;
            throw new UncheckedIOException("capture file " + file + ": " + e.getMessage() + "; capture stops", e);
        }
    }

    /** Frames that went to the file; any thread. */
    public long written() {
        return written;
    }

    /** Frames that did not because the ring was full; any thread. */
    public long overruns() {
        return ring.overruns();
    }

    /** Frames that did not because the file was at its limit, or the disk failed; any thread. */
    public long skipped() {
        return skipped;
    }

    @Override
    public void onClose() {
        close();
    }

    /** Writes the rest of the ring and the totals, and closes the file. Idempotent; on the thread that calls doWork. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (channel) {
            drain();
            final long dropped = overruns() + skipped;
            batchLength = PcapNg.putStatistics(batch, batchLength, lastNs + epochOffsetNs, written + dropped, dropped);
            writeBatch();
        } catch (final IOException e) {
            throw new UncheckedIOException("capture file " + file + " did not close: " + e.getMessage(), e);
        }
    }

    /** Up to where the engine, which may still be running, is now. */
    private void drain() {
        final long end = ring.ring.producerPosition();
        long position = ring.ring.consumerPosition();
        long before = -1;
        while (position < end && position != before) { // a read that meets only the padding at the ring's end returns 0
            ring.ring.read(onMessage, FRAMES_PER_TURN);
            writeBatch();
            before = position;
            position = ring.ring.consumerPosition();
        }
    }
}
