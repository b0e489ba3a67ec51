package io.spinwire.script;

import static io.spinwire.script.Segment.ANY;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares segments: one that a script expects with one that was emitted, and those of two stacks. */
final class Comparison {
    private final List<String> differences = new ArrayList<>();

    private Comparison() {}

    /** What of {@code actual} is not as expected, empty when nothing. */
    static String of(Segment expected, Segment actual, Peer peer) {
        final Comparison comparison = new Comparison();
        comparison.header(expected, actual);
        if (!expected.hasAnyOptions) {
            comparison.options(expected, actual, peer);
        }
        return String.join(", ", comparison.differences);
    }

    private void header(Segment expected, Segment actual) {
        if (expected.flags != actual.flags) {
            differences.add("flags " + SegmentSyntax.flagsText(actual.flags));
        }
        number("seq", expected.seq, actual.seq);
        number("length", expected.length, actual.length);
        number("ack", expected.ack, actual.ack);
        if (expected.window != ANY) {
            number("win", expected.window, actual.window);
        }
        if (expected.urgent != ANY) {
            number("urg", expected.urgent, actual.urgent);
        }
        number("ECN field", expected.ecn, actual.ecn);
        if (expected.tos != ANY) {
            number("tos", expected.tos, actual.tos);
        }
        if (expected.ttl != ANY) {
            number("ttl", expected.ttl, actual.ttl);
        }
    }

    private void number(String name, int expected, int actual) {
        if (expected != actual) {
            differences.add(name + " " + (actual == ANY ? "none" : actual));
        }
    }

    private void options(Segment expected, Segment actual, Peer peer) {
        final List<String> wanted = new ArrayList<>(expected.options);
        final boolean isSyn = expected.is(io.spinwire.wire.TcpHeader.SYN);
        if (!isSyn && peer.hasTimestamps() && !expected.isWithoutTimestamps && !wanted.contains("ts")) {
            wanted.addFirst("ts"); // RFC 7323 section 3.2: once negotiated, in every segment but a reset
        }
        if (!wanted.equals(actual.options)) {
            differences.add("options " + actual.options);
            return;
        }
        number("mss", expected.mss, actual.mss);
        number("wscale", expected.windowScale, actual.windowScale);
        if (!Arrays.equals(expected.sack, actual.sack)) {
            differences.add("sack " + Arrays.toString(actual.sack));
        }
        if (wanted.contains("ts")) {
            timestamp("tsval", expected.tsVal, actual.tsVal, peer);
            timestamp("tsecr", expected.tsEcr, actual.tsEcr, peer);
        }
        if (expected.cookie != null && !expected.isAnyCookie && !expected.cookie.equals(actual.cookie)) {
            differences.add("fo=" + actual.cookie);
        }
    }

    private void timestamp(String name, String expected, String actual, Peer peer) {
        final boolean isNumber = expected.matches("[0-9]+");
        if (isNumber ? !expected.equals(actual) : !expected.equals(Segment.STAR) && !peer.isNamed(expected, actual)) {
            differences.add(name + " " + actual);
        }
    }
}
