package io.spinwire.bench.end;

import java.net.InetSocketAddress;

/**
 * What P9 does: so many connections at once, for so long, round-robin over the server's ports, because one port would
 * run out of the client's ports in TIME_WAIT.
 *
 * @param to address and first port
 * @param ports that listen, from that on
 * @param atOnce connections that are open at any moment
 * @param requestBytes of the one request, and of its answer
 * @param durationNs of the whole
 * @param least connections that are completed all the same, as far as the longest warm-up allows
 */
record ConnectPlan(InetSocketAddress to, int ports, int atOnce, int requestBytes, long durationNs, long least) {
    /** Whether more is to be done. */
    boolean goesOn(long completed, long elapsedNs) {
        return elapsedNs < durationNs || completed < least && elapsedNs < RoundTripLoad.LONGEST_WARM_UP_NS;
    }

    /** The n-th connection's port. */
    int port(long connection) {
        return to.getPort() + (int) (connection % ports);
    }

    /**
     * What came of it.
     *
     * @param completed connections that got their whole answer and closed in order
     * @param failed connections that did not
     * @param refused connects that were refused at once, for want of a port or a socket
     */
    record Result(long completed, long failed, long refused, long durationNs) {}
}
