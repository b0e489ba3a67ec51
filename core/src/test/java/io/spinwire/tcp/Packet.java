package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.CWR;
import static io.spinwire.wire.TcpHeader.ECE;
import static io.spinwire.wire.TcpHeader.FIN;
import static io.spinwire.wire.TcpHeader.PSH;
import static io.spinwire.wire.TcpHeader.RST;
import static io.spinwire.wire.TcpHeader.SYN;
import static io.spinwire.wire.TcpHeader.URG;

import java.util.Arrays;

/**
 * A segment in a script: one that the peer sends, or one that the stack must emit. Numbers are relative, as in a trace:
 * a SYN has 0, the first byte 1, in both directions. What an expected segment leaves out is not compared, but flags,
 * length, and those of sequence and acknowledgment number that are given.
 */
final class Packet {
    /** Not given. */
    static final int ANY = Integer.MIN_VALUE;

    int flags;
    int seq = ANY;
    int ackSeq = ANY;
    int length;
    int window = ANY;
    int mss = ANY;
    int windowScale = ANY;
    int tsVal = ANY;

    /** Fast Open cookie in hexadecimal digits, empty for a request; null for no option. */
    String cookie;

    /** The option with the cookie has its experimental form. */
    boolean isCookieExperimental;

    int tsEcr = ANY;
    int tos = ANY;
    boolean isSackPermitted;

    /** Relative numbers: start and end of each block. */
    int[] sackBlocks = {};

    int urgentPointer = ANY;
    boolean isPushCompared;
    boolean hasTimestamps = true;

    /** Order of the options, as {@code "mss sackOK ts nop ws"}. */
    String options;

    /** Options as they are, instead of those that the flags bring. */
    byte[] rawOptions;

    /** When it was emitted. */
    long timeNs;

    byte[] frame;

    private Packet(int flags) {
        this.flags = flags;
    }

    static Packet of(int flags) {
        return new Packet(flags);
    }

    static Packet syn() {
        return of(SYN).seq(0);
    }

    static Packet synAck() {
        return of(SYN | ACK).seq(0).ack(1);
    }

    static Packet ack(int seq, int ackSeq) {
        return of(ACK).seq(seq).ack(ackSeq);
    }

    static Packet data(int seq, int ackSeq, int length) {
        final Packet packet = ack(seq, ackSeq);
        packet.length = length;
        return packet;
    }

    static Packet fin(int seq, int ackSeq) {
        return of(FIN | ACK).seq(seq).ack(ackSeq);
    }

    /** A reset without ACK: the answer to a segment with ACK. */
    static Packet rst(int seq) {
        return of(RST).seq(seq);
    }

    static Packet rstAck(int seq, int ackSeq) {
        return of(RST | ACK).seq(seq).ack(ackSeq);
    }

    Packet seq(int value) {
        seq = value;
        return this;
    }

    Packet ack(int value) {
        ackSeq = value;
        return this;
    }

    Packet length(int value) {
        length = value;
        return this;
    }

    /** Window field, not scaled. */
    Packet window(int value) {
        window = value;
        return this;
    }

    Packet mss(int value) {
        mss = value;
        return this;
    }

    Packet windowScale(int value) {
        windowScale = value;
        return this;
    }

    Packet ts(int val, int ecr) {
        tsVal = val;
        tsEcr = ecr;
        return this;
    }

    /** SACK blocks: start and end of each, relative. Expected: exactly these, if any are given. */
    Packet sack(int... startsAndEnds) {
        sackBlocks = startsAndEnds;
        return this;
    }

    /** With a Fast Open option. */
    Packet cookie(String hex) {
        cookie = hex;
        return this;
    }

    Packet noTimestamps() {
        hasTimestamps = false;
        return this;
    }

    /** The same in the experimental form of the option. */
    Packet oldCookie(String hex) {
        isCookieExperimental = true;
        return cookie(hex);
    }

    Packet options(String value) {
        options = value;
        return this;
    }

    Packet rawOptions(int... bytes) {
        rawOptions = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            rawOptions[i] = (byte) bytes[i];
        }
        return this;
    }

    /** URG, with this pointer. */
    Packet urgent(int pointer) {
        urgentPointer = pointer;
        return withFlags(URG);
    }

    /** Expected without URG, and with the pointer zero. */
    Packet urgentNot() {
        urgentPointer = 0;
        return this;
    }

    Packet tos(int value) {
        tos = value;
        return this;
    }

    /** Sent with PSH; expected with it too. */
    Packet push() {
        flags |= PSH;
        isPushCompared = true;
        return this;
    }

    /** Expected without PSH. */
    Packet noPush() {
        isPushCompared = true;
        return this;
    }

    Packet withFlags(int more) {
        flags |= more;
        return this;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** Numbers that it takes: data, SYN and FIN. */
    int span() {
        return length + (is(SYN) ? 1 : 0) + (is(FIN) ? 1 : 0);
    }

    /** Whether an emitted segment is what this one expects. */
    boolean matches(Packet emitted) {
        final int ignored = isPushCompared ? 0 : PSH;
        return (flags | ignored) == (emitted.flags | ignored)
                && length == emitted.length
                && fits(seq, emitted.seq)
                && fits(ackSeq, emitted.ackSeq)
                && fits(window, emitted.window)
                && fits(mss, emitted.mss)
                && fits(windowScale, emitted.windowScale)
                && fits(tsVal, emitted.tsVal)
                && fits(tsEcr, emitted.tsEcr)
                && fits(tos, emitted.tos)
                && fits(urgentPointer, emitted.urgentPointer)
                && (hasTimestamps || emitted.tsVal == ANY)
                && (cookie == null
                        || cookie.equals(emitted.cookie) && isCookieExperimental == emitted.isCookieExperimental)
                && (sackBlocks.length == 0 || Arrays.equals(sackBlocks, emitted.sackBlocks))
                && (options == null || options.equals(emitted.options));
    }

    private static boolean fits(int expected, int actual) {
        return expected == ANY || expected == actual;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder();
        final int[] bits = {SYN, FIN, RST, PSH, ACK, URG, ECE, CWR};
        final String letters = "SFRP.UEC";
        for (int i = 0; i < bits.length; i++) {
            text.append(is(bits[i]) ? String.valueOf(letters.charAt(i)) : "");
        }
        append(text, " seq ", seq);
        text.append(" len ").append(length);
        append(text, " ack ", ackSeq);
        append(text, " win ", window);
        append(text, " urp ", urgentPointer == 0 ? ANY : urgentPointer);
        append(text, " mss ", mss);
        append(text, " ws ", windowScale);
        append(text, " tsval ", tsVal);
        append(text, " tsecr ", tsEcr);
        if (cookie != null) {
            text.append(" cookie ").append(cookie);
        }
        if (sackBlocks.length > 0) {
            text.append(" sack ").append(Arrays.toString(sackBlocks));
        }
        return text.append(options == null ? "" : " <" + options + ">").toString();
    }

    private static void append(StringBuilder text, String label, int value) {
        if (value != ANY) {
            text.append(label).append(value);
        }
    }
}
