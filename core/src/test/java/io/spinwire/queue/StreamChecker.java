package io.spinwire.queue;

import org.agrona.concurrent.UnsafeBuffer;

/** The engine's side of a shared WriteQueue: reads all that is there, compares it, releases it. */
final class StreamChecker {
    private final WriteQueue queue;
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[64 * 1024]);
    long position;

    StreamChecker(WriteQueue queue) {
        this.queue = queue;
    }

    /** Answers how many bytes were wrong. */
    int readAll() {
        final int length = (int) (queue.writePosition() - position);
        queue.read(position, target, 0, length);
        int wrong = 0;
        for (int i = 0; i < length; i++) {
            wrong += target.getByte(i) == WriteQueueTest.byteAt(position + i) ? 0 : 1;
        }
        position += length;
        queue.release(position);
        return wrong;
    }
}
