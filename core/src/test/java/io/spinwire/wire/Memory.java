package io.spinwire.wire;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Where a buffer's bytes are: wire formats reach those outside the heap in another way. */
enum Memory {
    HEAP,
    DIRECT;

    /** All zeros. */
    UnsafeBuffer buffer(int length) {
        return this == HEAP ? new UnsafeBuffer(new byte[length]) : new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }

    UnsafeBuffer holding(byte[] bytes) {
        final UnsafeBuffer buffer = buffer(bytes.length);
        buffer.putBytes(0, bytes);
        return buffer;
    }
}
