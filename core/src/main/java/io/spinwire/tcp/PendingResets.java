package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.RST;

import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Resets of connections that are gone, and that found no transmit frame: they leave before everything else as soon as
 * there is one. A ring that grows up to its limit. Engine thread only.
 */
final class PendingResets {
    private static final int LIMIT = 4096; // beyond it they are lost, and counted
    private static final int INITIAL_CAPACITY = 16;

    private final SegmentSender sender;
    private final Counters counters;
    private Reset[] ring = new Reset[0];
    private int head;
    private int size;

    /** What is left of such a connection. */
    private static final class Reset {
        private long addressPair;
        private int ports;
        private int seq;
        private int ackSeq;
        private int tos;
        private int ttl;
        private long dst;
    }

    PendingResets(SegmentSender sender, Counters counters) {
        this.sender = sender;
        this.counters = counters;
    }

    int size() {
        return size;
    }

    /** Keeps the reset of a connection that is about to end. */
    void add(TcpSock sock, int seq) {
        if (size == ring.length && !grow()) {
            counters.increment(Counter.TcpAbortFailed);
            return;
        }
        final Reset reset = ring[(head + size++) % ring.length];
        reset.addressPair = sock.addressPair;
        reset.ports = sock.ports;
        reset.seq = seq;
        reset.ackSeq = sock.rcvNxt;
        reset.tos = sock.options.tos();
        reset.ttl = sock.options.ttl();
        reset.dst = sock.dst;
    }

    private boolean grow() {
        if (ring.length == LIMIT) {
            return false;
        }
        final Reset[] larger = new Reset[Math.max(2 * ring.length, INITIAL_CAPACITY)];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = i < size ? ring[(head + i) % ring.length] : new Reset();
        }
        ring = larger;
        head = 0;
        return true;
    }

    /** Sends those that wait. False when a frame was refused. */
    boolean flush(long nowNs) {
        while (size > 0) {
            final Reset reset = ring[head];
            final OutSegment out = sender.out;
            out.addressPair = reset.addressPair;
            out.ports = reset.ports;
            out.seq = reset.seq;
            out.ackSeq = reset.ackSeq;
            out.flags = RST | ACK;
            out.window = 0;
            out.hasTimestamps = false;
            out.tos = reset.tos;
            out.ttl = reset.ttl;
            if (!sender.sendBare(reset.dst, nowNs)) {
                return false;
            }
            head = (head + 1) % ring.length;
            size--;
        }
        return true;
    }
}
