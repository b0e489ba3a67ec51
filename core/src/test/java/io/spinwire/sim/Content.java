package io.spinwire.sim;

import io.spinwire.nic.SplitMix64;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one side of a conversation says: a stretch of a random sequence that all share and that repeats only after 2
 * MiB. So it can be written from where it lies, and held against what arrives eight bytes at a time.
 */
record Content(long seed, long length, boolean isChecked) {
    /** Bytes that lie in one piece from any position on. */
    static final int LONGEST_PIECE = 1 << 18;

    private static final int PERIOD = 2_097_143; // the largest prime below 2^21: no power of two repeats it
    private static final UnsafeBuffer SEQUENCE = sequence();

    Content(long seed, long length) {
        this(seed, length, true);
    }

    /** The same, of which nothing is known on arrival. */
    Content unchecked() {
        return new Content(seed, length, false);
    }

    private static UnsafeBuffer sequence() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[PERIOD + LONGEST_PIECE + Long.BYTES]);
        for (int i = 0; i < PERIOD; i += Long.BYTES) {
            buffer.putLong(i, SplitMix64.at(0, i));
        }
        buffer.putBytes(PERIOD, buffer, 0, LONGEST_PIECE);
        return buffer;
    }

    /** Where all that is said can be read from. */
    static DirectBuffer buffer() {
        return SEQUENCE;
    }

    /** Where {@link #LONGEST_PIECE} bytes from {@code position} on begin. */
    int offset(long position) {
        return (int) (((seed & Integer.MAX_VALUE) + position) % PERIOD);
    }

    /** Null when the bytes are those at {@code position}; else what is wrong with them. */
    String fault(DirectBuffer buffer, int offset, long position, int count) {
        if (!isChecked) {
            return null;
        }
        if (position < 0 || position + count > length) {
            return "bytes " + position + " to " + (position + count) + " of a stream of " + length;
        }
        for (int done = 0; done < count; done += LONGEST_PIECE) {
            final int piece = Math.min(count - done, LONGEST_PIECE);
            final int wrong = mismatch(buffer, offset + done, offset(position + done), piece);
            if (wrong >= 0) {
                return "wrong byte at " + (position + done + wrong) + " of " + length + ", in a piece " + position
                        + " to " + (position + count);
            }
        }
        return null;
    }

    private static int mismatch(DirectBuffer buffer, int offset, int expected, int count) {
        int i = 0;
        while (i + Long.BYTES <= count && buffer.getLong(offset + i) == SEQUENCE.getLong(expected + i)) {
            i += Long.BYTES;
        }
        while (i < count && buffer.getByte(offset + i) == SEQUENCE.getByte(expected + i)) {
            i++;
        }
        return i < count ? i : -1;
    }
}
