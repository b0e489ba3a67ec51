package io.spinwire.tcp;

import io.spinwire.api.TcpState;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;

/**
 * The end of a passive open: the handshake's ACK makes a socket of what the request, or the cookie, says. Engine thread
 * only. Linux: {@code tcp_v4_syn_recv_sock()}, {@code tcp_create_openreq_child()}.
 */
final class Acceptance {
    private final RequestTable requests;
    private final TcpTable table;
    private final IpOutput ip;
    private final Opening opening;
    private final SocketMaker maker;
    private final SegmentDrops drops;
    private final Counters counters;

    /** Makes the socket of an accepted connection. */
    @FunctionalInterface
    interface SocketMaker {
        /** A socket with its facade, ready to be filled in; or null when there is none, which was counted. */
        TcpSock newSock(Listener listener);
    }

    Acceptance(
            RequestTable requests, TcpTable table, IpOutput ip, Opening opening, SocketMaker maker, Watching watching) {
        this.requests = requests;
        this.table = table;
        this.ip = ip;
        this.opening = opening;
        this.maker = maker;
        drops = watching.drops();
        counters = watching.counters();
    }

    /** Where what goes wrong is counted. */
    record Watching(SegmentDrops drops, Counters counters) {}

    /** The socket of a request, found by its segments from now on; or null when it cannot be had, which was counted. */
    TcpSock accept(int request, Listener listener, Segment segment) {
        if (listener.isFull()) {
            counters.increment(Counter.TcpListenOverflows);
            counters.increment(Counter.TcpListenDrops);
            drops.drop(DropReason.TCP_LISTEN_OVERFLOW, segment);
            return null;
        }
        final TcpSock sock = maker.newSock(listener);
        if (sock == null) {
            counters.increment(Counter.TcpListenDrops);
            drops.drop(DropReason.TCP_SOCKETS_FULL, segment);
            return null;
        }
        fill(sock, request, listener, segment);
        table.put(sock);
        counters.increment(Counter.TcpPassiveOpens);
        opening.onEstablished(sock, segment.receivedNs);
        return sock;
    }

    /**
     * The same for a SYN that is trusted: the socket is in SYN_RECEIVED and can be used already. Null when it cannot be
     * had. Linux: {@code tcp_fastopen_create_child()}.
     */
    TcpSock acceptEarly(int request, Listener listener, Segment syn) {
        final TcpSock sock = maker.newSock(listener);
        if (sock == null) {
            return null;
        }
        fill(sock, request, listener, syn);
        sock.state = TcpState.SYN_RECEIVED;
        table.put(sock);
        counters.increment(Counter.TcpPassiveOpens);
        opening.begin(sock, syn.receivedNs);
        return sock;
    }

    /** The child gets all that the handshake found out. */
    private void fill(TcpSock sock, int request, Listener listener, Segment segment) {
        sock.addressPair = requests.addressPair(request);
        sock.ports = requests.ports(request);
        final long dst = ip.route(AddressPair.remote(sock.addressPair));
        opening.init(sock, listener.options, dst, segment.receivedNs);
        sock.handler = listener.handler;
        sock.listener = listener;
        sock.iss = requests.iss(request);
        sock.irs = requests.irs(request);
        sock.sndUna = sock.iss + 1;
        sock.sndNxt = sock.iss + 1;
        sock.writeSeq = sock.iss + 1;
        sock.rcvNxt = sock.irs + 1;
        sock.rcvWup = sock.rcvNxt;
        sock.hasTimestamps = requests.hasTimestamps(request);
        sock.isTsInMicros = requests.isTsInMicros(request);
        sock.hasSack = requests.hasSack(request);
        sock.ecnFlags = requests.hasEcn(request) ? EcnOutput.OK : 0;
        sock.tsOffset = requests.tsOffset(request);
        final boolean isNext = SeqNum.isBeforeOrAt(segment.seq, sock.rcvNxt); // else an older timestamp is yet to come
        sock.tsRecent = segment.hasTimestamps && isNext ? segment.tsVal : requests.tsRecent(request);
        sock.tsRecentNs = segment.receivedNs;
        sock.hasWindowScaling = requests.ownWscale(request) != Segment.NO_WINDOW_SCALE;
        sock.rcvWscale = Math.max(requests.ownWscale(request), 0);
        sock.sndWscale = Math.max(requests.peerWscale(request), 0);
        opening.initWindow(sock, requests.window(request));
        sock.mssClamp = (char) requests.mss(request);
        sock.sndWnd = segment.isSyn() ? segment.window : segment.window << sock.sndWscale; // RFC 7323 section 2.2
        sock.maxWindow = sock.sndWnd;
        sock.sndWl1 = segment.seq;
        sock.segsIn = 1; // its SYN
        sock.delivered = 1; // our SYN, which was in no rtx queue
        sock.totalRetrans = requests.retransmissions(request);
        measureRtt(sock, request, segment);
    }

    /** Karn's rule, or else timestamps. Linux: {@code tcp_synack_rtt_meas()}. */
    private void measureRtt(TcpSock sock, int request, Segment segment) {
        if (requests.isSentOnce(request)) {
            opening.firstRtt(sock, requests.sentNs(request), segment.receivedNs);
        } else if (segment.isAck()) {
            opening.firstRttByTimestamp(sock, segment);
        }
    }
}
