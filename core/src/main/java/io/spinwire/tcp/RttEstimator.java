package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.wire.SeqNum;

/**
 * Round-trip time and retransmission timeout: RFC 6298, in Linux's variant that keeps the largest deviation of each
 * round trip and lets it fall slowly, so that RTO = SRTT + max(least RTO, 4 deviations). Engine thread only. Linux:
 * {@code tcp_rtt_estimator()}.
 */
final class RttEstimator {
    private final int minRtoUs;
    private final long maxRtoNs;
    private final long initialRtoNs;
    private final LeastRtt least;

    RttEstimator(TcpConfig config) {
        minRtoUs = (int) (config.minRtoNs() / 1000);
        maxRtoNs = config.maxRtoNs();
        initialRtoNs = config.initialRtoNs();
        least = new LeastRtt(config.minRttWindowNs());
    }

    void init(TcpSock sock) {
        sock.rtoNs = initialRtoNs;
        sock.mdevUs = (int) (initialRtoNs / 1000);
    }

    /** There was no measurement where one might have been: a careful timeout. */
    void fallBack(TcpSock sock, long timeoutNs) {
        sock.mdevUs = (int) (timeoutNs / 1000);
        sock.mdevMaxUs = sock.mdevUs;
        sock.rttvarUs = sock.mdevUs;
        sock.rtoNs = Math.min(timeoutNs, maxRtoNs);
    }

    /**
     * One measurement. Resets nothing but srtt and RTO; back-off is the caller's.
     *
     * @param newestNs round trip of the segment sent last of those that the ACK speaks of: without the peer's wait
     * @param isMaybeDelayed the peer has perhaps waited with its ACK all the same
     */
    void sample(TcpSock sock, long rttNs, long newestNs, boolean isMaybeDelayed, long nowNs) {
        final int rttUs = Math.clamp(rttNs / 1000, 1, Integer.MAX_VALUE >> 4);
        final int newestUs = Math.clamp(newestNs / 1000, 1, Integer.MAX_VALUE >> 4);
        if (!isMaybeDelayed || newestUs <= sock.minRttUs || sock.minRttUs == 0) {
            least.sample(sock, newestUs, nowNs);
        }
        if (sock.srttUs == 0) {
            first(sock, rttUs);
        } else {
            smooth(sock, rttUs);
        }
        sock.rtoNs = Math.min(((sock.srttUs >> 3) + sock.rttvarUs) * 1000L, maxRtoNs);
    }

    private void first(TcpSock sock, int rttUs) {
        sock.srttUs = rttUs << 3;
        sock.mdevUs = rttUs << 1; // RFC 6298 (2.2): half of the first measurement, times 4
        sock.rttvarUs = Math.max(sock.mdevUs, minRtoUs);
        sock.mdevMaxUs = sock.rttvarUs;
        sock.rttSeq = sock.sndNxt;
    }

    private void smooth(TcpSock sock, int rttUs) {
        int errorUs = rttUs - (sock.srttUs >> 3);
        sock.srttUs = Math.max(sock.srttUs + errorUs, 1); // 7/8 of the old, 1/8 of the new
        if (errorUs < 0) {
            errorUs = -errorUs - (sock.mdevUs >> 2);
            if (errorUs > 0) {
                errorUs >>= 3; // a faster path must not inflate the timeout
            }
        } else {
            errorUs -= sock.mdevUs >> 2;
        }
        sock.mdevUs += errorUs; // 3/4 of the old, 1/4 of the new
        if (sock.mdevUs > sock.mdevMaxUs) {
            sock.mdevMaxUs = sock.mdevUs;
            sock.rttvarUs = Math.max(sock.rttvarUs, sock.mdevMaxUs);
        }
        if (SeqNum.isAfter(sock.sndUna, sock.rttSeq)) {
            if (sock.mdevMaxUs < sock.rttvarUs) {
                sock.rttvarUs -= (sock.rttvarUs - sock.mdevMaxUs) >> 2;
            }
            sock.rttSeq = sock.sndNxt;
            sock.mdevMaxUs = minRtoUs;
        }
    }

    /** Timeout after {@code backoff} doublings. */
    long backedOffNs(TcpSock sock) {
        return backedOffNs(sock, maxRtoNs);
    }

    static long backedOffNs(TcpSock sock, long maxNs) {
        final int shift = Math.min(sock.backoff, 30);
        return sock.rtoNs > maxNs >> shift ? maxNs : sock.rtoNs << shift;
    }

    long maxRtoNs() {
        return maxRtoNs;
    }
}
