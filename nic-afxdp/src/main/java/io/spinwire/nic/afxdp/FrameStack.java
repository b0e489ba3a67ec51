package io.spinwire.nic.afxdp;

/**
 * Free frames, last in first out, so that the one sent last is written next while it is still in the cache. Holds chunk
 * offsets in the UMEM. Engine thread only.
 */
final class FrameStack {
    private final int[] chunks;
    private int size;

    FrameStack(int capacity) {
        chunks = new int[capacity];
    }

    void push(int chunk) {
        chunks[size++] = chunk;
    }

    /** The caller knows that it is not empty. */
    int pop() {
        return chunks[--size];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }

    int capacity() {
        return chunks.length;
    }

    int size() {
        return size;
    }
}
