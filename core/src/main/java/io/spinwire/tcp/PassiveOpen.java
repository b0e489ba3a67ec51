package io.spinwire.tcp;

import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;

/**
 * The listening side of the handshake: a SYN makes a request record and a SYN-ACK, or only a SYN-ACK with a cookie; the
 * right ACK makes a socket. Engine thread only. Linux: {@code tcp_conn_request()}, {@code tcp_check_req()}.
 */
final class PassiveOpen {
    private final RequestTable requests;
    private final TcpTable table;
    private final Listeners listeners;
    private final RequestReplies replies;
    private final ResetReply resets;
    private final IpOutput ip;
    private final SecretHash hash;
    private final CookieOpen cookies;
    private final Negotiation negotiation;
    private final FastOpenServer fastOpen;
    private final Acceptance acceptance;
    private final PathMetrics paths;
    private final SegmentDrops drops;
    private final Counters counters;
    private final TcpConfig config;

    PassiveOpen(Tables tables, Answers answers, Negotiation negotiation, Ways ways, TcpConfig config) {
        requests = tables.requests();
        table = tables.table();
        listeners = tables.listeners();
        paths = tables.paths();
        replies = answers.replies();
        resets = answers.resets();
        ip = answers.ip();
        hash = answers.hash();
        drops = answers.watching().drops();
        counters = answers.watching().counters();
        this.negotiation = negotiation;
        cookies = ways.cookies();
        fastOpen = ways.fastOpen();
        acceptance = ways.acceptance();
        this.config = config;
    }

    /** Where requests, connections, listeners and what is known of peers are found. */
    record Tables(RequestTable requests, TcpTable table, Listeners listeners, PathMetrics paths) {}

    /** What answers are made with. */
    record Answers(
            RequestReplies replies, ResetReply resets, IpOutput ip, SecretHash hash, Acceptance.Watching watching) {}

    /** How a SYN or its ACK can become a socket. */
    record Ways(Acceptance acceptance, CookieOpen cookies, FastOpenServer fastOpen) {}

    // ---- The SYN ----

    /**
     * A segment for a listening port, of no connection. RFC 9293 section 3.10.7.2.
     *
     * @return the new socket if this was the ACK of a cookie: the segment is to be processed there; else null
     */
    TcpSock onSegment(Listener listener, Segment segment) {
        if (segment.isRst()) {
            drops.drop(DropReason.TCP_RESET, segment);
        } else if (segment.isAck()) {
            return cookies.onAck(listener, segment);
        } else if (segment.isSyn()) {
            onSyn(listener, segment);
        } else {
            drops.drop(DropReason.TCP_FLAGS, segment);
        }
        return null;
    }

