package io.spinwire.queue;

import org.agrona.concurrent.UnsafeBuffer;

/** The application's side of a shared WriteQueue: offers and claims in turn, and rings after each. */
record StreamWriter(WriteQueue queue, DoorbellQueue<WriteQueue> bells, long total) implements Runnable {
    private static final int LONGEST = 700;

    @Override
    public void run() {
        final Doorbell<WriteQueue> bell = new Doorbell<>(queue);
        final UnsafeBuffer source = new UnsafeBuffer(new byte[LONGEST]);
        long position = 0;
        for (int turn = 0; position < total; turn++) {
            final int length = (int) Math.min(1 + turn * 37 % LONGEST, total - position);
            for (int i = 0; i < length; i++) {
                source.putByte(i, WriteQueueTest.byteAt(position + i));
            }
            final int written = turn % 3 == 0 ? claim(source, length) : queue.offer(source, 0, length);
            if (written > 0) {
                position += written;
                bells.ring(bell);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private int claim(UnsafeBuffer source, int length) {
        final int index = queue.tryClaim(length);
        if (index < 0) {
            return 0;
        }
        queue.claimBuffer().putBytes(index, source, 0, length);
        queue.commit(length);
        return length;
    }
}
