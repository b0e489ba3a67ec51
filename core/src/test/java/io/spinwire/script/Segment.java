package io.spinwire.script;

import io.spinwire.wire.TcpHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP segment as a script writes it: one that the peer sends, one that the stack must emit, or one that it did emit.
 * Numbers are relative, a SYN has 0 and the first byte 1, both ways. What is not given is {@link #ANY}.
 */
final class Segment {
    static final int ANY = Integer.MIN_VALUE;

    /** A timestamp that is not compared, or that the peer takes from its clock. */
    static final String STAR = "*";

    int flags;
    int seq = ANY;
    int ack = ANY;
    int length;
    int window = ANY;
    int urgent = ANY;
    int mss = ANY;
    int windowScale = ANY;
    String tsVal = STAR;
    String tsEcr = STAR;

    /** Left and right edges in turn. */
    int[] sack = {};

    /** Fast Open cookie in hexadecimal, empty for a request. */
    String cookie;

    /** A Fast Open request of the stack's, or the cookie whatever it is. */
    boolean isAnyCookie;

    /** Names of the options in their order, without padding. */
    final List<String> options = new ArrayList<>();

    /** The same of a segment that was seen, with padding: what two stacks must have in common. */
    String layout = "";

    /** The options of an expected segment are not compared. */
    boolean hasAnyOptions;

    /** Without the timestamps that all segments of a connection with timestamps have. */
    boolean isWithoutTimestamps;

    /** ECN field of the datagram, 0 to 3. */
    int ecn;

    int tos = ANY;
    int ttl = ANY;
    boolean isChecksumWrong;

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    boolean has(String option) {
        return options.contains(option);
    }

    /** Numbers that it takes: data, SYN and FIN. */
    int span() {
        return length + (is(TcpHeader.SYN) ? 1 : 0) + (is(TcpHeader.FIN) ? 1 : 0);
    }

    /** Number of its first byte. */
    int firstByte() {
        return seq + (is(TcpHeader.SYN) ? 1 : 0);
    }

    @Override
    public String toString() {
        return SegmentSyntax.print(this);
    }
}
