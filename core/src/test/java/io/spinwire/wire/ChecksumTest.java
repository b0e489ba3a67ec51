package io.spinwire.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {
    private static final int LONGEST = 70_000;

    @Test
    void shouldGiveTheSumOfRfc1071WhenGivenItsExample() {
        // RFC 1071 section 3: the words 0001 f203 f4f5 f6f7 sum up to ddf2
        final UnsafeBuffer buffer = Bytes.of("0001 f203 f4f5 f6f7");
        assertEquals(0xDDF2, bigEndian(Checksum.fold(Checksum.add(0, buffer, Bytes.AT, 8))));
        assertEquals(~0xDDF2 & 0xFFFF, bigEndian(Checksum.finish(Checksum.add(0, buffer, Bytes.AT, 8))));
    }

    @ParameterizedTest
    @EnumSource
    void shouldAgreeWithNaiveSumWhenLengthsOffsetsAndBytesAreRandom(Memory memory) {
        final SplittableRandom random = new SplittableRandom(1);
        final byte[] bytes = new byte[LONGEST + 64];
        final UnsafeBuffer buffer = memory.buffer(bytes.length);
        for (int run = 0; run < 5_000; run++) {
            final int length = run < 500 ? run % 100 : random.nextInt(run % 50 == 0 ? LONGEST : 2_000);
            final int offset = random.nextInt(64);
            fill(bytes, offset, length, random, run);
            buffer.putBytes(offset, bytes, offset, length);
            final long initial = random.nextInt(3) * 0x7FFF_FFFFL;
            final int expected = naive(bytes, offset, length, bigEndian(Checksum.fold(initial)));
            final int actual = bigEndian(Checksum.fold(Checksum.add(initial, buffer, offset, length)));
            assertEquals(expected, actual, "length " + length + ", offset " + offset + ", run " + run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAgreeWithOneSumWhenDoneInEvenBlocks(Memory memory) {
        final SplittableRandom random = new SplittableRandom(2);
        final byte[] bytes = new byte[3_000];
        random.nextBytes(bytes);
        final UnsafeBuffer buffer = memory.holding(bytes);
        for (int run = 0; run < 1_000; run++) {
            final int first = 2 * random.nextInt(500);
            final int second = 2 * random.nextInt(500);
            final int third = random.nextInt(1_000);
            long sum = Checksum.add(0, buffer, 3, first);
            sum = Checksum.add(sum, buffer, 3 + first, second);
            sum = Checksum.add(sum, buffer, 3 + first + second, third);
            assertEquals(naive(bytes, 3, first + second + third, 0), bigEndian(Checksum.fold(sum)), "run " + run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldAgreeWithOneSumWhenBlockAtOddPlaceIsSwapped(Memory memory) {
        final SplittableRandom random = new SplittableRandom(3);
        final byte[] bytes = new byte[2_000];
        random.nextBytes(bytes);
        final UnsafeBuffer buffer = memory.holding(bytes);
        for (int run = 0; run < 1_000; run++) {
            final int first = 2 * random.nextInt(400) + 1;
            final int second = random.nextInt(1_000);
            final long sum = Checksum.add(0, buffer, 0, first) + Checksum.swap(Checksum.add(0, buffer, first, second));
            assertEquals(naive(bytes, 0, first + second, 0), bigEndian(Checksum.fold(sum)), "run " + run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldCopyAndSumAlikeWhenDoneInOnePass(Memory memory) {
        final SplittableRandom random = new SplittableRandom(4);
        final byte[] bytes = new byte[2_100];
        random.nextBytes(bytes);
        final UnsafeBuffer source = memory.holding(bytes);
        for (int run = 0; run < 2_000; run++) {
            final int length = run < 100 ? run : random.nextInt(2_000);
            final int from = random.nextInt(50);
            final int to = random.nextInt(50);
            final UnsafeBuffer target = memory.buffer(2_100);
            assertEquals(Checksum.add(5, source, from, length), Checksum.addCopy(5, source, from, target, to, length));
            for (int i = 0; i < target.capacity(); i++) {
                final boolean isCopied = i >= to && i < to + length;
                assertEquals(isCopied ? bytes[from + i - to] : 0, target.getByte(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 1460, 1461, 65_535})
    void shouldBeValidWhenOwnChecksumIsAmongTheData(int length) {
        final SplittableRandom random = new SplittableRandom(length);
        final byte[] bytes = new byte[length];
        final UnsafeBuffer buffer = Memory.DIRECT.buffer(length);
        for (int run = 0; run < 100; run++) {
            random.nextBytes(bytes);
            buffer.putBytes(0, bytes);
            Checksum.store(buffer, 0, 10, 0);
            Checksum.store(buffer, 0, 10, Checksum.finish(Checksum.add(0, buffer, 0, length)));
            assertEquals(0, Checksum.finish(Checksum.add(0, buffer, 0, length)));
            final int bit = random.nextInt(length * 8);
            buffer.putByte(bit / 8, (byte) (buffer.getByte(bit / 8) ^ 1 << bit % 8));
            assertTrue(Checksum.finish(Checksum.add(0, buffer, 0, length)) != 0, "a flipped bit is always seen");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheTwoZerosApartWhenFolded(Memory memory) {
        // One's complement has two zeros: only all-zero data sums up to 0x0000, anything else to 0xFFFF.
        final UnsafeBuffer zeros = memory.buffer(20);
        assertEquals(0, Checksum.fold(Checksum.add(0, zeros, 0, 20)));
        assertEquals(0xFFFF, Checksum.finish(0));
        zeros.putShort(4, (short) 0xFFFF);
        assertEquals(0xFFFF, Checksum.fold(Checksum.add(0, zeros, 0, 20)));
        assertEquals(0, Checksum.finish(Checksum.add(0, zeros, 0, 20)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0xFFFFL, 0x1_0000L - 1, 0xFFFF_FFFFL, 0xFFFF_FFFF_FFFFL, 0x1_FFFE_FFFEL * 0xFFFFL, -1L})
    void shouldFoldToAllOnesWhenSumIsAMultipleOfThem(long sum) {
        assertEquals(0xFFFF, Checksum.fold(sum));
    }

    @Test
    void shouldFoldUntilNoCarryIsLeftWhenEveryStepCarries() {
        assertEquals(1, Checksum.fold(0x1_0000L));
        assertEquals(1, Checksum.fold(0x1_0000_0000L));
        assertEquals(2, Checksum.fold(0x1_0000_0001L));
        assertEquals(1, Checksum.fold(0xFFFF_FFFF_0000_0001L));
    }

    @Test
    void shouldAddNumbersAsTheBytesTheyAreOnTheWire() {
        final UnsafeBuffer buffer = Bytes.of("c0a80102 0006 8001");
        final long bytes = Checksum.add(0, buffer, Bytes.AT, 8);
        final long numbers = Checksum.addShort(Checksum.addShort(Checksum.addInt(0, 0xC0A8_0102), 0x0006), 0x8001);
        assertEquals(Checksum.fold(bytes), Checksum.fold(numbers));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatItWroteWhenStored(Memory memory) {
        final UnsafeBuffer buffer = memory.buffer(8);
        for (final int value : new int[] {0, 1, 0x1234, 0x8000, 0xFFFF}) {
            Checksum.store(buffer, 2, 1, value);
            assertEquals(value, Checksum.load(buffer, 2, 1));
            assertEquals(value, Checksum.load(buffer, 3, 0));
        }
    }

    /** RFC 1071 word by word, in network order. */
    private static int naive(byte[] bytes, int offset, int length, int initial) {
        long sum = initial;
        for (int i = 0; i < length; i += 2) {
            final int high = bytes[offset + i] & 0xFF;
            final int low = i + 1 < length ? bytes[offset + i + 1] & 0xFF : 0;
            sum += high << 8 | low;
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (int) sum;
    }

    private static void fill(byte[] bytes, int offset, int length, SplittableRandom random, int run) {
        if (run % 10 == 0) {
            java.util.Arrays.fill(bytes, offset, offset + length, (byte) (run % 20 == 0 ? 0xFF : 0));
        } else {
            random.nextBytes(bytes);
        }
    }

    private static int bigEndian(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Short.reverseBytes((short) value) & 0xFFFF : value;
    }
}
