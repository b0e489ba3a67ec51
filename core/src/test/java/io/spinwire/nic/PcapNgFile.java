package io.spinwire.nic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A reader of pcapng files that knows nothing of the writer: from the format's description only, and strict. */
final class PcapNgFile {
    record Packet(long timestampNs, int originalLength, byte[] bytes, int direction, long dropped) {}

    final List<Packet> packets = new ArrayList<>();
    String interfaceName;
    byte[] macAddress;
    int linkType;
    int snapLength;
    int timestampResolution;
    long statisticsReceived = -1;
    long statisticsDropped = -1;
    private int interfaces;

    private PcapNgFile() {}

    static PcapNgFile read(Path file) throws IOException {
        final PcapNgFile result = new PcapNgFile();
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        boolean isFirst = true;
        while (bytes.hasRemaining()) {
            final int start = bytes.position();
            final int type = bytes.getInt();
            final int length = bytes.getInt();
            assertTrue(length >= 12 && length % 4 == 0 && start + length <= bytes.limit(), "block length " + length);
            assertEquals(length, bytes.getInt(start + length - 4), "second length");
            assertEquals(isFirst, type == 0x0A0D0D0A, "section header first, and once");
            isFirst = false;
            final ByteBuffer body = bytes.slice(start + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN);
            result.block(type, body);
            bytes.position(start + length);
        }
        return result;
    }

    private void block(int type, ByteBuffer body) {
        switch (type) {
            case 0x0A0D0D0A -> sectionHeader(body);
            case 1 -> interfaceDescription(body);
            case 5 -> statistics(body);
            case 6 -> packet(body);
            default -> throw new AssertionError("block type " + type);
        }
    }

    private static void sectionHeader(ByteBuffer body) {
        assertEquals(0x1A2B3C4D, body.getInt());
        assertEquals(1, body.getShort());
        assertEquals(0, body.getShort());
        assertEquals(-1, body.getLong());
        options(body);
    }

    private void interfaceDescription(ByteBuffer body) {
        interfaces++;
        linkType = body.getShort();
        assertEquals(0, body.getShort());
        snapLength = body.getInt();
        final Map<Integer, ByteBuffer> options = options(body);
        interfaceName = StandardCharsets.UTF_8.decode(options.get(2)).toString();
        macAddress = new byte[6];
        options.get(6).get(macAddress);
        timestampResolution = options.get(9).get();
    }

    private void packet(ByteBuffer body) {
        assertTrue(body.getInt() < interfaces, "interface described before its packets");
        final long timestampNs = (long) body.getInt() << 32 | body.getInt() & 0xFFFF_FFFFL;
        final byte[] bytes = new byte[body.getInt()];
        final int originalLength = body.getInt();
        body.get(bytes);
        while (body.position() % 4 != 0) {
            assertEquals(0, body.get(), "padding");
        }
        final Map<Integer, ByteBuffer> options = options(body);
        final int flags = options.get(2).getInt();
        final long dropped = options.containsKey(4) ? options.get(4).getLong() : 0;
        packets.add(new Packet(timestampNs, originalLength, bytes, flags & 3, dropped));
    }

    private void statistics(ByteBuffer body) {
        assertTrue(body.getInt() < interfaces);
        body.getLong();
        final Map<Integer, ByteBuffer> options = options(body);
        statisticsReceived = options.get(4).getLong();
        statisticsDropped = options.get(5).getLong();
    }

    private static Map<Integer, ByteBuffer> options(ByteBuffer body) {
        final Map<Integer, ByteBuffer> options = new HashMap<>();
        while (true) {
            final int code = body.getShort();
            final int length = body.getShort() & 0xFFFF;
            if (code == 0) {
                assertEquals(0, length);
                assertEquals(0, body.remaining(), "nothing behind the end of options");
                return options;
            }
            options.put(code, body.slice(body.position(), length).order(ByteOrder.LITTLE_ENDIAN));
            body.position(body.position() + (length + 3) / 4 * 4);
        }
    }
}
