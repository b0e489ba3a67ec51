package io.spinwire.sim;

import io.spinwire.nic.SplitMix64;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What one side of a conversation says: each byte follows from the seed and its position in the stream. */
record Content(long seed, long length) {

    byte at(long position) {
        return (byte) (SplitMix64.at(seed, position >>> 3) >>> ((position & 7) << 3));
    }

    void fill(MutableDirectBuffer buffer, int offset, long position, int count) {
        long word = 0;
        for (int i = 0; i < count; i++) {
            final long at = position + i;
            if (i == 0 || (at & 7) == 0) {
                word = SplitMix64.at(seed, at >>> 3);
            }
            buffer.putByte(offset + i, (byte) (word >>> ((at & 7) << 3)));
        }
    }

    /** Null when the bytes are those at {@code position}; else what is wrong with them. */
    String fault(DirectBuffer buffer, int offset, long position, int count) {
        if (position < 0 || position + count > length) {
            return "bytes " + position + " to " + (position + count) + " of a stream of " + length;
        }
        long word = 0;
        for (int i = 0; i < count; i++) {
            final long at = position + i;
            if (i == 0 || (at & 7) == 0) {
                word = SplitMix64.at(seed, at >>> 3);
            }
            if (buffer.getByte(offset + i) != (byte) (word >>> ((at & 7) << 3))) {
                return "wrong byte at " + at + " of " + length + ", in a piece " + position + " to "
                        + (position + count);
            }
        }
        return null;
    }
}
