package io.spinwire.bench.end;

import java.net.InetSocketAddress;

/**
 * Many flows at once, one way: each has its connection, and as much to send as is taken.
 *
 * @param flows that send, all connected before the first byte
 * @param chunkBytes offered at once
 * @param durationNs of sending
 * @param least bytes that are sent all the same, as far as the longest warm-up allows
 */
record FlowsPlan(InetSocketAddress to, int flows, int chunkBytes, long durationNs, long least) {
    /** Whether more is to be sent. */
    boolean goesOn(long sent, long elapsedNs) {
        return elapsedNs < durationNs || sent < least && elapsedNs < RoundTripLoad.LONGEST_WARM_UP_NS;
    }
}
