package io.spinwire.queue;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;

/**
 * Commands of application threads to the engine: open, close, options. Any thread offers; the engine's thread polls,
 * once a turn. A command is never lost: the caller of a refused one tries again. Bounded; lock-free.
 */
public final class CommandQueue {
    private final ManyToOneRingBuffer ring;
    private final SocketMessages messages;

    /** @param limit commands that fit at least */
    public CommandQueue(int limit) {
        this(SocketMessages.memoryFor(limit));
    }

    CommandQueue(UnsafeBuffer memory) {
        ring = new ManyToOneRingBuffer(memory);
        messages = new SocketMessages(ring);
    }

    /**
     * Any thread.
     *
     * @param type greater than 0
     * @return false when full
     */
    public boolean offer(int type, int socketIndex, int generation, long argument) {
        return messages.write(type, socketIndex, generation, argument);
    }

    /** Engine thread. Hands over at most {@code limit} commands in the order they were offered; answers how many. */
    public int poll(SocketMessageHandler handler, int limit) {
        return messages.read(handler, limit);
    }

    public boolean isEmpty() {
        return ring.size() == 0;
    }
}
