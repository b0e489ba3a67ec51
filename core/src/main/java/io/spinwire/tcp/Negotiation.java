package io.spinwire.tcp;

import io.spinwire.api.EcnMode;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpConfig;
import io.spinwire.wire.TcpOptions;

/**
 * What the options of a SYN and our own settings come to, noted in the connection request. Engine thread only. Linux:
 * {@code tcp_openreq_init()}, {@code tcp_openreq_init_rwin()}, {@code cookie_timestamp_decode()}.
 */
final class Negotiation {
    private final RequestTable requests;
    private final ReceiveWindow receiveWindow;
    private final Opening opening;
    private final SecretHash hash;
    private final boolean isTimestampsOn;
    private final boolean isSackOn;
    private final boolean isScalingOn;
    private final boolean isEcnOn;
    private final int micros;

    Negotiation(
            RequestTable requests, ReceiveWindow receiveWindow, Opening opening, SecretHash hash, TcpConfig config) {
        this.requests = requests;
        this.receiveWindow = receiveWindow;
        this.opening = opening;
        this.hash = hash;
        isTimestampsOn = config.timestamps();
        isSackOn = config.sack();
        isScalingOn = config.windowScaling();
        isEcnOn = config.ecn() != EcnMode.OFF;
        micros = config.timestampsInMicros() ? RequestTable.MICROS : 0; // not with cookies: they are in milliseconds
    }

    /** Whether timestamps will be used with the peer that sent this SYN. */
    boolean hasTimestamps(Segment syn) {
        return isTimestampsOn && syn.hasTimestamps;
    }

    /** Of a SYN, on the way {@code dst} back to its sender. */
    void agree(int request, SocketOptions options, Segment syn, long dst) {
        final int advMss = opening.advMss(dst, syn.addressPair, options);
        final boolean hasTimestamps = hasTimestamps(syn);
        final boolean hasSack = isSackOn && syn.isSackPermitted;
        final boolean hasScaling = isScalingOn && syn.windowScale != Segment.NO_WINDOW_SCALE;
        requests.setOptions(
                request,
                Opening.clampMss(syn.mss, Opening.mssLimit(options)),
                hasScaling ? syn.windowScale : Segment.NO_WINDOW_SCALE,
                hasScaling ? receiveWindow.wscaleOffered(options) : Segment.NO_WINDOW_SCALE,
                flags(hasTimestamps, hasSack, isEcnAccepted(options, syn)) | micros);
        requests.setWindowAndTsOffset(
                request, initialWindow(options, advMss, hasTimestamps), hash.timestampOffset(syn.addressPair));
    }

    private int initialWindow(SocketOptions options, int advMss, boolean hasTimestamps) {
        return receiveWindow.initial(options, hasTimestamps ? advMss - TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : advMss);
    }

    private boolean isEcnAccepted(SocketOptions options, Segment syn) {
        return syn.isEcnSetup() && opening.isEcnAccepted(syn, options);
    }

    private static int flags(boolean hasTimestamps, boolean hasSack, boolean hasEcn) {
        return (hasTimestamps ? RequestTable.TIMESTAMPS : 0)
                | (hasSack ? RequestTable.SACK : 0)
                | (hasEcn ? RequestTable.ECN : 0);
    }

    /** Bits that our timestamp carried in the SYN-ACK, from a handshake ACK that echoes it. */
    private int echoedOptions(Segment ack) {
        return ack.tsEcr == 0 ? 0 : ack.tsEcr - hash.timestampOffset(ack.addressPair);
    }

    /** Whether a cookie's ACK echoes a timestamp of what we would have offered. */
    boolean isPossible(Segment ack) {
        if (!ack.hasTimestamps) {
            return true;
        }
        final int echoed = echoedOptions(ack);
        return isTimestampsOn
                && (isSackOn || !SynCookies.hasSack(echoed))
                && (isScalingOn || SynCookies.wscale(echoed) == Segment.NO_WINDOW_SCALE);
    }

    /** What had been agreed on when the cookie was sent that {@code ack} brings back. */
    void recall(int request, SocketOptions options, Segment ack, int mss, long dst) {
        final int peerWscale = ack.hasTimestamps ? SynCookies.wscale(echoedOptions(ack)) : Segment.NO_WINDOW_SCALE;
        requests.setIrs(request, ack.seq - 1);
        requests.setOptions(
                request,
                Math.min(mss, Opening.mssLimit(options)),
                peerWscale,
                peerWscale == Segment.NO_WINDOW_SCALE ? Segment.NO_WINDOW_SCALE : receiveWindow.wscaleOffered(options),
                flags(
                        ack.hasTimestamps,
                        ack.hasTimestamps && SynCookies.hasSack(echoedOptions(ack)),
                        ack.hasTimestamps && isEcnOn && SynCookies.hasEcn(echoedOptions(ack))));
        final int synAckWindow =
                initialWindow(options, opening.advMss(dst, ack.addressPair, options), ack.hasTimestamps);
        requests.setWindowAndTsOffset(
                request,
                Math.max(synAckWindow, receiveWindow.initial(options, mss)), // the former was promised
                hash.timestampOffset(ack.addressPair));
    }
}
