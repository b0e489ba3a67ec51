package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import java.util.concurrent.TimeUnit;

/**
 * SYN cookies, RFC 4987 section 3.6: an initial sequence number that says by itself which SYN it answers, so that
 * nothing need be kept. It is a keyed hash of addresses, ports and the peer's number (Linux adds the number instead, so
 * that an ACK which is as far beyond on both sides is a cookie, too); on top of that a minute counter in the upper
 * eight bits, and in the lower 24 an index of the segment size, masked by a second hash that takes in the minute. What
 * else the SYN offered goes in the low bits of our timestamp. No state. Linux: syncookies.c.
 */
final class SynCookies {
    /** What {@link #mss} answers for a number that is no cookie of ours, or too old. */
    static final int INVALID = 0;

    /** Low bits of a cookie's timestamp. Linux: TS_OPT_WSCALE_MASK, TS_OPT_SACK, TS_OPT_ECN. */
    private static final int NO_WSCALE = 0xF;

    private static final int SACK = 1 << 4;
    private static final int ECN = 1 << 5;

    private static final int OPTION_BITS = 6;
    private static final int MAX_AGE_MINUTES = 2; // Linux: MAX_SYNCOOKIE_AGE
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int COUNTER_SHIFT = 24;
    private static final int LOW_BITS = (1 << COUNTER_SHIFT) - 1;

    /**
     * The sizes that are worth telling apart: those of Linux's msstab, and two below, because a peer that takes less
     * than 536 must not be sent 536 (RFC 9293 section 3.7.1, MUST-16), as Linux does.
     */
    private static final int[] SEGMENT_SIZES = {TcpConfig.MIN_MSS, 256, 536, 1300, 1440, 1460};

    /** Between the indices' codes: so far apart, an ACK of a byte or two more is no other cookie. */
    private static final int STRIDE = LOW_BITS / SEGMENT_SIZES.length;

    private final SecretHash hash;

    SynCookies(SecretHash hash) {
        this.hash = hash;
    }

    /** The initial sequence number that answers this SYN, of a peer that takes segments of {@code mss}. */
    int make(Segment syn, int mss) {
        int index = SEGMENT_SIZES.length - 1;
        while (index > 0 && mss < SEGMENT_SIZES[index]) {
            index--;
        }
        final int minute = minute(syn.receivedNs);
        final int masked = hash.cookieMask(syn.addressPair, syn.ports, minute) + index * STRIDE & LOW_BITS;
        return hash.cookie(syn.addressPair, syn.ports, syn.seq) + (minute << COUNTER_SHIFT) + masked;
    }

    /** The segment size that the cookie in this handshake ACK stands for, or {@link #INVALID}. */
    int mss(Segment ack) {
        final int rest = ack.ackSeq - 1 - hash.cookie(ack.addressPair, ack.ports, ack.seq - 1);
        final int minute = minute(ack.receivedNs);
        final int age = minute - (rest >>> COUNTER_SHIFT) & 0xFF;
        if (age >= MAX_AGE_MINUTES) {
            return INVALID;
        }
        final int code = rest - hash.cookieMask(ack.addressPair, ack.ports, minute - age) & LOW_BITS;
        return code % STRIDE == 0 && code / STRIDE < SEGMENT_SIZES.length ? SEGMENT_SIZES[code / STRIDE] : INVALID;
    }

    /** Whether a cookie sent at {@code lastNs} could be good still. Linux: tcp_synq_no_recent_overflow(). */
    static boolean isRecent(long lastNs, long nowNs) {
        return lastNs != Long.MIN_VALUE && nowNs - lastNs <= MAX_AGE_MINUTES * MINUTE_NS;
    }

    /**
     * The last timestamp up to now whose low bits say what was offered. Linux: {@code cookie_init_timestamp()}.
     *
     * @param peerWscale or {@link Segment#NO_WINDOW_SCALE}
     */
    static int timestamp(int now, int peerWscale, boolean hasSack, boolean hasEcn) {
        final int wscale = peerWscale == Segment.NO_WINDOW_SCALE ? NO_WSCALE : peerWscale;
        final int options = wscale | (hasSack ? SACK : 0) | (hasEcn ? ECN : 0);
        final int stamp = now >>> OPTION_BITS << OPTION_BITS | options;
        return stamp - now > 0 ? stamp - (1 << OPTION_BITS) : stamp;
    }

    /** The window scale that a cookie's timestamp says, or {@link Segment#NO_WINDOW_SCALE}. */
    static int wscale(int stamp) {
        final int wscale = stamp & NO_WSCALE;
        return wscale == NO_WSCALE ? Segment.NO_WINDOW_SCALE : wscale;
    }

    static boolean hasSack(int stamp) {
        return (stamp & SACK) != 0;
    }

    static boolean hasEcn(int stamp) {
        return (stamp & ECN) != 0;
    }

    private static int minute(long nowNs) {
        return (int) (nowNs / MINUTE_NS);
    }
}
