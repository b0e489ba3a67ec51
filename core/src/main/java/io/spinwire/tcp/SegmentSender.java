package io.spinwire.tcp;

import io.spinwire.ip.IpOutput;
import io.spinwire.nic.Frame;
import io.spinwire.queue.WriteQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.Ipv4;
import io.spinwire.wire.TcpHeader;

/**
 * Puts a segment into a frame and hands it to IP: header, options, payload, checksum, in one pass over the payload.
 * What the header says is filled into {@link #out} by the caller. Engine thread only.
 */
final class SegmentSender {
    /** To be filled in before sending. */
    final OutSegment out = new OutSegment();

    private final IpOutput ip;
    private final Frame frame;
    private final Counters counters;

    SegmentSender(IpOutput ip, Frame frame, Counters counters) {
        this.ip = ip;
        this.frame = frame;
        this.counters = counters;
    }

    /**
     * Claims a frame for {@link #out} with {@code dataLength} bytes of payload. False when there is none: nothing
     * changed.
     */
    boolean claim(long dst, int dataLength, long nowNs) {
        return ip.claim(frame, dst, out.headerLength() + dataLength, dataLength == 0, nowNs);
    }

    /**
     * Sends {@link #out} in the frame claimed.
     *
     * @param queue that holds the payload; not used when {@code dataLength} is 0
     */
    void send(long dst, WriteQueue queue, long position, int dataLength) {
        final int headerLength = out.headerLength();
        final int offset = frame.transportOffset;
        long sum = ip.pseudoHeaderSum(out.addressPair, Ipv4.PROTOCOL_TCP, headerLength + dataLength);
        if (dataLength > 0) {
            sum = queue.readAndSum(position, frame.buffer, offset + headerLength, dataLength, sum);
        }
        out.writeHeader(frame.buffer, offset, headerLength, sum);
        if ((out.flags & TcpHeader.RST) != 0) {
            counters.increment(Counter.TcpOutRsts);
        }
        frame.sock = out.sock;
        frame.departureNs = out.departureNs;
        ip.send(frame, dst, out.addressPair, out.tos, out.ttl, out.mayFragment);
    }

    /** A segment without payload, from no socket: claims and sends it. False when there is no frame. */
    boolean sendBare(long dst, long nowNs) {
        out.sackCount = 0;
        out.urgentPointer = 0;
        if (dst == IpOutput.UNREACHABLE || !claim(dst, 0, nowNs)) {
            return false;
        }
        counters.increment(Counter.TcpOutSegs);
        out.sock = -1;
        out.mayFragment = false;
        out.departureNs = 0;
        send(dst, null, 0, 0);
        return true;
    }

    IpOutput ip() {
        return ip;
    }
}
