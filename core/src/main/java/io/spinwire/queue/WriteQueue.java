package io.spinwire.queue;

import io.spinwire.wire.Checksum;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes written and not yet acknowledged: {@code [sndUna .. sndNxt .. writeSeq)}. First room on the way out. Linux:
 * sk_write_queue. Producer: the application (or the engine's thread, inline); consumer: the engine. Positions are
 * offsets in the stream, its first byte is 0; they survive {@link #detach}. The producer's limit is what
 * {@link #release} published (sndUna), never what was sent. Attach, borrow and giveBack are for one thread, or before
 * the other has seen the queue.
 */
public final class WriteQueue {
    /** {@link #tryClaim}: not enough room now. */
    public static final int FULL = -1;

    /** {@link #tryClaim}: longer than this queue can ever claim, see {@link #maxClaim}. */
    public static final int TOO_LONG = -2;

    // Words of the producer: two that are published, then its notes.
    private static final int WRITTEN = 0;
    private static final int PUSH = 1;
    private static final int RELEASED_SEEN = 2;
    /** Length of the open claim, 0 if none; negative while it lies in the overhang. */
    private static final int CLAIM = 3;

    // Words of the consumer.
    private static final int RELEASED = 0;
    private static final int SENT = 1;
    /** Published, for two threads only: behind the last urgent byte. */
    private static final int URGENT = 4;

    private final PositionWords words;
    private final ByteRing ring = new ByteRing();
    private final ByteRing overhang = new ByteRing();

    /** @param shared true when producer and consumer are two threads */
    public WriteQueue(boolean shared) {
        words = new PositionWords(shared);
    }

    /**
     * Gives the queue its memory, or other memory, copying what it holds.
     *
     * @param capacity a power of two, at least what the queue holds
     */
    public void attach(AtomicBuffer memory, int offset, int capacity) {
        assert words.get(words.producer + CLAIM) == 0 : "memory changed under an open claim";
        ring.attach(memory, offset, capacity, releasedPosition(), words.get(words.producer + WRITTEN));
    }

    /** Memory for claims that would cross the end of the ring; {@code length} (a power of two) is the longest claim. */
    public void attachOverhang(AtomicBuffer memory, int offset, int length) {
        overhang.attach(memory, offset, length, 0, 0);
    }

    /**
     * Attaches a slab of at least {@code capacity} bytes, returning the one before (growth). False when slabs ran out.
     */
    public boolean borrow(SlabPool slabs, int capacity) {
        assert words.get(words.producer + CLAIM) == 0 : "memory changed under an open claim";
        return ring.borrow(slabs, capacity, releasedPosition(), words.get(words.producer + WRITTEN));
    }

    /** For two threads: borrows ring and overhang, both for life. False, and nothing kept, when slabs ran out. */
    public boolean borrowShared(SlabPool slabs, int capacity, int longestClaim) {
        if (!ring.borrow(slabs, capacity, 0, 0)) {
            return false;
        }
        if (!overhang.borrow(slabs, Math.min(longestClaim, capacity), 0, 0)) {
            ring.detach();
            return false;
        }
        return true;
    }

    /** Lets go of all memory, returning what was borrowed. The positions stay; what the queue held is lost. */
    public void detach() {
        words.set(words.producer + CLAIM, 0);
        ring.detach();
        overhang.detach();
    }

    /** Back to a new stream, without memory: for a pool of queues. */
    public void reset() {
        detach();
        words.reset();
    }

    public boolean isAttached() {
        return ring.capacity != 0;
    }

    /** Bytes that fit; 0 while detached. */
    public int capacity() {
        return ring.capacity;
    }

    // ---- Producer ----

    /** Bytes that {@link #offer} would take. */
    public int freeBytes() {
        final long released = words.observe(words.consumer + RELEASED);
        words.set(words.producer + RELEASED_SEEN, released);
        return ring.capacity - (int) (words.get(words.producer + WRITTEN) - released);
    }

    /** Copies in what fits, with a push mark. Answers the bytes taken, 0 when full or detached. */
    public int offer(DirectBuffer src, int offset, int length) {
        return offer(src, offset, length, true);
    }

    /**
     * Copies in what fits.
     *
     * @param isPushed marks the end for the segment that holds the last byte: it carries PSH. What did not fit whole is
     *     marked in any case
     * @return the bytes taken, 0 when full or detached
     */
    public int offer(DirectBuffer src, int offset, int length, boolean isPushed) {
        assert words.get(words.producer + CLAIM) == 0 : "offer under an open claim";
        final long written = words.get(words.producer + WRITTEN);
        final int taken = Math.min(length, room(written, length));
        if (taken <= 0) {
            return 0;
        }
        ring.put(written, src, offset, taken);
        if (isPushed || taken < length) {
            markPush(written + taken);
        }
        words.publish(words.producer + WRITTEN, written + taken);
        return taken;
    }

    /**
     * Reserves contiguous memory, to be filled in {@link #claimBuffer} and then committed or aborted. One claim at a
     * time.
     *
     * @return index into {@link #claimBuffer}, or {@link #FULL} or {@link #TOO_LONG}
     */
    public int tryClaim(int length) {
        assert words.get(words.producer + CLAIM) == 0 : "second claim";
        if (length <= 0 || length > maxClaim()) {
            return length > 0 && ring.capacity == 0 ? FULL : TOO_LONG;
        }
        final long written = words.get(words.producer + WRITTEN);
        if (room(written, length) < length) {
            return FULL;
        }
        if (length <= ring.contiguous(written)) {
            words.set(words.producer + CLAIM, length);
            return ring.index(written);
        }
        if (overhang.capacity == 0 && !overhang.borrow(ring.slabs(), length, 0, 0)) {
            return FULL;
        }
        words.set(words.producer + CLAIM, -length);
        return 0;
    }

    /** The longest claim that can ever succeed with the memory attached now. */
    public int maxClaim() {
        return words.isShared() || ring.slabs() == null ? Math.min(overhang.capacity, ring.capacity) : ring.capacity;
    }

    /** Where the open claim's bytes go, at the index that {@link #tryClaim} answered. */
    public MutableDirectBuffer claimBuffer() {
        return words.get(words.producer + CLAIM) < 0 ? overhang.buffer : ring.buffer;
    }

    /** Publishes the first {@code length} bytes of the open claim, and marks their end as pushed. */
    public void commit(int length) {
        final long claim = words.get(words.producer + CLAIM);
        assert claim != 0 && length >= 0 && length <= Math.abs(claim) : "commit " + length + " of claim " + claim;
        final long written = words.get(words.producer + WRITTEN);
        if (claim < 0) {
            ring.put(written, overhang.buffer, 0, length);
        }
        endClaim();
        markPush(written + length);
        words.publish(words.producer + WRITTEN, written + length);
    }

    /** Producer, or inline: whether a claim is open, so that the memory must stay where it is. */
    public boolean isClaimed() {
        return words.get(words.producer + CLAIM) != 0;
    }

    /** Forgets the open claim. */
    public void abortClaim() {
        endClaim();
    }

    private void endClaim() {
        words.set(words.producer + CLAIM, 0);
        if (overhang.slabs() != null && !words.isShared()) {
            overhang.detach(); // one thread: the overhang was lent for this claim only
        }
    }

    /** Before the bytes are published: who sees them sees the mark. */
    private void markPush(long position) {
        words.publish(words.producer + PUSH, position);
    }

    /** Bytes written and not released: unsent and unacknowledged. Producer. */
    public int pendingBytes() {
        return (int) (words.get(words.producer + WRITTEN) - words.observe(words.consumer + RELEASED));
    }

    /** Bytes written that the consumer has not noted as sent. Producer. */
    public int unsentBytes() {
        final long sent = words.observe(words.consumer + SENT);
        final long released = words.observe(words.consumer + RELEASED);
        return (int) (words.get(words.producer + WRITTEN) - Math.max(sent, released));
    }

    /** For two threads: the next {@code length} bytes are urgent; to be called before they are written. */
    public void markUrgent(int length) {
        assert words.isShared() : "an inline socket tells its engine";
        words.publish(words.producer + URGENT, words.get(words.producer + WRITTEN) + length);
    }

    private int room(long written, int wanted) {
        int room = ring.capacity - (int) (written - words.get(words.producer + RELEASED_SEEN));
        if (room < wanted) {
            room = freeBytes();
        }
        return room;
    }

    // ---- Consumer ----

    /** writeSeq: all bytes before it may be read. */
    public long writePosition() {
        return words.observe(words.producer + WRITTEN);
    }

    /** The last push mark, 0 if none. */
    public long pushPosition() {
        return words.observe(words.producer + PUSH);
    }

    /** For two threads: behind the last urgent byte, 0 if none. To be asked for after {@link #writePosition}. */
    public long urgentPosition() {
        return words.observe(words.producer + URGENT);
    }

    /** Copies {@code [position, position + length)}, all of it between the released and the write position. */
    public void read(long position, MutableDirectBuffer dst, int dstOffset, int length) {
        ring.copyOut(position, dst, dstOffset, length);
    }

    /**
     * Copies like {@link #read} and adds the bytes to an Internet checksum in the same pass.
     *
     * @param sum of an even number of bytes before, as in {@link Checksum#add}
     * @return the sum, to be passed on if {@code length} is even, or to be finished
     */
    public long readAndSum(long position, MutableDirectBuffer dst, int dstOffset, int length, long sum) {
        final UnsafeBuffer buffer = ring.buffer;
        final int first = Math.min(length, ring.contiguous(position));
        final long firstSum = Checksum.addCopy(sum, buffer, ring.index(position), dst, dstOffset, first);
        if (first == length) {
            return firstSum;
        }
        if ((first & 1) == 0) {
            return Checksum.addCopy(firstSum, buffer, 0, dst, dstOffset + first, length - first);
        }
        final long rest = Checksum.addCopy(0, buffer, 0, dst, dstOffset + first, length - first);
        return firstSum + Checksum.swap(rest);
    }

    /** Frees everything before {@code position}: sndUna, which never goes back. */
    public void release(long position) {
        assert position >= releasedPosition() && position <= writePosition()
                : "release " + position + " outside [" + releasedPosition() + ", " + writePosition() + "]";
        words.publish(words.consumer + RELEASED, position);
    }

    /** Notes for the producer that everything before {@code position} was sent. */
    public void noteSent(long position) {
        words.publish(words.consumer + SENT, position);
    }

    /** What was last released. */
    public long releasedPosition() {
        return words.observe(words.consumer + RELEASED);
    }

    /** True when everything written has been released. Consumer, or inline. */
    public boolean isEmpty() {
        return writePosition() == releasedPosition();
    }
}
