package io.spinwire.nic.afxdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Both ring classes over plain memory; the test plays the kernel. */
class RingTest {
    private static final int PRODUCER = 0;
    private static final int CONSUMER = 128;
    private static final int FLAGS = 196;
    private static final int ENTRIES = 320;
    private static final RingLayout LAYOUT = new RingLayout(PRODUCER, CONSUMER, ENTRIES, FLAGS);
    private static final int SIZE = 4;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(ENTRIES + SIZE * 16));

    @Test
    void shouldPublishEntriesOnlyWhenSubmitted() {
        final ProducerRing fill = new ProducerRing(memory, LAYOUT, SIZE);
        fill.putAddress(4096);
        fill.putAddress(2048);
        assertEquals(0, memory.getInt(PRODUCER));
        assertTrue(fill.hasUnsubmitted());
        fill.submit();
        assertFalse(fill.hasUnsubmitted());
        assertEquals(2, memory.getInt(PRODUCER));
        assertEquals(4096, memory.getLong(ENTRIES));
        assertEquals(2048, memory.getLong(ENTRIES + 8));
        assertEquals(2, fill.pending());
    }

    @Test
    void shouldSeeFreeSlotsWhenKernelConsumes() {
        final ProducerRing tx = new ProducerRing(memory, LAYOUT, SIZE);
        for (int i = 0; i < SIZE; i++) {
            tx.putDescriptor(2048L * i, 60 + i);
        }
        tx.submit();
        assertEquals(0, tx.free(1));
        memory.putInt(CONSUMER, 3);
        assertEquals(3, tx.free(1));
        assertEquals(1, tx.pending());
        tx.putDescriptor(8192, 99);
        assertEquals(8192, memory.getLong(ENTRIES));
        assertEquals(99, memory.getInt(ENTRIES + 8));
        assertEquals(0, memory.getInt(ENTRIES + 12), "options");
    }

    @Test
    void shouldGoOnWhenIndicesWrapAround() {
        memory.putInt(PRODUCER, -2);
        memory.putInt(CONSUMER, -2);
        final ProducerRing fill = new ProducerRing(memory, LAYOUT, SIZE);
        for (int i = 0; i < SIZE; i++) {
            fill.putAddress(100 + i);
        }
        fill.submit();
        assertEquals(2, memory.getInt(PRODUCER));
        assertEquals(102, memory.getLong(ENTRIES), "slot 0 is index 0, after -2 and -1");
        assertEquals(0, fill.free(SIZE));
        final ConsumerRing completion = new ConsumerRing(memory, LAYOUT, SIZE);
        for (int i = 0; i < SIZE; i++) {
            assertEquals(SIZE - i, completion.available(64));
            assertEquals(100 + i, completion.address());
            completion.advance();
        }
        assertEquals(-2, memory.getInt(CONSUMER), "not released yet");
        completion.release();
        assertEquals(2, memory.getInt(CONSUMER));
        assertEquals(0, completion.available(64));
        assertEquals(SIZE, fill.free(SIZE));
    }

    @Test
    void shouldReadDescriptorsUpToTheLimitWhenKernelProduces() {
        final ConsumerRing rx = new ConsumerRing(memory, LAYOUT, SIZE);
        assertEquals(0, rx.available(64));
        memory.putLong(ENTRIES, 2048 + 256);
        memory.putInt(ENTRIES + 8, 1514);
        memory.putInt(PRODUCER, 3);
        assertEquals(2, rx.available(2));
        assertEquals(2304, rx.descriptorAddress());
        assertEquals(1514, rx.descriptorLength());
    }

    @Test
    void shouldTellWhenKernelWantsAWakeup() {
        final ProducerRing tx = new ProducerRing(memory, LAYOUT, SIZE);
        assertFalse(tx.needsWakeup());
        memory.putInt(FLAGS, 1);
        assertTrue(tx.needsWakeup());
    }

    @Test
    void shouldFailAssertionWhenRingIsOverrun() {
        final ProducerRing fill = new ProducerRing(memory, LAYOUT, SIZE);
        for (int i = 0; i < SIZE; i++) {
            fill.putAddress(i);
        }
        assertThrows(AssertionError.class, () -> fill.putAddress(4));
    }
}
