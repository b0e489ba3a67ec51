package io.spinwire.api;

/**
 * What is known of the path to another host, learnt from connections that have ended; 0 where nothing is. Reused from
 * path to path by who lists them. Linux: {@code ip tcp_metrics show}.
 */
public final class PathRecord {
    /** Own address and the host's, in network order as int. */
    public int local;

    public int remote;

    /** Time since it was last learnt from. */
    public long ageMs;

    /** Smoothed round-trip time, and its deviation. */
    public int rttUs;

    public int rttVarUs;

    /** In segments; slow-start threshold only where it is kept at all. */
    public int ssthresh;

    public int cwnd;

    /** Duplicate ACKs taken as reordering. */
    public int reordering;

    /** Segment size that the host announced in answer to a Fast Open SYN. */
    public int fastOpenMss;

    /** Bytes of its Fast Open cookie. */
    public int fastOpenCookieLength;

    /** SYNs with data that were lost, in a row. */
    public int fastOpenSynDrops;

    /** Takes one path after the other; the record is valid during the call only. */
    @FunctionalInterface
    public interface Visitor {
        void onPath(PathRecord path);
    }
}
