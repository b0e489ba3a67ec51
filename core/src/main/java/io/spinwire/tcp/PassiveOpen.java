package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.TcpConfig;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpOptions;

/**
 * The listening side of the handshake: a SYN makes a request record and a SYN-ACK, the right ACK makes a socket. Engine
 * thread only. Linux: {@code tcp_conn_request()}, {@code tcp_check_req()}.
 */
final class PassiveOpen {
    private final RequestTable requests;
    private final TcpTable table;
    private final Listeners listeners;
    private final SegmentSender sender;
    private final ResetReply resets;
    private final SecretHash hash;
    private final ReceiveWindow receiveWindow;
    private final Opening opening;
    private final Accepting accepting;
    private final SegmentDrops drops;
    private final Counters counters;
    private final TcpConfig config;

    /** Makes the socket of an accepted connection. */
    @FunctionalInterface
    interface Accepting {
        /** A socket with its facade, ready to be filled in; or null when there is none, which was counted. */
        TcpSock newSock(Listener listener);
    }

    PassiveOpen(
            Tables tables,
            Replies replies,
            Opening opening,
            ReceiveWindow receiveWindow,
            Accepting accepting,
            TcpConfig config) {
        requests = tables.requests();
        table = tables.table();
        listeners = tables.listeners();
        sender = replies.sender();
        resets = replies.resets();
        hash = replies.hash();
        drops = replies.drops();
        counters = replies.counters();
        this.opening = opening;
        this.receiveWindow = receiveWindow;
        this.accepting = accepting;
        this.config = config;
    }

    /** Where requests, connections and listeners are found. */
    record Tables(RequestTable requests, TcpTable table, Listeners listeners) {}

    /** What answers are made with. */
    record Replies(SegmentSender sender, ResetReply resets, SecretHash hash, SegmentDrops drops, Counters counters) {}

    // ---- The SYN ----

    /** A segment for a listening port, of no connection. RFC 9293 section 3.10.7.2. */
    void onSegment(Listener listener, Segment segment) {
        if (segment.isRst()) {
            drops.drop(DropReason.TCP_RESET, segment);
        } else if (segment.isAck()) {
            drops.drop(DropReason.NO_SOCKET, segment);
            resets.send(segment);
        } else if (segment.isSyn()) {
            onSyn(listener, segment, hash.initialSequence(segment.addressPair, segment.ports, segment.receivedNs));
        } else {
            drops.drop(DropReason.TCP_FLAGS, segment);
        }
    }

