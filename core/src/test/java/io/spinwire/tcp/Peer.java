package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import io.spinwire.wire.TcpOptions;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The other end of one connection, played by the test: makes real frames of what it {@link #sends}, and reads those
 * that the engine emitted. Its numbers are relative to {@link #iss}, the engine's to {@link #stackIss}.
 */
final class Peer {
    static final int ISS = 0x7FFF_FF00; // so that numbers wrap soon
    private static final int HEADERS = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH;

    final TcpScript script;
    int address = TcpScript.PEER;
    int stackAddress = TcpScript.STACK;
    int port;
    int stackPort;
    int iss = ISS;
    int stackIss;
    boolean knowsStackIss;

    /** Window field of what it sends. */
    int window = 65535;

    /** Options of its SYN. */
    int mss = 1000;

    int windowScale = Packet.ANY;
    boolean hasTimestamps;
    boolean hasSack;

    /** Behind the largest number that it has sent or seen, relative. */
    int sndNxt;

    int stackNxt;
    int tsEcr;
    int tsOffset = 1_000_000;
    int tos;

    /** Whether the stack has answered, and not with a reset; kept by tests that need it. */
    boolean isOpen;

    /** Whether what it reads must be the pattern. */
    boolean isContentChecked = true;

    Peer(TcpScript script, int port, int stackPort) {
        this.script = script;
        this.port = port;
        this.stackPort = stackPort;
    }

    Peer withTimestamps() {
        hasTimestamps = true;
        return this;
    }

    /** Permits SACK in its SYN. */
    Peer withSack() {
        hasSack = true;
        return this;
    }

    Peer withWindowScale(int shift) {
        windowScale = shift;
        return this;
    }

    Peer withMss(int value) {
        mss = value;
        return this;
    }

    Peer withWindow(int field) {
        window = field;
        return this;
    }

    /** Sends segments, which the engine finds in one burst, and lets it work until nothing is left to do. */
    void sends(Packet... packets) {
        queues(packets);
        script.run();
    }

    /** Puts segments on the cable, for a later turn. */
    void queues(Packet... packets) {
        for (final Packet packet : packets) {
            if (packet.is(SYN)) {
                iss += packet.seq;
                packet.seq = 0;
            }
            script.nic.incoming.add(frame(packet));
            if (packet.seq + packet.span() > sndNxt) {
                sndNxt = packet.seq + packet.span();
            }
        }
    }

    /** The timestamp that this peer would send now. */
    int tsNow() {
        return (int) (script.clock.nanoTime() / 1_000_000) + tsOffset;
    }

    byte[] frame(Packet packet) {
        final byte[] options = packet.rawOptions != null ? packet.rawOptions : options(packet);
        final int headerLength = TcpHeader.LENGTH + options.length;
        final int ipLength = Ipv4.HEADER_LENGTH + headerLength + packet.length;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Math.max(60, Ethernet.HEADER_LENGTH + ipLength)]);
        Ethernet.put(buffer, 0, TcpScript.STACK_MAC, TcpScript.PEER_MAC, Ethernet.TYPE_IPV4);
        final int ip = Ethernet.HEADER_LENGTH;
        Ipv4.put(
                buffer,
                ip,
                packet.tos == Packet.ANY ? tos : packet.tos,
                ipLength,
                7,
                Ipv4.ttlProtocol(64, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(buffer, ip, address, stackAddress);
        TcpHeader.putPorts(buffer, HEADERS, port, stackPort);
        final int ackSeq = packet.ackSeq == Packet.ANY ? 0 : stackIss + packet.ackSeq;
        TcpHeader.putSeqAndAck(buffer, HEADERS, iss + packet.seq, ackSeq);
        final int field = packet.window == Packet.ANY ? window : packet.window;
        final int urgentPointer = packet.urgentPointer == Packet.ANY ? 0 : packet.urgentPointer;
        TcpHeader.putControl(buffer, HEADERS, headerLength, packet.flags, field, urgentPointer);
        buffer.putBytes(HEADERS + TcpHeader.LENGTH, options);
        final int first = packet.seq + (packet.is(SYN) ? 1 : 0);
        for (int i = 0; i < packet.length; i++) {
            buffer.putByte(HEADERS + headerLength + i, TcpScript.pattern(first + i));
        }
        final int length = headerLength + packet.length;
        TcpHeader.seal(buffer, HEADERS, Ipv4.pseudoHeaderSum(address, stackAddress, Ipv4.PROTOCOL_TCP, length), length);
        return buffer.byteArray();
    }

    private byte[] options(Packet packet) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[40]);
        int offset = 0;
        if (packet.is(SYN)) {
            final int announced = packet.mss == Packet.ANY ? mss : packet.mss;
            offset = announced == 0 ? 0 : TcpOptions.putMss(buffer, 0, announced);
        }
        if (hasTimestamps && packet.hasTimestamps || packet.tsVal != Packet.ANY) {
            final int val = packet.tsVal == Packet.ANY ? tsNow() : packet.tsVal;
            final int ecr = packet.tsEcr == Packet.ANY ? tsEcr : packet.tsEcr;
            final int echo = packet.is(ACK) ? ecr : 0;
            offset = hasSack && packet.is(SYN)
                    ? TcpOptions.putSackPermittedAndTimestamps(buffer, offset, val, echo)
                    : TcpOptions.putTimestamps(buffer, offset, val, echo);
        } else if (hasSack && packet.is(SYN)) {
            offset = TcpOptions.putSackPermitted(buffer, offset);
        }
        final int shift = packet.windowScale == Packet.ANY ? windowScale : packet.windowScale;
        if (packet.is(SYN) && shift != Packet.ANY) {
            offset = TcpOptions.putWindowScale(buffer, offset, shift);
        }
        offset = putSackBlocks(packet, buffer, offset);
        if (packet.cookie != null) {
            offset = putCookie(packet, buffer, offset);
        }
        final byte[] bytes = new byte[offset];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private static int putCookie(Packet packet, UnsafeBuffer buffer, int start) {
        final byte[] cookie = HexFormat.of().parseHex(packet.cookie);
        final int value = packet.isCookieExperimental
                ? TcpOptions.putFastOpenExperiment(buffer, start, cookie.length)
                : TcpOptions.putFastOpen(buffer, start, cookie.length);
        buffer.putBytes(value, cookie);
        final int end = start + TcpOptions.fastOpenLength(cookie.length, packet.isCookieExperimental);
        TcpOptions.pad(buffer, value + cookie.length, end);
        return end;
    }

    private int putSackBlocks(Packet packet, UnsafeBuffer buffer, int start) {
        final int count = packet.sackBlocks.length / 2;
        if (count == 0) {
            return start;
        }
        final int length = 2 + count * TcpOptions.SACK_BLOCK_LENGTH;
        final int head = TcpOptions.NOP << 24 | TcpOptions.NOP << 16 | TcpOptions.SACK << 8 | length;
        buffer.putInt(start, head, ByteOrder.BIG_ENDIAN);
        for (int i = 0; i < packet.sackBlocks.length; i++) {
            buffer.putInt(start + 4 + i * 4, stackIss + packet.sackBlocks[i], ByteOrder.BIG_ENDIAN);
        }
        return start + 2 + length;
    }

    private int[] readSackBlocks(UnsafeBuffer buffer, int value, int count) {
        final int[] blocks = new int[count];
        for (int i = 0; i < count; i++) {
            blocks[i] = buffer.getInt(value + i * 4, ByteOrder.BIG_ENDIAN) - iss;
        }
        return blocks;
    }

    /** Reads a frame of the engine's that belongs to this connection, checking all that must always hold. */
    Packet read(byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        final int ipLength = Ipv4.totalLength(buffer, Ethernet.HEADER_LENGTH);
        final int length = ipLength - Ipv4.HEADER_LENGTH;
        final int headerLength = TcpHeader.headerLength(buffer, HEADERS);
        final Packet packet = Packet.of(TcpHeader.flags(buffer, HEADERS));
        final int seq = TcpHeader.seq(buffer, HEADERS);
        if (packet.is(SYN) || !knowsStackIss && seq != 0) {
            stackIss = packet.is(SYN) ? seq : stackIss;
            knowsStackIss |= packet.is(SYN);
        }
        packet.seq = knowsStackIss ? seq - stackIss : seq;
        packet.ackSeq = packet.is(ACK) ? TcpHeader.ackSeq(buffer, HEADERS) - iss : Packet.ANY;
        packet.window = TcpHeader.window(buffer, HEADERS);
        packet.length = length - headerLength;
        packet.urgentPointer = TcpHeader.urgentPointer(buffer, HEADERS);
        packet.tos = Ipv4.tos(buffer, Ethernet.HEADER_LENGTH);
        packet.frame = frame;
        packet.timeNs = script.clock.nanoTime();
        readOptions(packet, buffer, HEADERS + TcpHeader.LENGTH, HEADERS + headerLength);
        for (int i = 0; isContentChecked && i < packet.length; i++) {
            final byte expected = TcpScript.pattern(packet.seq + (packet.is(SYN) ? 1 : 0) + i);
            if (buffer.getByte(HEADERS + headerLength + i) != expected) {
                throw new AssertionError("byte " + (packet.seq + i) + " of the stream is wrong in " + packet);
            }
        }
        stackNxt = Math.max(stackNxt, packet.seq + packet.span());
        return packet;
    }

    private void readOptions(Packet packet, UnsafeBuffer buffer, int start, int end) {
        final StringBuilder order = new StringBuilder();
        int offset = start;
        while (offset < end) {
            final int kind = buffer.getByte(offset) & 0xFF;
            final int value = offset + 2;
            final String name = switch (kind) {
                case TcpOptions.NOP -> "nop";
                case TcpOptions.MSS -> {
                    packet.mss = TcpOptions.shortValue(buffer, value);
                    yield "mss";
                }
                case TcpOptions.WINDOW_SCALE -> {
                    packet.windowScale = buffer.getByte(value);
                    yield "ws";
                }
                case TcpOptions.TIMESTAMPS -> {
                    packet.tsVal = buffer.getInt(value, ByteOrder.BIG_ENDIAN);
                    packet.tsEcr = buffer.getInt(value + 4, ByteOrder.BIG_ENDIAN);
                    tsEcr = packet.tsVal;
                    yield "ts";
                }
                case TcpOptions.SACK_PERMITTED -> {
                    packet.isSackPermitted = true;
                    yield "sackOK";
                }
                case TcpOptions.SACK -> {
                    packet.sackBlocks = readSackBlocks(buffer, value, (buffer.getByte(offset + 1) - 2) / 4);
                    yield "sack";
                }
                case TcpOptions.FAST_OPEN -> {
                    final byte[] cookie = new byte[buffer.getByte(offset + 1) - 2];
                    buffer.getBytes(value, cookie);
                    packet.cookie = HexFormat.of().formatHex(cookie);
                    yield "tfo";
                }
                case TcpOptions.EXPERIMENTAL -> {
                    final byte[] cookie = new byte[buffer.getByte(offset + 1) - TcpOptions.EXPERIMENTAL_LENGTH];
                    buffer.getBytes(value + 2, cookie);
                    packet.oldCookie(HexFormat.of().formatHex(cookie));
                    yield "tfoexp";
                }
                default -> "option" + kind;
            };
            order.append(order.isEmpty() ? "" : " ").append(name);
            offset += kind == TcpOptions.NOP ? 1 : buffer.getByte(offset + 1);
        }
        packet.options = order.toString();
    }
}
