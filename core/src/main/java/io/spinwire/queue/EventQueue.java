package io.spinwire.queue;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Events of the engine for one application thread. Hints only: what they tell also stands in words that both threads
 * see, so that an event which found the ring full loses nothing. The engine's thread offers, one other thread polls.
 * Bounded.
 */
public final class EventQueue {
    private final OneToOneRingBuffer ring;
    private final SocketMessages messages;

    /** @param limit events that fit at least */
    public EventQueue(int limit) {
        this(SocketMessages.memoryFor(limit));
    }

    EventQueue(UnsafeBuffer memory) {
        ring = new OneToOneRingBuffer(memory);
        messages = new SocketMessages(ring);
    }

    /**
     * Engine thread.
     *
     * @param type greater than 0
     * @return false when full
     */
    public boolean offer(int type, int socketIndex, int generation, long argument) {
        return messages.write(type, socketIndex, generation, argument);
    }

    /** Application thread. Hands over at most {@code limit} events in the order they were offered; answers how many. */
    public int poll(SocketMessageHandler handler, int limit) {
        return messages.read(handler, limit);
    }

    public boolean isEmpty() {
        return ring.size() == 0;
    }
}