    /** @param iss to use, for a connection that reuses one in TIME_WAIT beyond the old numbers */
    void onSyn(Listener listener, Segment segment, int iss) {
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, segment);
            return;
        }
        if (listener.isFull()) {
            counters.increment(Counter.TcpListenOverflows);
            drops.drop(DropReason.TCP_LISTEN_OVERFLOW, segment);
            return;
        }
        final long dst = sender.ip().route(AddressPair.remote(segment.addressPair));
        if (dst == IpOutput.UNREACHABLE) {
            drops.drop(DropReason.TCP_NO_ROUTE, segment);
            return;
        }
        final int request = requests.add(segment, iss, listener.index);
        if (request == RequestTable.NONE) {
            counters.increment(Counter.TcpReqQFullDrop);
            drops.drop(DropReason.TCP_REQUEST_TABLE_FULL, segment);
            return;
        }
        agree(request, listener, segment, dst);
        table.put(segment.addressPair, segment.ports, TcpTable.handle(TcpTable.KIND_REQUEST, request));
        sendSynAck(request, dst, segment.receivedNs); // if refused, the timer sends it
    }

    private void agree(int request, Listener listener, Segment segment, long dst) {
        final int advMss = opening.advMss(dst, listener.options);
        final boolean hasTimestamps = config.timestamps() && segment.hasTimestamps;
        final boolean hasSack = config.sack() && segment.isSackPermitted;
        final boolean hasScaling = segment.windowScale != Segment.NO_WINDOW_SCALE && receiveWindow.wscaleOffered() >= 0;
        requests.setOptions(
                request,
                Opening.clampMss(segment.mss, advMss),
                hasScaling ? segment.windowScale : Segment.NO_WINDOW_SCALE,
                hasScaling ? receiveWindow.wscaleOffered() : Segment.NO_WINDOW_SCALE,
                (hasTimestamps ? RequestTable.TIMESTAMPS : 0) | (hasSack ? RequestTable.SACK : 0));
        final int payload = advMss - (hasTimestamps ? TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : 0);
        requests.setWindowAndTsOffset(
                request, receiveWindow.initial(listener.options, payload), hash.timestampOffset(segment.addressPair));
    }

    private boolean sendSynAck(int request, long dst, long nowNs) {
        final OutSegment out = fillIn(request, nowNs);
        out.flags = SYN | ACK;
        out.mss = opening.advMss(dst, listeners.get(requests.listener(request)).options);
        out.windowScale = requests.ownWscale(request);
        out.isSackPermitted = requests.hasSack(request);
        return sender.sendBare(dst, nowNs);
    }

    /** What all segments sent for a request have in common, with the number of the SYN. */
    private OutSegment fillIn(int request, long nowNs) {
        final OutSegment out = sender.out;
        out.addressPair = requests.addressPair(request);
        out.ports = requests.ports(request);
        out.seq = requests.iss(request);
        out.ackSeq = requests.irs(request) + 1;
        out.window = requests.window(request);
        out.hasTimestamps = requests.hasTimestamps(request);
        out.tsVal = SecretHash.timestamp(nowNs) + requests.tsOffset(request);
        out.tsEcr = requests.tsRecent(request);
        out.tos = listeners.get(requests.listener(request)).options.tos();
        return out;
    }

    // ---- What follows ----

    /**
     * A segment for a connection request.
     *
     * @return the new socket, in SYN_RECEIVED no more, if this was its ACK: the segment is to be processed there; else
     *     null
     */
    TcpSock onRequestSegment(int request, Segment segment) {
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, segment);
            return null;
        }
        if (isRepeatedSyn(request, segment)) {
            answerRepeatedSyn(request, segment.receivedNs);
            return null;
        }
        if (segment.isAck() && segment.ackSeq != requests.iss(request) + 1) {
            drops.drop(DropReason.TCP_INVALID_ACK, segment);
            resets.send(segment); // RFC 9293 section 3.10.7.4: in SYN-RECEIVED, an unacceptable ACK is answered so
            return null;
        }
        if (isOldTimestamp(request, segment) || !isInWindow(request, segment)) {
            drops.drop(DropReason.TCP_INVALID_SEQUENCE, segment);
            answerOutOfWindow(request, segment);
            return null;
        }
        if (segment.isRst() || segment.isSyn()) {
            drops.drop(segment.isRst() ? DropReason.TCP_RESET : DropReason.TCP_INVALID_SYN, segment);
            counters.increment(Counter.TcpAttemptFails);
            resets.send(segment);
            drop(request);
            return null;
        }
        if (!segment.isAck()) {
            drops.drop(DropReason.TCP_INVALID_ACK, segment);
            return null;
        }
        return accept(request, segment);
    }

    private boolean isRepeatedSyn(int request, Segment segment) {
        return segment.isSyn()
                && !segment.isAck()
                && !segment.isRst()
                && segment.seq == requests.irs(request)
                && !isOldTimestamp(request, segment);
    }

    /** Our SYN-ACK was lost, or is late. */
    private void answerRepeatedSyn(int request, long nowNs) {
        if (requests.isAnswerLimited(request, nowNs, config.invalidRateLimitNs())) {
            counters.increment(Counter.TcpSkippedAcks);
            return;
        }
        repeatSynAck(request, nowNs);
        requests.restartTimer(request, nowNs);
    }

    /** RFC 9293 section 3.10.7.4, first check: an ACK that says where we are; limited, unless there is data. */
    private void answerOutOfWindow(int request, Segment segment) {
        if (segment.isRst()) {
            return;
        }
        final boolean isData = segment.dataLength > 0 && !segment.isSyn();
        if (!isData && requests.isAnswerLimited(request, segment.receivedNs, config.invalidRateLimitNs())) {
            counters.increment(Counter.TcpSkippedAcks);
            return;
        }
        final long dst = sender.ip().route(AddressPair.remote(segment.addressPair));
        final OutSegment out = fillIn(request, segment.receivedNs);
        out.seq++;
        out.flags = ACK;
        out.window >>= Math.max(requests.ownWscale(request), 0);
        sender.sendBare(dst, segment.receivedNs);
    }

    private boolean isOldTimestamp(int request, Segment segment) {
        return requests.hasTimestamps(request)
                && segment.hasTimestamps
                && segment.tsVal - requests.tsRecent(request) < 0;
    }

    private boolean isInWindow(int request, Segment segment) {
        final int rcvNxt = requests.irs(request) + 1;
        return SeqNum.isAfterOrAt(segment.endSeq, rcvNxt)
                && SeqNum.isBeforeOrAt(segment.seq, rcvNxt + requests.window(request))
                && (SeqNum.isAfterOrAt(segment.seq, rcvNxt) || SeqNum.isAfter(segment.endSeq, rcvNxt));
    }

    private void repeatSynAck(int request, long nowNs) {
        final long dst = sender.ip().route(AddressPair.remote(requests.addressPair(request)));
        if (dst != IpOutput.UNREACHABLE && sendSynAck(request, dst, nowNs)) {
            counters.increment(Counter.TcpRetransSegs);
        }
    }

    private TcpSock accept(int request, Segment segment) {
        final Listener listener = listeners.get(requests.listener(request));
        if (listener.isClosed) {
            resets.send(segment);
            drop(request);
            return null;
        }
        if (listener.isFull()) {
            counters.increment(Counter.TcpListenOverflows);
            drops.drop(DropReason.TCP_LISTEN_OVERFLOW, segment); // the peer sends again, or our SYN-ACK timer does
            return null;
        }
        final TcpSock sock = accepting.newSock(listener);
        if (sock == null) {
            drops.drop(DropReason.TCP_SOCKETS_FULL, segment);
            return null;
        }
        fill(sock, request, listener, segment);
        requests.remove(request);
        table.put(sock.addressPair, sock.ports, TcpTable.handle(TcpTable.KIND_SOCK, sock.index));
        counters.increment(Counter.TcpPassiveOpens);
        opening.onEstablished(sock, segment.receivedNs);
        return sock;
    }

    /** The child gets all that the handshake found out. Linux: {@code tcp_create_openreq_child()}. */
    private void fill(TcpSock sock, int request, Listener listener, Segment segment) {
        sock.addressPair = requests.addressPair(request);
        sock.ports = requests.ports(request);
        final long dst = sender.ip().route(AddressPair.remote(sock.addressPair));
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
        sock.hasSack = requests.hasSack(request);
        sock.tsOffset = requests.tsOffset(request);
        final boolean isNext = SeqNum.isBeforeOrAt(segment.seq, sock.rcvNxt); // else an older timestamp is yet to come
        sock.tsRecent = segment.hasTimestamps && isNext ? segment.tsVal : requests.tsRecent(request);
        sock.tsRecentNs = segment.receivedNs;
        sock.hasWindowScaling = requests.ownWscale(request) != Segment.NO_WINDOW_SCALE;
        sock.rcvWscale = Math.max(requests.ownWscale(request), 0);
        sock.sndWscale = Math.max(requests.peerWscale(request), 0);
        ReceiveWindow.init(sock, requests.window(request));
        sock.mssClamp = requests.mss(request);
        sock.sndWnd = segment.window << sock.sndWscale;
        sock.maxWindow = sock.sndWnd;
        sock.sndWl1 = segment.seq;
        sock.delivered = 1; // our SYN, which was in no rtx queue
        sock.totalRetrans = requests.retransmissions(request);
        if (requests.isSentOnce(request)) {
            opening.firstRtt(sock, segment.receivedNs - requests.sentNs(request));
        }
    }

    /** Forgets a request. */
    private void drop(int request) {
        table.remove(
                requests.addressPair(request),
                requests.ports(request),
                TcpTable.handle(TcpTable.KIND_REQUEST, request));
        requests.remove(request);
    }

    // ---- Timers, and the end of a listener ----

    /** Sends SYN-ACKs again whose time has come, at most {@code limit}; gives up those without retries left. */
    int expire(long nowNs, int limit) {
        int count = 0;
        while (count < limit) {
            final int request = requests.pollDue(nowNs);
            if (request == RequestTable.NONE) {
                break;
            }
            if (listeners.get(requests.listener(request)).isClosed || !requests.retry(request, nowNs)) {
                counters.increment(Counter.TcpAttemptFails);
                drop(request);
            } else {
                counters.increment(Counter.TcpTimeouts);
                repeatSynAck(request, nowNs);
            }
            count++;
        }
        return count;
    }

    long nextDeadlineNs() {
        return requests.nextDeadlineNs();
    }

    int size() {
        return requests.size();
    }
}
