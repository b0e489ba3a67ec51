package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.nic.Frame;
import io.spinwire.stats.DropReason;
import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packets that wait for their neighbour's hardware address: one pool of slots, a queue per neighbour. The oldest of a
 * neighbour's queue is dropped when that is full, and the oldest of all when the pool is: a slot is always to be had. A
 * slot holds a packet from its network header on. Engine thread only. Linux: {@code neigh->arp_queue}.
 */
public final class PendingPackets {
    private static final int NONE = -1;

    private final UnsafeBuffer buffer;
    private final int slotLength;
    private final int maxPerNeighbour;
    private final Drops drops;

    private final int[] length; // by slot
    private final int[] sock;
    private final int[] owner; // neighbour's index
    private final int[] next; // younger of the same neighbour; of a free slot, the next free one
    private final int[] older; // of all neighbours
    private final int[] younger;
    private final int[] first; // by neighbour
    private final int[] last;
    private final int[] count;

    private int free;
    private int oldest = NONE;
    private int youngest = NONE;
    private int claimed = NONE;

    /**
     * A pool.
     *
     * @param slots packets that may wait together, at least 1
     * @param packetLength bytes of the longest, from its IP header on
     * @param maxPerNeighbour packets that may wait for one neighbour, at least 1
     * @param maxNeighbours entries of the neighbour table
     */
    public PendingPackets(int slots, int packetLength, int maxPerNeighbour, int maxNeighbours, Drops drops) {
        if (slots < 1 || maxPerNeighbour < 1) {
            throw new IllegalArgumentException("pool of " + slots + " pending packets, " + maxPerNeighbour
                    + " per neighbour: give at least 1 of each");
        }
        slotLength = BitUtil.align(packetLength, BitUtil.CACHE_LINE_LENGTH);
        buffer = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(Math.multiplyExact(slots, slotLength), BitUtil.CACHE_LINE_LENGTH));
        this.maxPerNeighbour = maxPerNeighbour;
        this.drops = drops;
        length = new int[slots];
        sock = new int[slots];
        owner = new int[slots];
        next = new int[slots];
        older = new int[slots];
        younger = new int[slots];
        first = filled(maxNeighbours);
        last = filled(maxNeighbours);
        count = new int[maxNeighbours];
        Arrays.setAll(next, slot -> slot + 1 < slots ? slot + 1 : NONE);
    }

    private static int[] filled(int size) {
        final int[] array = new int[size];
        Arrays.fill(array, NONE);
        return array;
    }

    /** Claims a slot; the frame's macOffset and networkOffset are both its begin. At most one claim is open. */
    void claim(Frame frame, int packetLength) {
        assert claimed == NONE : "claim while one is open: commit or abort it first";
        assert packetLength <= slotLength : packetLength + " bytes in a slot of " + slotLength;
        if (free == NONE) {
            dropFirst(owner[oldest], DropReason.NEIGH_QUEUEFULL);
        }
        claimed = free;
        free = next[claimed];
        frame.buffer = buffer;
        frame.macOffset = offset(claimed);
        frame.networkOffset = frame.macOffset;
        frame.limit = frame.macOffset + packetLength;
        frame.sock = -1;
        frame.departureNs = 0;
    }

    /** Whether the frame lies in a slot of this pool. */
    boolean isHolding(Frame frame) {
        return frame.buffer == buffer;
    }

    /** Appends the claimed packet to a neighbour's queue. */
    void commit(Frame frame, int neighbour) {
        if (count[neighbour] == maxPerNeighbour) {
            dropFirst(neighbour, DropReason.NEIGH_QUEUEFULL);
        }
        final int slot = claimed;
        claimed = NONE;
        length[slot] = frame.limit - frame.networkOffset;
        sock[slot] = frame.sock;
        owner[slot] = neighbour;
        next[slot] = NONE;
        if (first[neighbour] == NONE) {
            first[neighbour] = slot;
        } else {
            next[last[neighbour]] = slot;
        }
        last[neighbour] = slot;
        count[neighbour]++;
        older[slot] = youngest;
        younger[slot] = NONE;
        if (youngest == NONE) {
            oldest = slot;
        } else {
            younger[youngest] = slot;
        }
        youngest = slot;
    }

    /** Gives the claimed slot back. */
    void abort() {
        release(claimed);
        claimed = NONE;
    }

    boolean isEmpty(int neighbour) {
        return first[neighbour] == NONE;
    }

    /** Bytes of the packet that has waited longest for a neighbour; only when there is one. */
    int firstLength(int neighbour) {
        return length[first[neighbour]];
    }

    /** Copies the packet that has waited longest to {@code networkOffset} of a frame, and removes it. */
    void moveFirst(int neighbour, Frame frame) {
        final int slot = first[neighbour];
        frame.buffer.putBytes(frame.networkOffset, buffer, offset(slot), length[slot]);
        frame.sock = sock[slot];
        removeFirst(neighbour);
    }

    /** Drops all that waits for a neighbour. */
    void dropAll(int neighbour, DropReason reason) {
        while (!isEmpty(neighbour)) {
            dropFirst(neighbour, reason);
        }
    }

    private void dropFirst(int neighbour, DropReason reason) {
        final int slot = first[neighbour];
        drops.drop(reason, sock[slot], buffer, offset(slot), length[slot]);
        removeFirst(neighbour);
    }

    private void removeFirst(int neighbour) {
        final int slot = first[neighbour];
        first[neighbour] = next[slot];
        count[neighbour]--;
        if (older[slot] == NONE) {
            oldest = younger[slot];
        } else {
            younger[older[slot]] = younger[slot];
        }
        if (younger[slot] == NONE) {
            youngest = older[slot];
        } else {
            older[younger[slot]] = older[slot];
        }
        release(slot);
    }

    private void release(int slot) {
        next[slot] = free;
        free = slot;
    }

    private int offset(int slot) {
        return slot * slotLength;
    }
}
