package io.spinwire.nic.afxdp;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A ring that the kernel fills and this side empties: the RX ring (descriptors) and the completion ring (u64
 * addresses). Entries are read one by one with {@link #advance}, and their slots given back together by
 * {@link #release}. Engine thread only. Barriers: acquire of the producer before entries are read, release of the
 * consumer after the last was read.
 */
final class ConsumerRing {
    private final UnsafeBuffer memory;
    private final int mask;
    private final int producerOffset;
    private final int consumerOffset;
    private final int entriesOffset;

    /** Next entry to read. */
    private int consumer;

    /** As last read; the kernel is never behind it. */
    private int producer;

    ConsumerRing(UnsafeBuffer memory, RingLayout layout, int size) {
        this.memory = memory;
        this.mask = size - 1;
        this.producerOffset = layout.producer();
        this.consumerOffset = layout.consumer();
        this.entriesOffset = layout.entries();
        this.consumer = memory.getIntAcquire(consumerOffset);
        this.producer = memory.getIntAcquire(producerOffset);
    }

    /** Entries that can be read now, at most {@code limit}. Reads the kernel's index when none is known. */
    int available(int limit) {
        int known = producer - consumer;
        if (known == 0) {
            producer = memory.getIntAcquire(producerOffset);
            known = producer - consumer;
        }
        return Math.min(known, limit);
    }

    /** Entries that have not been read yet. Reads the kernel's index. */
    int unread() {
        producer = memory.getIntAcquire(producerOffset);
        return producer - consumer;
    }

    /** Completion ring: the address of the entry at hand. */
    long address() {
        return memory.getLong(entriesOffset + ((consumer & mask) << 3));
    }

    /** RX ring: the address in the descriptor at hand. */
    long descriptorAddress() {
        return memory.getLong(entriesOffset + ((consumer & mask) << 4));
    }

    /** RX ring: the length in the descriptor at hand. */
    int descriptorLength() {
        return memory.getInt(entriesOffset + ((consumer & mask) << 4) + 8);
    }

    void advance() {
        consumer++;
    }

    /** Gives the slots of all entries read so far back to the kernel. */
    void release() {
        memory.putIntRelease(consumerOffset, consumer);
    }
}