    private void onSyn(Listener listener, Segment segment) {
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, segment);
            return;
        }
        final boolean isTooMany = listener.isRequestQueueFull() || requests.isFull();
        if (cookies.isWanted(isTooMany)) {
            counters.increment(Counter.TcpReqQFullDoCookies);
            final long dst = admit(listener, segment);
            if (dst != IpOutput.UNREACHABLE) {
                cookies.onSyn(listener, segment, dst);
            }
        } else if (isTooMany || isCrowded() && !paths.isProven(segment.addressPair, segment.receivedNs)) {
            counters.increment(Counter.TcpReqQFullDrop);
            dropSyn(DropReason.TCP_REQUEST_TABLE_FULL, segment);
        } else {
            open(listener, segment, hash.initialSequence(segment.addressPair, segment.ports, segment.receivedNs));
        }
    }

    /** Begins a request. {@code iss} is beyond the old numbers where the connection is one that was in TIME_WAIT. */
    void open(Listener listener, Segment segment, int iss) {
        final long dst = admit(listener, segment);
        if (dst == IpOutput.UNREACHABLE) {
            return;
        }
        final int verdict = fastOpen.judge(listener, segment);
        final boolean isGranting = verdict == FastOpenServer.GRANT || verdict == FastOpenServer.TAKE_AND_GRANT;
        final boolean isTaken = verdict == FastOpenServer.TAKE || verdict == FastOpenServer.TAKE_AND_GRANT;
        if (isTaken && fastOpen.open(listener, segment, iss, dst, isGranting)) {
            return;
        }
        fastOpen.dropData(segment);
        request(listener, segment, iss, dst, isGranting);
    }

    private void request(Listener listener, Segment segment, int iss, long dst, boolean isGranting) {
        final int request = requests.add(segment, iss, listener.index);
        if (request == RequestTable.NONE) {
            counters.increment(Counter.TcpReqQFullDrop);
            dropSyn(DropReason.TCP_REQUEST_TABLE_FULL, segment);
            return;
        }
        listener.requests++;
        listener.youngRequests++;
        negotiation.agree(request, listener.options, segment, dst);
        table.put(segment.addressPair, segment.ports, TcpTable.handle(TcpTable.KIND_REQUEST, request));
        if (isGranting) {
            fastOpen.withCookie(segment);
        }
        replies.sendSynAck(request, dst, segment.receivedNs); // if refused, the timer sends it, without a cookie
        fastOpen.withoutCookie();
    }

    /** The way back to the peer of a SYN that may be answered; else it is dropped, and none is answered. */
    private long admit(Listener listener, Segment segment) {
        if (listener.isFull()) {
            counters.increment(Counter.TcpListenOverflows);
            dropSyn(DropReason.TCP_LISTEN_OVERFLOW, segment);
            return IpOutput.UNREACHABLE;
        }
        final long dst = ip.route(AddressPair.remote(segment.addressPair));
        if (dst == IpOutput.UNREACHABLE) {
            dropSyn(DropReason.TCP_NO_ROUTE, segment);
        }
        return dst;
    }

    /** Without cookies, the last quarter of the table is for those with whom all went well before. */
    private boolean isCrowded() {
        return config.synCookies() == SynCookieMode.OFF
                && config.maxRequests() - requests.size() < config.maxRequests() >> 2;
    }

    private void dropSyn(DropReason reason, Segment segment) {
        counters.increment(Counter.TcpListenDrops);
        drops.drop(reason, segment);
    }

    // ---- What follows ----

    /** Whether the listener of a request is no more: then the request is to be dropped. */
    boolean isAbandoned(int request) {
        return listeners.get(requests.listener(request)).isClosed;
    }

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
            refuse(request, segment);
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
        } else if (replies.repeatSynAck(request, nowNs)) {
            requests.restartTimer(request, nowNs);
        }
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
        replies.sendAck(request, segment.receivedNs);
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

    private TcpSock accept(int request, Segment segment) {
        final Listener listener = listeners.get(requests.listener(request));
        if (segment.seq == segment.endSeq && requests.timeouts(request) < listener.deferredTimeouts) {
            counters.increment(Counter.TcpDeferAcceptDrop);
            drops.drop(DropReason.TCP_DEFER_ACCEPT, segment);
            requests.setAcked(request);
            return null;
        }
        final TcpSock sock = acceptance.accept(request, listener, segment);
        if (sock != null) {
            forget(request);
        } else if (config.abortOnOverflow()) {
            refuse(request, segment);
        } else {
            requests.setAcked(request); // the peer sends again, or our SYN-ACK timer asks for it
        }
        return sock;
    }

    private void refuse(int request, Segment segment) {
        counters.increment(Counter.TcpAttemptFails);
        resets.send(segment);
        drop(request);
    }

    /** Forgets a request that came to nothing. */
    void drop(int request) {
        table.remove(
                requests.addressPair(request),
                requests.ports(request),
                TcpTable.handle(TcpTable.KIND_REQUEST, request));
        forget(request);
    }

    private void forget(int request) {
        final Listener listener = listeners.get(requests.listener(request));
        if (requests.timeouts(request) == 0) {
            listener.youngRequests--;
        }
        requests.remove(request);
        listeners.onRequestGone(listener);
    }

    int size() {
        return requests.size();
    }
}
