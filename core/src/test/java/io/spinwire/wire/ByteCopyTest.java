package io.spinwire.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ByteCopyTest {
    private static final int LONGEST = 600;
    private static final int MARGIN = 40;

    @Test
    void shouldCopyTheseBytesAndNoOthersWhateverTheLengthAndTheMemories() {
        final SplittableRandom random = new SplittableRandom(1);
        final byte[] bytes = new byte[LONGEST + MARGIN];
        random.nextBytes(bytes);
        for (final Memory from : Memory.values()) {
            for (final Memory to : Memory.values()) {
                for (int length = 0; length <= LONGEST; length++) {
                    checkCopy(from.holding(bytes), to.buffer(LONGEST + MARGIN), length, random);
                }
            }
        }
    }

    private static void checkCopy(UnsafeBuffer src, UnsafeBuffer dst, int length, SplittableRandom random) {
        final int from = random.nextInt(MARGIN);
        final int to = random.nextInt(MARGIN);
        ByteCopy.copy(src, from, dst, to, length);
        for (int i = 0; i < dst.capacity(); i++) {
            final boolean isCopied = i >= to && i < to + length;
            assertEquals(isCopied ? src.getByte(from + i - to) : 0, dst.getByte(i), "byte " + i + " of " + length);
        }
    }

    @Test
    void shouldRefuseWhatLiesOutsideWhenBoundsAreChecked() {
        final UnsafeBuffer src = Memory.DIRECT.buffer(64);
        final UnsafeBuffer dst = Memory.DIRECT.buffer(64);
        assertThrows(IndexOutOfBoundsException.class, () -> ByteCopy.copy(src, 33, dst, 0, 32));
        assertThrows(IndexOutOfBoundsException.class, () -> ByteCopy.copy(src, 0, dst, 33, 32));
        assertThrows(IndexOutOfBoundsException.class, () -> ByteCopy.copy(src, -1, dst, 0, 32));
    }
}
