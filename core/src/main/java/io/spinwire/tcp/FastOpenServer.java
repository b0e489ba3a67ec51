package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;

/**
 * The listening side of Fast Open, RFC 7413: a SYN with a good cookie makes a socket in SYN_RECEIVED, which is handed
 * over with the SYN's data before the handshake ends. Engine thread only. Linux: {@code tcp_try_fastopen()},
 * {@code tcp_fastopen_create_child()}.
 */
final class FastOpenServer {
    /** What {@link #judge} answers: an ordinary request. */
    static final int PLAIN = 0;

    /** A request whose SYN-ACK brings a cookie. */
    static final int GRANT = 1;

    /** A socket at once. */
    static final int TAKE = 2;

    /** Both: the cookie replaces an older one. */
    static final int TAKE_AND_GRANT = 3;

    private final FastOpenCookies cookies;
    private final RequestTable requests;
    private final Negotiation negotiation;
    private final Acceptance acceptance;
    private final Sending sending;
    private final OutSegment out;
    private final SegmentDrops drops;
    private final Counters counters;
    private final boolean isOn;
    private final boolean isWithoutCookie;
    private final long synAckTimeoutNs;

    FastOpenServer(
            FastOpenCookies cookies,
            RequestTable requests,
            Negotiation negotiation,
            Acceptance acceptance,
            Sending sending,
            TcpConfig config) {
        this.cookies = cookies;
        this.requests = requests;
        this.negotiation = negotiation;
        this.acceptance = acceptance;
        this.sending = sending;
        out = sending.sender().out;
        drops = sending.watching().drops();
        counters = sending.watching().counters();
        isOn = config.fastOpenServer();
        isWithoutCookie = config.fastOpenWithoutCookie();
        synAckTimeoutNs = config.initialRtoNs();
    }

    /** Rooms for the data that comes, and for the SYN-ACK. */
    record Sending(
            DataQueue data,
            Delivery delivery,
            LentQueues queues,
            TcpOutput output,
            Transmit transmit,
            SegmentSender sender,
            SockTimers timers,
            Acceptance.Watching watching) {}

    /** What becomes of a SYN. */
    int judge(Listener listener, Segment syn) {
        if (syn.cookieLength == 0) {
            counters.increment(Counter.TcpFastOpenCookieReqd);
        }
        if (!isOn || syn.dataLength == 0 && syn.cookieLength < 0 || !hasRoom(listener, syn.receivedNs)) {
            return PLAIN;
        }
        if (isWithoutCookie || listener.options.fastOpenWithoutCookie()) {
            return TAKE;
        }
        if (syn.cookieLength <= 0) {
            return syn.cookieLength == 0 ? GRANT : PLAIN;
        }
        return switch (cookies.check(syn)) {
            case FastOpenCookies.GOOD -> TAKE;
            case FastOpenCookies.AGED -> {
                counters.increment(Counter.TcpFastOpenPassiveAltKey);
                yield TAKE_AND_GRANT;
            }
            default -> {
                counters.increment(Counter.TcpFastOpenPassiveFail);
                yield GRANT;
            }
        };
    }

    private boolean hasRoom(Listener listener, long nowNs) {
        if (listener.fastOpens == null) {
            return false;
        }
        final boolean hasRoom = listener.fastOpens.hasRoom(nowNs);
        if (!hasRoom) {
            counters.increment(Counter.TcpFastOpenListenOverflow);
        }
        return hasRoom;
    }

    /** Gives the SYN-ACK that is sent next a cookie, in the SYN's form; {@link #withoutCookie} takes it back. */
    void withCookie(Segment syn) {
        out.cookieLength = FastOpenCookies.LENGTH;
        out.cookieHigh = cookies.make(syn.addressPair);
        out.isCookieExperimental = syn.isCookieExperimental;
    }

    void withoutCookie() {
        out.cookieLength = Segment.NO_COOKIE;
    }

    /** The SYN's data goes no further: what came of it is an ordinary request. */
    void dropData(Segment syn) {
        if (syn.dataLength > 0) {
            drops.drop(DropReason.TCP_FASTOPEN, syn);
        }
    }

    /**
     * Makes the socket, hands the data over and answers. False when there is none: it is to be an ordinary request.
     *
     * @param isGranting whether the SYN-ACK brings a new cookie
     */
    boolean open(Listener listener, Segment syn, int iss, long dst, boolean isGranting) {
        if (!sending.queues.hasMemory()) {
            counters.increment(Counter.TcpFastOpenPassiveFail);
            return false;
        }
        final int request = requests.addSpare(syn, iss, listener.index);
        negotiation.agree(request, listener.options, syn, dst);
        final TcpSock sock = acceptance.acceptEarly(request, listener, syn);
        requests.remove(request);
        if (sock == null) {
            counters.increment(Counter.TcpFastOpenPassiveFail);
            return false;
        }
        counters.increment(Counter.TcpFastOpenPassive);
        sock.fastOpens = listener.fastOpens;
        listener.fastOpens.onBegin();
        begin(sock, syn, isGranting);
        return true;
    }

    private void begin(TcpSock sock, Segment syn, boolean isGranting) {
        final long nowNs = syn.receivedNs;
        sock.segsIn++;
        if (syn.dataLength > 0) {
            sock.dataSegsIn++;
            sock.hasSynData = true;
            sending.data.queue(sock, syn);
        }
        if (isGranting) {
            withCookie(syn);
        }
        if (sending.transmit.send(sock, sock.iss, 0, SYN | ACK, nowNs)) {
            counters.increment(Counter.TcpOutSegs);
        }
        withoutCookie();
        sock.isAckNow = false; // the SYN-ACK, now or by its timer, acknowledges the data
        sock.isAckScheduled = false;
        sock.sockDeadlineNs = nowNs + synAckTimeoutNs;
        sending.timers.arm(sock);
        sending.delivery.onSegmentDone(sock);
        if (!sock.isFinished) {
            sending.output.check(sock, nowNs);
        }
        assert SockInvariants.hold(sock);
    }
}
