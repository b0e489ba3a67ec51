package io.spinwire.tcp;

/**
 * Fast Open cookies of the server, RFC 7413 section 4.1.2: a keyed hash of both addresses, which shows that a client
 * has once got an answer there. After a change of the key, cookies of the one before are good still, and replaced.
 * Engine thread only. Linux: {@code tcp_fastopen_cookie_gen()}, {@code tcp_fastopen_reset_cipher()}.
 */
final class FastOpenCookies {
    /** Bytes of a cookie that we make. Linux: TCP_FASTOPEN_COOKIE_SIZE. */
    static final int LENGTH = 8;

    static final int BAD = 0;
    static final int GOOD = 1;

    /** Good, and made with the key before. */
    static final int AGED = 2;

    private static final long PURPOSE = 0x4641_5354L;

    private SecretHash current;
    private SecretHash previous;

    FastOpenCookies(long keyHigh, long keyLow) {
        current = new SecretHash(keyHigh, keyLow);
    }

    /** Cookies are made with a new key from now on. */
    void changeKey(long keyHigh, long keyLow) {
        previous = current;
        current = new SecretHash(keyHigh, keyLow);
    }

    /** The cookie for a client, its first byte on top. */
    long make(long addressPair) {
        return current.hash(addressPair, 0, PURPOSE);
    }

    /** Whether the cookie in a SYN is its sender's: {@link #BAD}, {@link #GOOD} or {@link #AGED}. */
    int check(Segment syn) {
        if (syn.cookieLength != LENGTH) {
            return BAD;
        }
        if (syn.cookieHigh == make(syn.addressPair)) {
            return GOOD;
        }
        final boolean isAged = previous != null && syn.cookieHigh == previous.hash(syn.addressPair, 0, PURPOSE);
        return isAged ? AGED : BAD;
    }
}
