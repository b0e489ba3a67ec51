package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CaptureNicTest {
    private static final long EPOCH_OFFSET_NS = 1_700_000_000_000_000_000L;
    private static final FrameHandler SILENT = (buffer, offset, length) -> {};

    private final CachedNanoClock clock = new CachedNanoClock();
    private final Pipe pipe = new Pipe(1500, 256);
    private final PipeNic peer = pipe.b();
    private CaptureRing ring = new CaptureRing(1 << 16, 2_000);
    private CaptureNic nic = new CaptureNic(pipe.a(), clock, ring);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("capture.pcapng");
    }

    @Test
    void shouldWriteBothDirectionsWithTimesWhenFramesPass() throws IOException {
        try (CaptureWriter writer = writer(Long.MAX_VALUE)) {
            clock.update(1_000);
            send(nic, 61, 7);
            nic.flush();
            send(peer, 60, 9);
            peer.flush();
            clock.update(2_500);
            assertEquals(1, nic.receive(SILENT, 10));
            assertEquals(2, writer.doWork());
            assertEquals(2, writer.written());
        }
        final PcapNgFile read = PcapNgFile.read(file);

        assertEquals("pipe:a", read.interfaceName);
        assertArrayEquals(new byte[] {2, 0, 0, 0, 0, 0x0A}, read.macAddress);
        assertEquals(1, read.linkType);
        assertEquals(2_000, read.snapLength);
        assertEquals(9, read.timestampResolution);
        assertEquals(2, read.packets.size());
        assertPacket(read.packets.get(0), EPOCH_OFFSET_NS + 1_000, 61, 7, PcapNg.OUTBOUND);
        assertPacket(read.packets.get(1), EPOCH_OFFSET_NS + 2_500, 60, 9, PcapNg.INBOUND);
        assertEquals(2, read.statisticsReceived);
        assertEquals(0, read.statisticsDropped);
        assertEquals(1, peer.receive(SILENT, 10));
    }

    @Test
    void shouldKeepTheFrameAsItCameWhenHandlerChangesIt() throws IOException {
        try (CaptureWriter writer = writer(Long.MAX_VALUE)) {
            send(peer, 60, 9);
            peer.flush();
            nic.receive((buffer, offset, length) -> buffer.setMemory(offset, length, (byte) 0xFF), 10);
            writer.doWork();
        }
        assertPacket(PcapNgFile.read(file).packets.getFirst(), EPOCH_OFFSET_NS, 60, 9, PcapNg.INBOUND);
    }

    @Test
    void shouldWriteNothingWhenClaimIsAbortedOrRefused() throws IOException {
        try (CaptureWriter writer = writer(Long.MAX_VALUE)) {
            nic.claim(60);
            nic.abort();
            for (int i = 0; i < 256; i++) {
                send(nic, 60, i);
            }
            assertEquals(0, nic.txFree());
            assertEquals(Nic.REFUSED, nic.claim(60));
            assertThrows(AssertionError.class, () -> nic.commit(60));
            nic.flush();
            writer.doWork();
        }
        assertEquals(256, PcapNgFile.read(file).packets.size());
    }

    @Test
    void shouldCutFramesWhenLongerThanSnapLength() throws IOException {
        ring = new CaptureRing(1 << 16, 50);
        nic = new CaptureNic(pipe.a(), clock, ring);
        try (CaptureWriter writer = writer(Long.MAX_VALUE)) {
            send(nic, 1_000, 3);
            writer.doWork();
        }
        final PcapNgFile.Packet packet = PcapNgFile.read(file).packets.getFirst();
        assertEquals(50, packet.bytes().length);
        assertEquals(1_000, packet.originalLength());
    }

    @Test
    void shouldCountAndNoteFramesWhenRingIsFull() throws IOException {
        ring = new CaptureRing(1 << 10, 100);
        nic = new CaptureNic(pipe.a(), clock, ring);
        try (CaptureWriter writer = writer(Long.MAX_VALUE)) {
            for (int i = 0; i < 20; i++) {
                send(nic, 100, i);
            }
            final long overruns = writer.overruns();
            assertTrue(overruns > 5 && overruns < 20, () -> "overruns " + overruns);
            writer.doWork();
            send(nic, 100, 99);
            writer.doWork();
        }
        final PcapNgFile read = PcapNgFile.read(file);
        assertEquals(20 - read.packets.size() + 1, read.packets.getLast().dropped());
        assertEquals(0, read.packets.getFirst().dropped());
        assertEquals(21, read.statisticsReceived);
        assertEquals(21 - read.packets.size(), read.statisticsDropped);
    }

    @Test
    void shouldStopGrowingWhenFileIsAtItsLimit() throws IOException {
        final long limit = 10_000;
        try (CaptureWriter writer = writer(limit)) {
            for (int i = 0; i < 20; i++) {
                send(nic, 1_000, i);
            }
            nic.flush();
            writer.doWork();
            assertEquals(20, writer.written() + writer.skipped());
            assertTrue(writer.skipped() > 0);
        }
        final PcapNgFile read = PcapNgFile.read(file);
        assertTrue(Files.size(file) <= limit);
        assertEquals(20 - read.packets.size(), read.statisticsDropped);
    }

    @Test
    void shouldWriteWhatWaitsWhenClosed() throws IOException {
        final CaptureWriter writer = writer(Long.MAX_VALUE);
        send(nic, 60, 1);
        writer.close();
        writer.close();
        assertEquals(1, PcapNgFile.read(file).packets.size());
    }

    @Test
    @Timeout(60)
    void shouldAccountForEveryFrameWhenWriterHasAThreadOfItsOwn() throws IOException {
        final int count = 20_000;
        final CaptureWriter writer = writer(Long.MAX_VALUE);
        try (AgentRunner runner =
                new AgentRunner(new YieldingIdleStrategy(), Throwable::printStackTrace, null, writer)) {
            AgentRunner.startOnThread(runner);
            for (int i = 0; i < count; i++) {
                send(nic, 60 + i % 700, i);
                nic.flush();
                peer.receive(SILENT, 10);
                nic.flush();
            }
        }
        final PcapNgFile read = PcapNgFile.read(file);
        assertEquals(count, read.statisticsReceived);
        assertEquals(count, read.packets.size() + read.statisticsDropped);
        long expected = 0;
        for (final PcapNgFile.Packet packet : read.packets) {
            expected += packet.dropped();
            assertPacket(packet, EPOCH_OFFSET_NS, 60 + (int) (expected % 700), expected, PcapNg.OUTBOUND);
            expected++;
        }
    }

    @Test
    void shouldAllocateNothingWhenFramesAreCaptured() {
        final CaptureWriter writer = writer(Long.MAX_VALUE);
        pump(writer, 5_000);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        pump(null, 100); // 100 rounds fit in the ring
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        writer.close();

        assertTrue(allocated < 1_000, () -> allocated + " bytes");
    }

    @Test
    void shouldSayWhatIsWrongWhenItCannotBeSetUp() {
        assertTrue(assertThrows(NicException.class, () -> new CaptureRing(1_000, 100))
                .getMessage()
                .contains("power of two"));
        assertTrue(assertThrows(NicException.class, () -> new CaptureRing(1 << 10, 2_000))
                .getMessage()
                .contains("2000"));
        file = folder.resolve("no such folder").resolve("x.pcapng");
        assertTrue(assertThrows(NicException.class, () -> writer(1 << 20))
                .getMessage()
                .contains("x.pcapng"));
    }

    @Test
    void shouldPassOnWhatTheNicSaysWhenAsked() {
        assertEquals("pipe:a", nic.name());
        assertEquals(1500, nic.mtu());
        assertEquals(Pipe.DEFAULT_MAC_A, nic.macAddress());
        assertEquals(Long.MAX_VALUE, nic.nextDeadlineNs());
        nic.close();
        assertEquals(0, pipe.a().txFree());
    }

    private void pump(CaptureWriter writer, int rounds) {
        for (int i = 0; i < rounds; i++) {
            send(nic, 100, i);
            nic.flush();
            peer.receive(SILENT, 10);
            send(peer, 100, i);
            peer.flush();
            nic.receive(SILENT, 10);
            if (writer != null) {
                writer.doWork();
            }
        }
    }

    private CaptureWriter writer(long maxFileBytes) {
        return new CaptureWriter(ring, file, nic, maxFileBytes, EPOCH_OFFSET_NS);
    }

    private static void send(Nic from, int length, long content) {
        final int offset = from.claim(length);
        from.txBuffer().setMemory(offset, length, (byte) content);
        from.txBuffer().putLong(offset, content);
        from.commit(length);
    }

    private static void assertPacket(
            PcapNgFile.Packet packet, long timestampNs, int length, long content, int direction) {
        final byte[] expected = new byte[length];
        java.util.Arrays.fill(expected, (byte) content);
        new org.agrona.concurrent.UnsafeBuffer(expected).putLong(0, content);
        assertArrayEquals(expected, packet.bytes());
        assertEquals(timestampNs, packet.timestampNs());
        assertEquals(length, packet.originalLength());
        assertEquals(direction, packet.direction());
    }
}
