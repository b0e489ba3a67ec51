package io.spinwire.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The positions of a byte queue: one group of words written by the producer, one by the consumer. For two threads the
 * groups lie on cache lines of their own (two lines apart, since x86 prefetches pairs), for one thread they lie
 * together, so that a busy inline connection pays 80 bytes and not 500. Everything that changes with each operation is
 * a word here and not a field of the queue: then the queue object itself stays shared clean in both threads' caches.
 * Publish with {@link #publish}, observe with {@link #observe}: Agrona's protocol.
 */
final class PositionWords {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int WORDS_PER_GROUP = 4;
    private static final int PADDED_GROUP = 128 / Long.BYTES;

    private final long[] words;

    /** Index of the producer's first word. */
    final int producer;

    /** Index of the consumer's first word. */
    final int consumer;

    PositionWords(boolean shared) {
        final int stride = shared ? PADDED_GROUP : WORDS_PER_GROUP;
        producer = shared ? stride : 0;
        consumer = producer + stride;
        words = new long[shared ? consumer + 2 * stride : consumer + stride];
    }

    boolean isShared() {
        return producer != 0;
    }

    long get(int index) {
        return words[index];
    }

    void set(int index, long value) {
        words[index] = value;
    }

    long observe(int index) {
        return isShared() ? (long) WORDS.getAcquire(words, index) : words[index];
    }

    void publish(int index, long value) {
        if (isShared()) {
            WORDS.setRelease(words, index, value);
        } else {
            words[index] = value;
        }
    }

    void reset() {
        Arrays.fill(words, 0);
    }
}
