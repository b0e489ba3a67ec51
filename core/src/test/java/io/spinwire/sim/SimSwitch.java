package io.spinwire.sim;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import io.spinwire.wire.Ethernet;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The cable between the engines of a simulation, two or many: each frame goes to the port that its destination names,
 * or to all others. Loses nothing but what is for nobody; a port whose frames have not been read refuses claims. A
 * frame stays where its sender wrote it until the last receiver has read it.
 */
final class SimSwitch {
    private static final long FIRST_MAC = 0x0200_0000_000AL; // locally administered, unicast

    private final Port[] ports;
    private final int frameLength;
    private final int ringFrames;
    private long copies;
    private long undeliverable;

    SimSwitch(int ports, int mtu, int ringFrames) {
        frameLength = mtu + Ethernet.HEADER_LENGTH + Ethernet.VLAN_TAG_LENGTH;
        this.ringFrames = ringFrames;
        this.ports = new Port[ports];
        for (int i = 0; i < ports; i++) {
            this.ports[i] = new Port(i, mtu);
        }
    }

    static long mac(int port) {
        return FIRST_MAC + port;
    }

    Port port(int number) {
        return ports[number];
    }

    /** Frames made besides those that were sent. */
    long copies() {
        return copies;
    }

    /** Frames for nobody. */
    long undeliverable() {
        return undeliverable;
    }

    long queued() {
        return Arrays.stream(ports)
                .mapToLong(port -> port.queueTail - port.queueHead)
                .sum();
    }

    private void forward(Port from, int slot) {
        final long destination = Ethernet.destination(from.memory, from.offset(slot));
        final long number = destination - FIRST_MAC;
        from.readers[slot] = 0;
        if (number >= 0 && number < ports.length) {
            ports[(int) number].take(from, slot);
        } else if (destination == Ethernet.BROADCAST) {
            copies += ports.length - 2;
            for (final Port port : ports) {
                if (port != from) {
                    port.take(from, slot);
                }
            }
        } else {
            undeliverable++;
        }
        if (from.readers[slot] == 0) {
            from.read[from.readCount++] = slot;
        }
    }

    /** Where an engine is plugged in. */
    final class Port implements Nic {
        private final int number;
        private final int mtu;
        private final UnsafeBuffer memory = new UnsafeBuffer(new byte[0]);
        private final int[] free = new int[ringFrames];
        private final int[] read = new int[ringFrames]; // by all receivers: free with the next flush
        private final int[] lengths = new int[ringFrames];
        private final int[] readers = new int[ringFrames];
        private final int[] committed = new int[ringFrames];
        private int slots; // that have memory
        private int freeCount;
        private int readCount;
        private int committedCount;
        private int claimed = REFUSED;
        private Port[] queuedFrom = new Port[16];
        private int[] queuedSlots = new int[16];
        private long queueHead;
        private long queueTail;

        private Port(int number, int mtu) {
            this.number = number;
            this.mtu = mtu;
        }

        private int offset(int slot) {
            return slot * frameLength;
        }

        private void take(Port from, int slot) {
            final int mask = queuedSlots.length - 1;
            if (queueTail - queueHead == queuedSlots.length) {
                growQueue();
                take(from, slot);
                return;
            }
            from.readers[slot]++;
            queuedFrom[(int) queueTail & mask] = from;
            queuedSlots[(int) queueTail++ & mask] = slot;
        }

        private void growQueue() {
            final int length = queuedSlots.length;
            final Port[] newFrom = new Port[2 * length];
            final int[] newSlots = new int[2 * length];
            for (long i = queueHead; i < queueTail; i++) {
                newFrom[(int) (i - queueHead)] = queuedFrom[(int) i & length - 1];
                newSlots[(int) (i - queueHead)] = queuedSlots[(int) i & length - 1];
            }
            queueTail -= queueHead;
            queueHead = 0;
            queuedFrom = newFrom;
            queuedSlots = newSlots;
        }

        private void release(long position) {
            final int at = (int) position & queuedSlots.length - 1;
            final Port from = queuedFrom[at];
            final int slot = queuedSlots[at];
            if (--from.readers[slot] == 0) {
                from.read[from.readCount++] = slot;
            }
        }

        @Override
        public int receive(FrameHandler handler, int frameLimit) {
            int count = 0;
            for (; count < frameLimit && queueHead < queueTail; count++) {
                final long position = queueHead++;
                final int at = (int) position & queuedSlots.length - 1;
                final Port from = queuedFrom[at];
                final int slot = queuedSlots[at];
                handler.onFrame(from.memory, from.offset(slot), from.lengths[slot]);
                release(position);
            }
            return count;
        }

        @Override
        public MutableDirectBuffer txBuffer() {
            return memory;
        }

        @Override
        public int claim(int length) {
            if (freeCount == 0 && slots < ringFrames) {
                addSlots(Math.min(Math.max(slots, 8), ringFrames - slots));
            }
            claimed = freeCount == 0 ? REFUSED : free[--freeCount];
            return claimed == REFUSED ? REFUSED : offset(claimed);
        }

        private void addSlots(int count) {
            final byte[] grown = new byte[(slots + count) * frameLength];
            memory.getBytes(0, grown, 0, memory.capacity());
            memory.wrap(grown);
            for (int i = 0; i < count; i++) {
                free[freeCount++] = slots++;
            }
        }

        @Override
        public void commit(int length) {
            lengths[claimed] = length;
            committed[committedCount++] = claimed;
            claimed = REFUSED;
        }

        @Override
        public void abort() {
            free[freeCount++] = claimed;
            claimed = REFUSED;
        }

        @Override
        public int txFree() {
            return freeCount + ringFrames - slots;
        }

        @Override
        public int flush() {
            for (int i = 0; i < committedCount; i++) {
                forward(this, committed[i]);
            }
            committedCount = 0;
            final int takenBack = readCount;
            while (readCount > 0) {
                free[freeCount++] = read[--readCount];
            }
            return takenBack;
        }

        @Override
        public int mtu() {
            return mtu;
        }

        @Override
        public long macAddress() {
            return mac(number);
        }

        @Override
        public String name() {
            return Host.name(number);
        }

        @Override
        public void close() {
            // The engine has gone; the port stays.
        }
    }
}
