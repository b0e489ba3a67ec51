package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.RST;

import io.spinwire.ip.AddressPair;

/**
 * Answers a segment that belongs to no connection with a reset: RFC 9293 section 3.5.2, group 1. Engine thread only.
 * Linux: {@code tcp_v4_send_reset()}.
 */
final class ResetReply {
    private final SegmentSender sender;

    ResetReply(SegmentSender sender) {
        this.sender = sender;
    }

    /** Sends the reset, unless the segment is one itself. A refused frame loses it: the peer will ask again. */
    void send(Segment segment) {
        if (segment.isRst()) {
            return;
        }
        final OutSegment out = sender.out;
        out.addressPair = segment.addressPair;
        out.ports = segment.ports;
        out.hasTimestamps = false;
        out.window = 0;
        out.tos = 0;
        out.ttl = 0;
        if (segment.isAck()) {
            out.seq = segment.ackSeq;
            out.ackSeq = 0;
            out.flags = RST;
        } else {
            out.seq = 0;
            out.ackSeq = segment.endSeq;
            out.flags = RST | ACK;
        }
        final long dst = sender.ip().route(AddressPair.remote(segment.addressPair));
        sender.sendBare(dst, segment.receivedNs);
    }
}
