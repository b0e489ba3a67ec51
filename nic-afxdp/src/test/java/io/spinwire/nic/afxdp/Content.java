package io.spinwire.nic.afxdp;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The bytes of every stream in these tests: a random block whose length is a prime, over and over. */
final class Content {
    private static final int PERIOD = 1_000_003;
    private static final int LONGEST_READ = 1 << 17;

    /** The period and a bit more, so that any stretch is in one piece. */
    static final byte[] BYTES = new byte[PERIOD + LONGEST_READ];

    static final UnsafeBuffer BUFFER = new UnsafeBuffer(BYTES);

    static {
        new SplittableRandom(77).nextBytes(BYTES);
        System.arraycopy(BYTES, 0, BYTES, PERIOD, LONGEST_READ);
    }

    private Content() {}

    /** Where in {@link #BYTES} the byte at this position of a stream stands; {@code LONGEST_READ} more follow. */
    static int index(long position) {
        return (int) (position % PERIOD);
    }

    /** Bytes that may be written in one piece. */
    static int piece(long left) {
        return (int) Math.min(left, LONGEST_READ);
    }

    static boolean isRight(long position, byte[] bytes, int length) {
        final int index = index(position);
        return Arrays.equals(bytes, 0, length, BYTES, index, index + length);
    }

    /** A receive buffer that has grown hands over more at once than a piece. */
    static boolean isRight(long position, DirectBuffer buffer, int offset, int length) {
        for (int done = 0; done < length; done += LONGEST_READ) {
            if (!isPieceRight(position + done, buffer, offset + done, piece(length - done))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPieceRight(long position, DirectBuffer buffer, int offset, int length) {
        final int index = index(position);
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if (buffer.getLong(offset + i) != BUFFER.getLong(index + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (buffer.getByte(offset + i) != BYTES[index + i]) {
                return false;
            }
        }
        return true;
    }
}
