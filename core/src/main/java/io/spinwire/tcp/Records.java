package io.spinwire.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Small off-heap records of 64 bytes, for what is not a full socket: connection requests and TIME_WAIT. Grows by chunks
 * up to its limit and never shrinks; free ones are chained through their first word. Engine thread only.
 */
final class Records {
    static final int NONE = -1;
    static final int LENGTH = 64;
    private static final int CHUNK_SHIFT = 10;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final int CHUNK_MASK = CHUNK - 1;

    private final int limit;
    private final List<UnsafeBuffer> chunks = new ArrayList<>();
    private int free = NONE;
    private int inUse;

    Records(int limit) {
        this.limit = limit;
    }

    /** A record whose content is undefined, or {@link #NONE} at the limit. */
    int allocate() {
        if (inUse >= limit) {
            return NONE;
        }
        if (free == NONE) {
            addChunk();
        }
        final int index = free;
        free = buffer(index).getInt(offset(index));
        inUse++;
        return index;
    }

    void free(int index) {
        buffer(index).putInt(offset(index), free);
        free = index;
        inUse--;
    }

    int inUse() {
        return inUse;
    }

    /** Records that exist, free or not: indices are below it. */
    int capacity() {
        return chunks.size() << CHUNK_SHIFT;
    }

    UnsafeBuffer buffer(int index) {
        return chunks.get(index >> CHUNK_SHIFT);
    }

    static int offset(int index) {
        return (index & CHUNK_MASK) * LENGTH;
    }

    private void addChunk() {
        final int first = capacity();
        final ByteBuffer memory = ByteBuffer.allocateDirect(CHUNK * LENGTH).order(ByteOrder.nativeOrder());
        chunks.add(new UnsafeBuffer(memory));
        for (int i = first + CHUNK - 1; i >= first; i--) {
            buffer(i).putInt(offset(i), free);
            free = i;
        }
    }
}
