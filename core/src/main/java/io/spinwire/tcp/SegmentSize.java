package io.spinwire.tcp;

import io.spinwire.wire.TcpOptions;

/** How much a segment carries: of peer, path, options and window, the least decides. No state. Engine thread only. */
final class SegmentSize {
    private static final int DEFAULT_MSS = 536; // RFC 9293 section 3.7.1
    private static final int MIN_SND_MSS = 48; // Linux: tcp_min_snd_mss
    private static final int MIN_PAYLOAD = 28; // RFC 791: every host takes 68 bytes

    private SegmentSize() {}

    /**
     * Payload of a full segment now: what the peer and the path take, minus options, and at most half of the largest
     * window that the peer ever offered. Linux: {@code tcp_current_mss()}, {@code tcp_bound_to_half_wnd()}.
     */
    static int current(TcpSock sock) {
        final MtuSearch search = sock.mtuSearch;
        final boolean isSearched = search != null && search.isApplied;
        final int mss = mssOf(sock, isSearched ? Math.min(sock.pathMtu, search.low) : sock.pathMtu);
        final int bound = sock.maxWindow > DEFAULT_MSS ? sock.maxWindow >> 1 : sock.maxWindow;
        return bound == 0 || mss <= bound ? mss : Math.max(bound, MIN_PAYLOAD);
    }

    /** Payload of a segment that makes a datagram of this size. Linux: {@code tcp_mtu_to_mss()}. */
    static int mssOf(TcpSock sock, int mtu) {
        return Math.clamp(mtu - Opening.HEADERS, MIN_SND_MSS, sock.mssClamp) - optionsLength(sock);
    }

    static int optionsLength(TcpSock sock) {
        return sock.hasTimestamps ? TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : 0;
    }

    /** The same beside the SACK option that the next segment has. RFC 6691 section 2. */
    static int payload(TcpSock sock) {
        final int sackLength = TcpOptions.sackLength(sock.sackCount());
        return sackLength == 0 ? sock.mss : Math.max(sock.mss - sackLength, MIN_PAYLOAD);
    }
}
