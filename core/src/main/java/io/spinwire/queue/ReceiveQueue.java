package io.spinwire.queue;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;

/**
 * Bytes received and not yet taken: {@code [copiedSeq .. rcvNxt)} is readable; out-of-order bytes already lie at their
 * place beyond rcvNxt, and {@link OutOfOrderQueue} knows which. Last room on the way in. Linux: sk_receive_queue.
 * Producer: the engine; consumer: the application (or the engine's thread, inline). Positions are offsets in the
 * stream, its first byte is 0; they survive {@link #detach}. Attach, borrow and detach are for one thread, or before
 * the other has seen the queue.
 */
public final class ReceiveQueue {
    // Words of the producer: one that is published, a note, and one more that is published.
    private static final int PUBLISHED = 0;
    private static final int WRITTEN_END = 1;

    /** Published: one more than the position at which reads stop; 0 for none. */
    private static final int MARK = 2;

    private final PositionWords words;
    private final ByteRing ring = new ByteRing();

    /** @param shared true when producer and consumer are two threads */
    public ReceiveQueue(boolean shared) {
        words = new PositionWords(shared);
    }

    /**
     * Gives the queue its memory, or other memory, copying what it holds, in order or not.
     *
     * @param capacity a power of two, at least the distance from copiedSeq to the last byte held
     */
    public void attach(AtomicBuffer memory, int offset, int capacity) {
        final long copied = copiedPosition();
        ring.attach(memory, offset, capacity, copied, Math.max(copied, words.get(words.producer + WRITTEN_END)));
    }

    /**
     * Attaches a slab of at least {@code capacity} bytes, returning the one before (growth). False when slabs ran out.
     */
    public boolean borrow(SlabPool slabs, int capacity) {
        final long copied = copiedPosition();
        return ring.borrow(slabs, capacity, copied, Math.max(copied, words.get(words.producer + WRITTEN_END)));
    }

    /** Lets go of the memory, returning what was borrowed. The positions stay; what the queue held is lost. */
    public void detach() {
        words.set(words.producer + WRITTEN_END, 0);
        ring.detach();
    }

    /** Back to a new stream, without memory: for a pool of queues. */
    public void reset() {
        detach();
        words.reset();
    }

    public boolean isAttached() {
        return ring.capacity != 0;
    }

    /** Bytes that fit beyond {@link #copiedPosition}; 0 while detached. */
    public int capacity() {
        return ring.capacity;
    }

    // ---- Engine ----

    /**
     * Places bytes at their stream offset without publishing them. Bytes already there are overwritten.
     *
     * @param position at or beyond the published position, and {@code position + length <= copiedPosition() +
     *     capacity()}
     */
    public void write(long position, DirectBuffer src, int offset, int length) {
        assert position >= publishedPosition() : "write at " + position + " < published " + publishedPosition();
        assert position + length <= copiedPosition() + ring.capacity
                : "write to " + (position + length) + " > " + copiedPosition() + " + " + ring.capacity;
        ring.put(position, src, offset, length);
        if (position + length > words.get(words.producer + WRITTEN_END)) {
            words.set(words.producer + WRITTEN_END, position + length);
        }
    }

    /** Makes everything before {@code rcvNxtPosition} readable. */
    public void publish(long rcvNxtPosition) {
        assert rcvNxtPosition >= publishedPosition() : "publish " + rcvNxtPosition + " < " + publishedPosition();
        words.publish(words.producer + PUBLISHED, rcvNxtPosition);
    }

    /**
     * Counts in-order bytes that an inline handler took straight from the frame: published and copied move on together,
     * and no memory is touched. Only when nothing is readable.
     */
    public void passThrough(int length) {
        assert available() == 0 : available() + " bytes wait before those passed through";
        final long position = words.get(words.producer + PUBLISHED) + length;
        words.publish(words.producer + PUBLISHED, position);
        words.publish(words.consumer, position);
    }

    /** Reads stop before this position once, which may lie ahead of what has come. Linux: urg_seq. */
    public void mark(long position) {
        words.publish(words.producer + MARK, position + 1);
    }

    /** copiedSeq: what the application has taken. */
    public long copiedPosition() {
        return words.observe(words.consumer);
    }

    /** rcvNxt, as last published. */
    public long publishedPosition() {
        return words.observe(words.producer + PUBLISHED);
    }

    /** True when it holds no byte, in order or not: then inline memory can be returned. Engine, or inline. */
    public boolean isEmpty() {
        final long copied = copiedPosition();
        return copied == words.get(words.producer + PUBLISHED) && copied >= words.get(words.producer + WRITTEN_END);
    }

    // ---- Application ----

    /** Bytes from what the application has taken to the mark, or -1 when there is none ahead. */
    public int bytesToMark() {
        final long distance = words.observe(words.producer + MARK) - 1 - words.get(words.consumer);
        return (int) Math.max(distance, -1);
    }

    /** Readable bytes. */
    public int available() {
        return (int) (publishedPosition() - words.get(words.consumer));
    }

    /**
     * Hands out what is readable in contiguous pieces (two where the ring wraps), until {@code limit} bytes, the mark,
     * or until the handler takes less than offered. What a handler took stays taken if it throws at the next piece.
     *
     * @return bytes taken
     */
    public int poll(ReadHandler handler, int limit) {
        int left = Math.min(limit, available());
        final int toMark = bytesToMark();
        if (toMark > 0) {
            left = Math.min(left, toMark);
        }
        int total = 0;
        while (left > 0) {
            final long copied = words.get(words.consumer);
            final int piece = Math.min(left, ring.contiguous(copied));
            final int taken = Math.clamp(handler.onBytes(ring.buffer, ring.index(copied), piece), 0, piece);
            words.publish(words.consumer, copied + taken);
            total += taken;
            left = taken < piece ? 0 : left - taken;
        }
        return total;
    }

    /** Copies up to {@code length} readable bytes and leaves them in the queue. Answers how many. */
    public int peek(MutableDirectBuffer dst, int offset, int length) {
        final int count = Math.min(length, available());
        if (count > 0) {
            ring.copyOut(words.get(words.consumer), dst, offset, count);
        }
        return Math.max(count, 0);
    }

    /** Copies up to {@code length} readable bytes out of the queue. Answers how many. */
    public int read(MutableDirectBuffer dst, int offset, int length) {
        final int count = peek(dst, offset, length);
        advance(count);
        return count;
    }

    /** Takes {@code length} readable bytes unseen, after a {@link #peek}. */
    public void advance(int length) {
        assert length >= 0 && length <= available() : "advance " + length + " of " + available();
        words.publish(words.consumer, words.get(words.consumer) + length);
    }
}
