package io.spinwire.nic.afxdp;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A ring that this side fills and the kernel empties: the fill ring (u64 addresses) and the TX ring (descriptors).
 * Entries are put, then published together by {@link #submit}. Indices run freely over 32 bits; only their differences
 * matter. Engine thread only. Barriers: acquire of the consumer before a slot is reused, release of the producer after
 * the entries are written (linux/Documentation/networking/af_xdp.rst, "Rings").
 */
final class ProducerRing {
    private static final int NEED_WAKEUP = 1;

    private final UnsafeBuffer memory;
    private final int size;
    private final int mask;
    private final int producerOffset;
    private final int consumerOffset;
    private final int flagsOffset;
    private final int entriesOffset;

    /** Next slot to put; runs ahead of what was submitted. */
    private int producer;

    /** What the kernel sees. */
    private int submitted;

    /** As last read; the kernel is never behind it. */
    private int consumer;

    ProducerRing(UnsafeBuffer memory, RingLayout layout, int size) {
        this.memory = memory;
        this.size = size;
        this.mask = size - 1;
        this.producerOffset = layout.producer();
        this.consumerOffset = layout.consumer();
        this.flagsOffset = layout.flags();
        this.entriesOffset = layout.entries();
        this.producer = memory.getIntAcquire(producerOffset);
        this.submitted = producer;
        this.consumer = memory.getIntAcquire(consumerOffset);
    }

    /** Slots that can be put now. Reads the kernel's index only when fewer than {@code wanted} are known to be free. */
    int free(int wanted) {
        final int known = size - (producer - consumer);
        if (known >= wanted) {
            return known;
        }
        consumer = memory.getIntAcquire(consumerOffset);
        return size - (producer - consumer);
    }

    /** Fill ring: one frame for the kernel to receive into. The caller knows that a slot is free. */
    void putAddress(long address) {
        assert free(1) > 0 : "fill ring overrun";
        memory.putLong(entriesOffset + ((producer & mask) << 3), address);
        producer++;
    }

    /** TX ring: one frame to send, one descriptor, no options. The caller knows that a slot is free. */
    void putDescriptor(long address, int length) {
        assert free(1) > 0 : "TX ring overrun";
        final int entry = entriesOffset + ((producer & mask) << 4);
        memory.putLong(entry, address);
        memory.putLong(entry + 8, length & 0xFFFF_FFFFL); // len u32, then options u32 = 0 (little-endian)
        producer++;
    }

    /** Publishes what was put. */
    void submit() {
        submitted = producer;
        memory.putIntRelease(producerOffset, producer);
    }

    boolean hasUnsubmitted() {
        return producer != submitted;
    }

    /** Entries that the kernel has not taken yet. Reads the kernel's index. */
    int pending() {
        consumer = memory.getIntAcquire(consumerOffset);
        return submitted - consumer;
    }

    /** Entries in the ring, with those that were put and not yet submitted. Reads the kernel's index. */
    int held() {
        consumer = memory.getIntAcquire(consumerOffset);
        return producer - consumer;
    }

    /** Read anew each time while work is outstanding: the kernel may set it just after it was read as clear. */
    boolean needsWakeup() {
        return (memory.getIntOpaque(flagsOffset) & NEED_WAKEUP) != 0;
    }
}
