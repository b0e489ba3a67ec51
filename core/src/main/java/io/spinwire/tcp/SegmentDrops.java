package io.spinwire.tcp;

import io.spinwire.hook.Drops;
import io.spinwire.stats.DropReason;

/**
 * Where segments end that TCP drops once they are parsed: counted under their reason, and shown with their socket to
 * whoever watches. Engine thread only.
 */
final class SegmentDrops {
    private final Drops drops;

    SegmentDrops(Drops drops) {
        this.drops = drops;
    }

    /** Drops a segment, or a part of it, of a connection. */
    void drop(DropReason reason, TcpSock sock, Segment segment) {
        drop(reason, sock.index, segment);
    }

    /** Drops a segment of no socket. */
    void drop(DropReason reason, Segment segment) {
        drop(reason, -1, segment);
    }

    private void drop(DropReason reason, int sock, Segment segment) {
        final int length = segment.headerLength + segment.dataLength;
        drops.drop(reason, sock, segment.buffer, segment.headerOffset, length);
    }
}
