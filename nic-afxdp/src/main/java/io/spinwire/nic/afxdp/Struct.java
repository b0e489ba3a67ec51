package io.spinwire.nic.afxdp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A kernel structure for one call: zeroed native memory with fields at byte offsets, in the machine's byte order.
 * Control plane only; the memory goes when it is closed, by the thread that made it.
 */
final class Struct implements AutoCloseable {
    private static final int ALIGNMENT = 8;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory;

    Struct(int size) {
        memory = arena.allocate(size, ALIGNMENT);
    }

    static Struct ofBytes(byte[] bytes) {
        final Struct struct = new Struct(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, struct.memory, JAVA_BYTE, 0, bytes.length);
        return struct;
    }

    /** A C string. */
    static Struct ofString(String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final Struct struct = new Struct(bytes.length + 1);
        MemorySegment.copy(bytes, 0, struct.memory, JAVA_BYTE, 0, bytes.length);
        return struct;
    }

    Struct u8(int offset, int value) {
        memory.set(JAVA_BYTE, offset, (byte) value);
        return this;
    }

    Struct u16(int offset, int value) {
        memory.set(JAVA_SHORT_UNALIGNED, offset, (short) value);
        return this;
    }

    Struct u32(int offset, int value) {
        memory.set(JAVA_INT_UNALIGNED, offset, value);
        return this;
    }

    Struct u64(int offset, long value) {
        memory.set(JAVA_LONG_UNALIGNED, offset, value);
        return this;
    }

    /** Writes a C string into a field of {@code fieldLength} bytes, which must hold it and its end. */
    Struct text(int offset, String text, int fieldLength) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= fieldLength) {
            throw new IllegalArgumentException("\"" + text + "\" is longer than " + (fieldLength - 1) + " bytes");
        }
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, offset, bytes.length);
        return this;
    }

    int u8(int offset) {
        return memory.get(JAVA_BYTE, offset) & 0xFF;
    }

    int u16(int offset) {
        return memory.get(JAVA_SHORT_UNALIGNED, offset) & 0xFFFF;
    }

    int u32(int offset) {
        return memory.get(JAVA_INT_UNALIGNED, offset);
    }

    long u64(int offset) {
        return memory.get(JAVA_LONG_UNALIGNED, offset);
    }

    /** Reads a C string from a field of at most {@code fieldLength} bytes. */
    String text(int offset, int fieldLength) {
        int length = 0;
        while (length < fieldLength && memory.get(JAVA_BYTE, offset + length) != 0) {
            length++;
        }
        return new String(bytes(offset, length), StandardCharsets.UTF_8);
    }

    byte[] bytes(int offset, int length) {
        final byte[] bytes = new byte[length];
        MemorySegment.copy(memory, JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }

    long address() {
        return memory.address();
    }

    int size() {
        return (int) memory.byteSize();
    }

    @Override
    public void close() {
        arena.close();
    }
}
