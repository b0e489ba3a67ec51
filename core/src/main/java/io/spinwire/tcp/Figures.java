package io.spinwire.tcp;

import io.spinwire.api.TcpInfo;
import java.util.concurrent.TimeUnit;

/** Fills a {@link TcpInfo} from a socket. Engine thread only. Linux: {@code tcp_get_info()}. */
final class Figures {
    private Figures() {}

    static void fill(TcpSock sock, TcpInfo info, long nowNs) {
        info.state = sock.state;
        info.retransmits = sock.retransmits;
        info.probes = sock.probesOut + sock.keepAliveProbes;
        info.backoff = sock.backoff;
        info.timestamps = sock.hasTimestamps;
        info.sack = sock.hasSack;
        info.sndWscale = sock.sndWscale;
        info.rcvWscale = sock.rcvWscale;
        info.rtoUs = (int) (sock.rtoNs / 1000);
        info.atoUs = (int) (sock.atoNs / 1000);
        info.rttUs = sock.srttUs >> 3;
        info.rttVarUs = sock.mdevUs >> 2;
        info.minRttUs = sock.minRttUs;
        info.lastDataSentMs = millisSince(sock.lastSentNs, nowNs);
        info.lastDataRecvMs = millisSince(sock.lastDataReceivedNs, nowNs);
        info.lastAckRecvMs = millisSince(sock.lastReceivedNs, nowNs);
        fillSizes(sock, info);
        fillCounts(sock, info);
    }

    private static void fillSizes(TcpSock sock, TcpInfo info) {
        info.sndMss = sock.mss;
        info.rcvMss = sock.rcvMss;
        info.advMss = sock.advMss;
        info.pmtu = sock.pathMtu;
        info.sndWnd = sock.sndWnd;
        info.rcvWnd = sock.receiveWindow();
        info.notsentBytes = sock.writeSeq - sock.sndNxt > 0 ? sock.writeSeq - sock.sndNxt : 0;
        info.sndCwnd = sock.congestion.cwnd;
        info.sndSsthresh = sock.congestion.ssthresh;
    }

    private static void fillCounts(TcpSock sock, TcpInfo info) {
        info.unacked = sock.packetsOut;
        info.retrans = sock.retransOut;
        info.sacked = sock.sackedOut;
        info.lost = sock.lostOut;
        info.reordering = sock.reordering;
        info.reordSeen = sock.reordSeen;
        info.dsackDups = sock.dsackDups;
        info.totalRetrans = sock.totalRetrans;
        info.bytesAcked = sock.bytesAcked;
        info.bytesReceived = sock.bytesReceived;
        info.bytesSent = sock.bytesSent;
        info.bytesRetrans = sock.bytesRetrans;
        info.segsOut = sock.segsOut;
        info.segsIn = sock.segsIn;
        info.dataSegsIn = sock.dataSegsIn;
        info.dataSegsOut = sock.dataSegsOut;
        info.rcvOooPack = sock.rcvOooPack;
    }

    private static int millisSince(long thenNs, long nowNs) {
        return thenNs == 0 ? 0 : (int) TimeUnit.NANOSECONDS.toMillis(nowNs - thenNs);
    }
}
