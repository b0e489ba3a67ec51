package io.spinwire.tcp;

import java.util.concurrent.TimeUnit;

/**
 * Keyed hashes of a connection's addresses and ports: SipHash-2-4 under the engine's secret, so that initial sequence
 * numbers (RFC 6528), local ports (RFC 6056 algorithm 3) and timestamp offsets (RFC 7323 section 5.4) cannot be guessed
 * from outside. No state.
 */
final class SecretHash {
    private static final long SEQUENCE = 0x5345_5155_454e_4345L;
    private static final long PORT = 0x504f_5254L;
    private static final long TIMESTAMP = 0x5449_4d45L;
    private static final long COOKIE = 0x434f_4f4b_4945L;
    private static final long COOKIE_MASK = 0x4d41_534bL;
    private static final long ISN_TICK_NS = 64; // Linux: the clock of initial sequence numbers ticks every 64 ns

    /** Two rounds for each of three words and the length, then four to finish. */
    private static final int STEPS = 6;

    private static final int FINAL_STEP = 4;

    /** Bytes hashed, in the last byte of the last word. */
    private static final long LENGTH = 24L << 56;

    private final long k0;
    private final long k1;

    SecretHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** RFC 6528 section 3: the hash of the connection plus a clock. */
    int initialSequence(long addressPair, int ports, long nowNs) {
        return (int) hash(addressPair, ports, SEQUENCE) + (int) (nowNs / ISN_TICK_NS);
    }

    /** RFC 6056 section 3.3.3: where the search for a local port begins, for this destination. */
    int portOffset(long addressPair, int remotePort) {
        return (int) hash(addressPair, remotePort, PORT) & 0x7fff_ffff;
    }

    /** What is added to the millisecond clock in timestamps to this address pair. */
    int timestampOffset(long addressPair) {
        return (int) hash(addressPair, 0, TIMESTAMP);
    }

    /** The part of a SYN cookie that the SYN alone decides. */
    int cookie(long addressPair, int ports, int seq) {
        return (int) hash(addressPair, (long) ports << 32 | seq & 0xFFFF_FFFFL, COOKIE);
    }

    /** The part that changes with every minute. */
    int cookieMask(long addressPair, int ports, int minute) {
        return (int) hash(addressPair, (long) ports << 32 | minute & 0xFFFF_FFFFL, COOKIE_MASK);
    }

    /** Timestamp clock of RFC 7323, one tick a millisecond. */
    static int timestamp(long nowNs) {
        return (int) TimeUnit.NANOSECONDS.toMillis(nowNs);
    }

    /** The same, in microseconds if so wanted. Linux: {@code tcp_ns_to_ts()}. */
    static int timestamp(long nowNs, boolean isInMicros) {
        return isInMicros ? (int) TimeUnit.NANOSECONDS.toMicros(nowNs) : timestamp(nowNs);
    }

    /** SipHash-2-4 of three words. */
    long hash(long a, long b, long c) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        for (int step = 0; step < STEPS; step++) {
            final long m = step == 0 ? a : step == 1 ? b : step == 2 ? c : step == 3 ? LENGTH : 0;
            if (step == FINAL_STEP) {
                v2 ^= 0xff;
            }
            v3 ^= m;
            for (int round = 0; round < 2; round++) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v1;
                v0 += v3;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= m;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
