package io.spinwire.queue;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * What command and event queues share: how a message lies in an Agrona ring. Writing is for any producer; {@link #read}
 * keeps the handler in a field while it runs, so it is for the one consumer and may not be called from inside itself.
 */
final class SocketMessages implements MessageHandler {
    private static final int SOCKET_INDEX = 0;
    private static final int GENERATION = 4;
    private static final int ARGUMENT = 8;
    private static final int LENGTH = 16;
    private static final int RECORD_LENGTH =
            BitUtil.align(RecordDescriptor.HEADER_LENGTH + LENGTH, RecordDescriptor.ALIGNMENT);
    private static final int CACHE_LINE_PAIR = 128;

    /** So that a ring, with what it wastes where it wraps, has a size that an int can tell. */
    private static final int MOST = (1 << 30) / RECORD_LENGTH - 2;

    private final RingBuffer ring;
    private SocketMessageHandler reader;

    SocketMessages(RingBuffer ring) {
        this.ring = ring;
    }

    /** Zeroed memory for a ring that holds at least so many messages. */
    static UnsafeBuffer memoryFor(int messages) {
        if (messages < 1 || messages > MOST) {
            throw new IllegalArgumentException("messages " + messages + " not in 1.." + MOST);
        }
        final int capacity = BitUtil.findNextPositivePowerOfTwo((messages + 2) * RECORD_LENGTH);
        return new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(capacity + RingBufferDescriptor.TRAILER_LENGTH, CACHE_LINE_PAIR));
    }

    boolean write(int type, int socketIndex, int generation, long argument) {
        final int index = ring.tryClaim(type, LENGTH);
        if (index < 0) {
            return false;
        }
        final MutableDirectBuffer buffer = ring.buffer();
        buffer.putInt(index + SOCKET_INDEX, socketIndex);
        buffer.putInt(index + GENERATION, generation);
        buffer.putLong(index + ARGUMENT, argument);
        ring.commit(index);
        return true;
    }

    int read(SocketMessageHandler handler, int limit) {
        reader = handler;
        return ring.read(this, limit);
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
        reader.onMessage(
                type,
                buffer.getInt(index + SOCKET_INDEX),
                buffer.getInt(index + GENERATION),
                buffer.getLong(index + ARGUMENT));
    }
}
