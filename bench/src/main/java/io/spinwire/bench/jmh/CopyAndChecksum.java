package io.spinwire.bench.jmh;

import io.spinwire.wire.Checksum;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;
import io.spinwire.wire.TcpOptions;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a round trip cannot do without, and nothing else: for each of its two ways, the bytes that the stack copies and
 * sums, over the same sequence of frames in memory, without protocol, tables, queues or turns. Tells how fast the
 * machine was when the stack was measured.
 *
 * <p>One way: copy the message into a send buffer; copy it on into a frame while summing it, with as many header bytes
 * written and summed as timestamps make (20 IP, 32 TCP); then verify both sums.
 */
final class CopyAndChecksum {
    private static final int FRAMES = 256; // as many as the pipe has
    private static final int SLOT_LENGTH = 1600; // as long as the pipe's, near enough
    private static final int SEND_BUFFER_LENGTH = 16 * 1024; // Linux: tcp_wmem[1]
    private static final int IP_OFFSET = Ethernet.HEADER_LENGTH;
    private static final int IP_LENGTH = Ipv4.HEADER_LENGTH;
    private static final int TCP_OFFSET = IP_OFFSET + IP_LENGTH;
    private static final int TCP_LENGTH = TcpHeader.LENGTH + TcpOptions.TIMESTAMPS_ALIGNED_LENGTH;
    private static final int PAYLOAD_OFFSET = TCP_OFFSET + TCP_LENGTH;
    private static final int IP_CHECKSUM = IP_OFFSET + 10; // RFC 791 section 3.1
    private static final int TCP_CHECKSUM = TCP_OFFSET + 16; // RFC 9293 section 3.1

    private final UnsafeBuffer header = new UnsafeBuffer(BufferUtil.allocateDirectAligned(PAYLOAD_OFFSET, 64));
    private final UnsafeBuffer sendBuffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SEND_BUFFER_LENGTH, 64));
    private final UnsafeBuffer frames = new UnsafeBuffer(BufferUtil.allocateDirectAligned(FRAMES * SLOT_LENGTH, 64));
    private int frame;
    private int written;

    /** Bytes copied and bytes summed by {@link #roundTrip} for a message of {@code length}. */
    static String describe(int length) {
        final int summed = 2 * (IP_LENGTH + TCP_LENGTH + length);
        final int copied = PAYLOAD_OFFSET + 2 * length;
        return "2 x (" + copied + " bytes copied, " + summed + " summed)";
    }

    /** Both ways of a message; returns 0, because all sums are right. */
    long roundTrip(UnsafeBuffer message, int length) {
        return oneWay(message, length) + oneWay(message, length);
    }

    private long oneWay(UnsafeBuffer message, int length) {
        final int slot = (frame++ & FRAMES - 1) * SLOT_LENGTH;
        final int source = written & SEND_BUFFER_LENGTH - 1;
        written += length;
        sendBuffer.putBytes(source, message, 0, length);
        frames.putBytes(slot, header, 0, PAYLOAD_OFFSET);
        long sum = Checksum.addCopy(0, sendBuffer, source, frames, slot + PAYLOAD_OFFSET, length);
        sum = Checksum.add(sum, frames, slot + TCP_OFFSET, TCP_LENGTH);
        Checksum.store(frames, slot, TCP_CHECKSUM, Checksum.finish(sum));
        sum = Checksum.add(0, frames, slot + IP_OFFSET, IP_LENGTH);
        Checksum.store(frames, slot, IP_CHECKSUM, Checksum.finish(sum));
        final int ipFault = Checksum.finish(Checksum.add(0, frames, slot + IP_OFFSET, IP_LENGTH));
        final int tcpFault = Checksum.finish(Checksum.add(0, frames, slot + TCP_OFFSET, TCP_LENGTH + length));
        return ipFault + tcpFault;
    }
}
