package io.spinwire.tcp;

/**
 * What the search for a path's MTU knows of one connection: lent while it searches. MTUs are of whole datagrams. Engine
 * thread only. Linux: icsk_mtup, tp->mtu_probe.
 */
final class MtuSearch {
    /** Smallest size not known to be too large. */
    int high;

    /** Largest size known to arrive. */
    int low;

    /** The size in flight now as a probe, 0 for none. */
    int probeSize;

    /** First number of the probe, and behind its last. */
    int probeSeq;

    int probeEndSeq;

    /** When the search began. */
    long beganNs;

    /** Segments are held at {@link #low}. An accepted connection begins with full ones, as in Linux. */
    boolean isApplied;
}
