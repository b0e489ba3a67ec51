package io.spinwire.tcp;

import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpState;
import java.util.concurrent.TimeUnit;

/** Fills a {@link TcpInfo} from a socket. Engine thread only. Linux: {@code tcp_get_info()}. */
final class Figures {
    private final CongestionSignals congestion;
    private final long maxRtoNs;

    Figures(CongestionSignals congestion, long maxRtoNs) {
        this.congestion = congestion;
        this.maxRtoNs = maxRtoNs;
    }

    void fill(TcpSock sock, TcpInfo info, long nowNs) {
        info.state = sock.state;
        info.caState = sock.congestionState.ordinal();
        info.retransmits = sock.retransmits;
        info.probes = sock.probesOut;
        info.backoff = sock.backoff;
        fillOptions(sock, info);
        fillTimes(sock, info, nowNs);
        fillSizes(sock, info);
        fillCounts(sock, info);
        fillTotals(sock, info, nowNs);
        fillRates(sock, info, nowNs);
    }

    private static void fillOptions(TcpSock sock, TcpInfo info) {
        info.timestamps = sock.hasTimestamps;
        info.timestampsInMicros = sock.hasTimestamps && sock.isTsInMicros;
        info.sack = sock.hasSack;
        info.windowScaling = sock.hasWindowScaling;
        info.synData = sock.hasSynData && sock.state != TcpState.SYN_SENT;
        info.fastOpenClientFail = sock.fastOpenFailure;
        info.ecn = (sock.ecnFlags & EcnOutput.OK) != 0;
        info.ecnSeen = (sock.ecnFlags & EcnOutput.SEEN) != 0;
        info.sndWscale = sock.sndWscale;
        info.rcvWscale = sock.rcvWscale;
    }

    private void fillTimes(TcpSock sock, TcpInfo info, long nowNs) {
        final long rtoNs = sock.packetsOut > 0 ? RttEstimator.backedOffNs(sock, maxRtoNs) : sock.rtoNs;
        info.rtoUs = micros(rtoNs);
        info.atoUs = micros(sock.atoNs);
        info.rttUs = sock.srttUs >> 3;
        info.rttVarUs = sock.srttUs == 0 ? micros(sock.rtoNs >> 2) : sock.mdevUs >> 2;
        info.minRttUs = sock.minRttUs;
        info.lastDataSentMs = millisSince(sock.lastSentNs, nowNs);
        info.lastDataRecvMs = millisSince(sock.lastDataReceivedNs, nowNs);
        info.lastAckRecvMs = millisSince(sock.lastReceivedNs, nowNs);
    }

    private static void fillSizes(TcpSock sock, TcpInfo info) {
        info.sndMss = sock.mss;
        info.rcvMss = sock.rcvMss;
        info.advMss = sock.advMss;
        info.pmtu = sock.pathMtu;
        info.sndWnd = sock.sndWnd;
        info.rcvWnd = sock.rcvWnd;
        info.rcvSsthresh = sock.rcvSsthresh;
        info.rcvRttUs = sock.rcvRttUs >> 3;
        info.rcvSpace = sock.rcvqSpace;
        info.notsentBytes = Math.max(sock.writeSeq - sock.sndNxt, 0);
        info.sndCwnd = sock.congestion.cwnd;
        info.sndSsthresh = sock.congestion.ssthresh;
    }

    private static void fillCounts(TcpSock sock, TcpInfo info) {
        info.unacked = sock.packetsOut;
        info.sacked = sock.sackedOut;
        info.retrans = sock.retransOut;
        info.lost = sock.lostOut;
        info.reordering = sock.reordering;
        info.reordSeen = sock.reordSeen;
        info.dsackDups = sock.dsackDups;
        info.rcvOooPack = sock.rcvOooPack;
    }

    private static void fillTotals(TcpSock sock, TcpInfo info, long nowNs) {
        info.totalRetrans = sock.totalRetrans;
        info.bytesAcked = sock.bytesAcked;
        info.bytesReceived = sock.bytesReceived;
        info.bytesSent = sock.bytesSent;
        info.bytesRetrans = sock.bytesRetrans;
        info.segsOut = sock.segsOut;
        info.segsIn = sock.segsIn;
        info.dataSegsIn = sock.dataSegsIn;
        info.dataSegsOut = sock.dataSegsOut;
        info.delivered = sock.delivered;
        info.deliveredCe = sock.deliveredCe;
        final Setbacks setbacks = sock.setbacks;
        info.totalRto = setbacks == null ? 0 : setbacks.totalRto;
        info.totalRtoRecoveries = setbacks == null ? 0 : setbacks.totalRtoRecoveries;
        info.totalRtoTimeMs = setbacks == null ? 0 : RtoRun.totalMs(setbacks, nowNs);
    }

    private void fillRates(TcpSock sock, TcpInfo info, long nowNs) {
        final long limit = sock.options.maxPacingRate();
        info.maxPacingRate = limit == 0 ? Long.MAX_VALUE : limit;
        info.pacingRate = sock.congestionControl == null ? 0 : pacingRate(sock, nowNs);
        info.deliveryRate = DeliveryRate.bytesPerSecond(sock);
        info.deliveryRateAppLimited = sock.isRateAppLimited;
        info.rwndLimitedUs = Chrono.micros(sock, Chrono.WINDOW_LIMITED, nowNs);
        info.sndbufLimitedUs = Chrono.micros(sock, Chrono.BUFFER_LIMITED, nowNs);
        info.busyTimeUs = Chrono.micros(sock, Chrono.BUSY, nowNs) + info.rwndLimitedUs + info.sndbufLimitedUs;
    }

    /** Linux keeps it up to date for every socket, here it is worked out where nobody needs it. */
    private long pacingRate(TcpSock sock, long nowNs) {
        return sock.isPaced ? sock.pacingRate : congestion.pacingRate(sock, nowNs);
    }

    private static int micros(long ns) {
        return (int) (ns / 1000);
    }

    private static int millisSince(long thenNs, long nowNs) {
        return thenNs == 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(nowNs - thenNs);
    }
}
