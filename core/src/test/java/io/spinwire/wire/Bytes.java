package io.spinwire.wire;

import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** Wire formats written out by hand: hexadecimal digits, with spaces where the fields end. */
final class Bytes {
    /** Where headers lie in the tests: odd, so that a forgotten offset or an assumed alignment shows. */
    static final int AT = 7;

    private Bytes() {}

    /** The bytes at {@link #AT}, with others around them. */
    static UnsafeBuffer of(String hex) {
        final byte[] bytes = parse(hex);
        final UnsafeBuffer buffer = blank(bytes.length);
        buffer.putBytes(AT, bytes);
        return buffer;
    }

    /** Room for {@code length} bytes at {@link #AT}, full of rubbish. */
    static UnsafeBuffer blank(int length) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[AT + length + AT]);
        buffer.setMemory(0, buffer.capacity(), (byte) 0xA5);
        return buffer;
    }

    /** What lies at {@link #AT}, and that nothing around it was written. */
    static String hex(UnsafeBuffer buffer, int length) {
        for (int i = 0; i < buffer.capacity(); i++) {
            if ((i < AT || i >= AT + length) && buffer.getByte(i) != (byte) 0xA5) {
                throw new AssertionError("written outside, at " + (i - AT));
            }
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(AT, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static String compact(String hex) {
        return HexFormat.of().formatHex(parse(hex));
    }

    private static byte[] parse(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
