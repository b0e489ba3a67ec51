package io.spinwire.tcp;

/**
 * The least round trip of the last five minutes, kept as the three best of them in order of time: when the best is too
 * old, the next takes its place. Times of the later two are after the first, in parts of the window. Linux:
 * {@code tcp_update_rtt_min()}, the windowed filter of K. Nichols.
 *
 * <p>Example: 10 ms at 0 s, 30 ms at 80 s, 20 ms at 160 s: from 300 s on it is 20 ms.
 */
final class LeastRtt {
    private static final int PARTS = 1 << 15; // of the window
    private static final int QUARTER = PARTS / 4;
    private static final int HALF = PARTS / 2;
    private static final int NS_PER_MS = 1_000_000;

    private final long windowMs;
    private final int quarterMs;

    /** @param windowNs for which a round trip counts. Linux: tcp_min_rtt_wlen */
    LeastRtt(long windowNs) {
        windowMs = Math.max(windowNs / NS_PER_MS, 1);
        quarterMs = (int) Math.min(windowMs / 4, Integer.MAX_VALUE);
    }

    /** A round trip was measured. */
    void sample(TcpSock sock, int rttUs, long nowNs) {
        final int nowMs = (int) (nowNs / NS_PER_MS);
        if (rttUs <= sock.minRttUs || sock.minRttUs == 0) {
            restart(sock, rttUs, nowMs);
            return;
        }
        final int ageMs = nowMs - sock.minRttMs;
        if (rttUs > sock.minRtt2Us && rttUs > sock.minRtt3Us && ageMs >= 0 && ageMs < quarterMs) {
            return; // as nearly always: nothing is better, and nothing is old
        }
        final long age = parts(ageMs);
        if (age - sock.minRttAge3 > PARTS) {
            restart(sock, rttUs, nowMs); // nothing was measured for so long
            return;
        }
        if (rttUs <= sock.minRtt2Us) {
            second(sock, rttUs, age);
        } else if (rttUs <= sock.minRtt3Us) {
            third(sock, rttUs, age);
        }
        if (age > PARTS) {
            expire(sock, rttUs, nowMs);
        } else if (sock.minRttAge2 == 0 && age > QUARTER) {
            second(sock, rttUs, age); // a quarter of the window without a second best: the best since
        } else if (sock.minRttAge3 == sock.minRttAge2 && age > HALF) {
            third(sock, rttUs, age);
        }
    }

    private long parts(int ms) {
        return Integer.toUnsignedLong(ms) * PARTS / windowMs;
    }

    private static void restart(TcpSock sock, int rttUs, int nowMs) {
        sock.minRttUs = rttUs;
        sock.minRttMs = nowMs;
        second(sock, rttUs, 0);
    }

    private static void second(TcpSock sock, int rttUs, long age) {
        sock.minRtt2Us = rttUs;
        sock.minRttAge2 = (char) Math.min(age, Character.MAX_VALUE);
        third(sock, rttUs, age);
    }

    private static void third(TcpSock sock, int rttUs, long age) {
        sock.minRtt3Us = rttUs;
        sock.minRttAge3 = (char) Math.min(age, Character.MAX_VALUE);
    }

    /** The best is too old, and perhaps the second too. */
    private void expire(TcpSock sock, int rttUs, int nowMs) {
        dropFirst(sock);
        third(sock, rttUs, parts(nowMs - sock.minRttMs));
        if (parts(nowMs - sock.minRttMs) > PARTS) {
            dropFirst(sock);
            third(sock, rttUs, parts(nowMs - sock.minRttMs));
        }
    }

    /** The others move up. */
    private void dropFirst(TcpSock sock) {
        final int moved = sock.minRttAge2;
        sock.minRttMs += (int) (moved * windowMs / PARTS);
        sock.minRttUs = sock.minRtt2Us;
        sock.minRtt2Us = sock.minRtt3Us;
        sock.minRttAge2 = (char) (sock.minRttAge3 - moved);
    }
}
