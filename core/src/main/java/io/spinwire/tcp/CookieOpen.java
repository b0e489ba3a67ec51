package io.spinwire.tcp;

import io.spinwire.api.SynCookieMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.TcpHeader;

/**
 * Passive opens for which nothing is kept between SYN and ACK: the SYN-ACK's number is a cookie, and the ACK that
 * brings it back makes the socket. Engine thread only. Linux: {@code cookie_v4_init_sequence()},
 * {@code cookie_v4_check()}.
 */
final class CookieOpen {
    private final SynCookies cookies;
    private final RequestTable requests;
    private final Negotiation negotiation;
    private final RequestReplies replies;
    private final Acceptance acceptance;
    private final ResetReply resets;
    private final IpOutput ip;
    private final SegmentDrops drops;
    private final Counters counters;
    private final SynCookieMode mode;

    CookieOpen(
            SynCookies cookies,
            RequestTable requests,
            Negotiation negotiation,
            Acceptance acceptance,
            PassiveOpen.Answers answers,
            TcpConfig config) {
        this.cookies = cookies;
        this.requests = requests;
        this.negotiation = negotiation;
        this.acceptance = acceptance;
        replies = answers.replies();
        resets = answers.resets();
        ip = answers.ip();
        drops = answers.watching().drops();
        counters = answers.watching().counters();
        mode = config.synCookies();
    }

    /** Whether a SYN is answered so, now that there are too many requests, or not. */
    boolean isWanted(boolean isTooMany) {
        return mode == SynCookieMode.ALWAYS || isTooMany && mode == SynCookieMode.WHEN_FULL;
    }

    /** Answers a SYN on the way {@code dst}. */
    void onSyn(Listener listener, Segment segment, long dst) {
        if (!negotiation.hasTimestamps(segment)) {
            segment.windowScale = Segment.NO_WINDOW_SCALE; // nowhere to keep it
            segment.isSackPermitted = false;
            segment.flags &= ~TcpHeader.ECE;
        }
        listener.lastCookieNs = segment.receivedNs;
        final int mss = Opening.clampMss(segment.mss, Opening.mssLimit(listener.options));
        final int request = requests.addSpare(segment, cookies.make(segment, mss), listener.index);
        negotiation.agree(request, listener.options, segment, dst);
        replies.sendCookie(request, dst, segment.receivedNs);
        requests.remove(request);
        counters.increment(Counter.SyncookiesSent);
    }

    /**
     * A segment with ACK of no connection: perhaps it brings a cookie.
     *
     * @return the new socket, or null
     */
    TcpSock onAck(Listener listener, Segment segment) {
        final boolean mayBeCookie = mode != SynCookieMode.OFF
                && !segment.isSyn()
                && SynCookies.isRecent(listener.lastCookieNs, segment.receivedNs);
        if (!mayBeCookie) {
            drops.drop(DropReason.NO_SOCKET, segment);
            resets.send(segment);
            return null;
        }
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, segment);
            return null;
        }
        final int mss = cookies.mss(segment);
        if (mss == SynCookies.INVALID) {
            counters.increment(Counter.SyncookiesFailed);
            drops.drop(DropReason.TCP_COOKIE_INVALID, segment);
            resets.send(segment);
            return null;
        }
        counters.increment(Counter.SyncookiesRecv);
        return accept(listener, segment, mss);
    }

    private TcpSock accept(Listener listener, Segment segment, int mss) {
        if (!negotiation.isPossible(segment)) {
            drops.drop(DropReason.TCP_COOKIE_INVALID, segment);
            return null;
        }
        final long dst = ip.route(AddressPair.remote(segment.addressPair));
        if (dst == IpOutput.UNREACHABLE) {
            drops.drop(DropReason.TCP_NO_ROUTE, segment);
            return null;
        }
        final int request = requests.addSpare(segment, segment.ackSeq - 1, listener.index);
        negotiation.recall(request, listener.options, segment, mss, dst);
        final TcpSock sock = acceptance.accept(request, listener, segment);
        requests.remove(request);
        return sock;
    }
}
