package io.spinwire.tcp;

import static io.spinwire.api.TcpState.CLOSED;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpState;
import io.spinwire.tcp.cc.CongestionState;

/**
 * All state of one connection, grouped by who touches it: {@link SockShared}, {@link SockRx}, {@link SockTx},
 * {@link SockCold}. HotSpot lays out a superclass's fields before a subclass's, which keeps the groups together.
 * Pooled; engine thread only. Linux: {@code struct tcp_sock}.
 */
final class TcpSock extends SockCold {
    private static final long US_PER_MS = 1000;
    private static final long NS_PER_US = 1000;

    TcpSock(int index) {
        this.index = index;
    }

    int localPort() {
        return ports >>> 16;
    }

    int remotePort() {
        return ports & 0xFFFF;
    }

    boolean isInline() {
        return handler != null;
    }

    /** States in which both sides know each other's sequence numbers. */
    boolean isSynchronised() {
        return state.ordinal() >= TcpState.ESTABLISHED.ordinal() || fastOpens != null;
    }

    /** Whether new data, or FIN, may leave: all states after the handshake until our FIN is acknowledged. */
    boolean canSend() {
        return switch (state) {
            case ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1, CLOSING, LAST_ACK -> true;
            case SYN_RECEIVED -> fastOpens != null;
            default -> false;
        };
    }

    /** Whether an application may still write. */
    boolean canWrite() {
        return (state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT || isWritableEarly()) && !isFinQueued;
    }

    /** Fast Open: the application may write although the handshake is not complete. */
    boolean isWritableEarly() {
        return isConnectDeferred || fastOpens != null && state == TcpState.SYN_RECEIVED;
    }

    /**
     * Whether the application is to be told of what waits: as much as it asked for, or all that can come before it
     * reads. Linux: {@code tcp_epollin_ready()}.
     */
    boolean isReadable() {
        final int waiting = available();
        return waiting >= options.receiveLowWater() || waiting > 0 && (isPeerClosed || receiveWindow() <= rcvMss);
    }

    /** Whether an error is pending. */
    boolean hasError() {
        return error != 0;
    }

    void setError(SocketError newError) {
        error = (byte) newError.ordinal();
    }

    void setSoftError(SocketError newError) {
        softError = (byte) newError.ordinal();
    }

    /** Ended, and not in order. After an end in order, the application still gets what came with the last FIN. */
    boolean isCutOff() {
        return isFinished && closeReason != CloseReason.NORMAL;
    }

    /** Whether there is room again that is worth telling of. */
    boolean isWriteable() {
        if (!canWrite()) {
            return false;
        }
        if (writeQueue == null) {
            return true;
        }
        final int used = (int) (writeQueue.writePosition() - writeQueue.releasedPosition());
        return SendSpace.isWriteable(this, used);
    }

    /** When the peer last showed that it is there. Linux: {@code keepalive_time_elapsed()}. */
    long lastHeardNs() {
        return Math.max(lastReceivedNs, lastDataReceivedNs);
    }

    /** Switched on, it pushes what waits. */
    void setNoDelay(boolean on) {
        if (on && !isNoDelay) {
            moreSeq = writeSeq;
        }
        isNoDelay = on;
    }

    /** Switched on, an ACK that is owed leaves at once. */
    void setQuickAck(boolean on) {
        isAckNow |= on && !isQuickAck && isAckScheduled;
        isQuickAck = on;
    }

    /** Switched off, it pushes what waits. */
    void setCorked(boolean on) {
        if (!on && isCorked) {
            moreSeq = writeSeq;
        }
        isCorked = on;
    }

    /** Timestamp to send now. */
    int timestamp(long nowNs) {
        return SecretHash.timestamp(nowNs, isTsInMicros) + tsOffset;
    }

    /**
     * Time since the timestamp that a segment echoes was sent, in us: 0 when it is less than a tick, negative when it
     * never was.
     */
    long echoUs(Segment segment) {
        final long ticks = timestamp(segment.receivedNs) - segment.tsEcr;
        return isTsInMicros ? ticks : ticks * US_PER_MS;
    }

    /** The same as a round trip, which is a tick at the least, in ns; negative when there is none. */
    long echoRttNs(Segment segment) {
        final long us = echoUs(segment);
        return us < 0 ? us : Math.max(us, isTsInMicros ? 1 : US_PER_MS) * NS_PER_US;
    }

    /** Back to a fresh socket; what the queues held was returned before. */
    void reset() {
        generation++;
        state = CLOSED;
        isAckNow = false;
        isAckScheduled = false;
        isOrphan = false;
        SockTimers.clearRtx(this);
        delackDeadlineNs = Long.MAX_VALUE;
        sockDeadlineNs = Long.MAX_VALUE;
        paceDeadlineNs = Long.MAX_VALUE;
        wheelDeadlineNs = Long.MAX_VALUE;
        hasTimestamps = false;
        isTsInMicros = false;
        hasSack = false;
        ecnFlags = 0;
        resetReceiving();
        resetSending();
        resetCold();
    }

    private void resetReceiving() {
        rcvNxt = 0;
        rcvWup = 0;
        rcvWnd = 0;
        rcvWscale = 0;
        predFlags = 0;
        tsRecent = 0;
        tsRecentNs = 0;
        lastDataReceivedNs = 0;
        lastReceivedNs = 0;
        rcvMss = 0;
        lastSegSize = 0;
        quickAcks = 0;
        atoNs = 0;
        isPingPong = false;
        isAckPushed = false;
        isAckPushedTwice = false;
        isOutOfMemory = false;
        isPeerClosed = false;
        hasMark = false;
        clearDsack();
    }

    private void resetSending() {
        sndUna = 0;
        sndNxt = 0;
        writeSeq = 0;
        sndWl1 = 0;
        sndWnd = 0;
        maxWindow = 0;
        sndWscale = 0;
        packetsOut = 0;
        sackedOut = 0;
        lostOut = 0;
        retransOut = 0;
        congestionState = CongestionState.OPEN;
        retransmits = 0;
        backoff = 0;
        probesOut = 0;
        retransStampNs = 0;
        resetRecovery();
        probesStampNs = 0;
        srttUs = 0;
        mdevUs = 0;
        mdevMaxUs = 0;
        rttvarUs = 0;
        minRttUs = 0;
        lastSentNs = 0;
        isPaced = false;
        pacingRate = 0;
        nextSendNs = 0;
        cwndUsed = 0;
        cwndStampNs = 0;
        delivered = 0;
        deliveredCe = 0;
        lost = 0;
        appLimited = -1; // the pipe is empty until the first ACK
        deliveredNs = 0;
        firstSentNs = 0;
        rateDelivered = 0;
        rateIntervalUs = 0;
        isRateAppLimited = true;
        isFinQueued = false;
        isFinSent = false;
        isWaitingForRoom = false;
        isUrgent = false;
        sndBuf = 0;
    }

    private void resetRecovery() {
        rexmit = 0;
        hasUndoMarker = false;
        undoRetrans = 0;
        priorSsthresh = 0;
        hasTlp = false;
        isFrto = false;
        isSackReneging = false;
        rackNs = 0;
        rackEndSeq = 0;
        rackRttUs = 0;
        isRackAdvanced = false;
        isRackDsackSeen = false;
        rackSteps = 1;
        rackPersist = 0;
        rackLastDelivered = 0;
        reordSeen = 0;
        dsackDups = 0;
    }

    private void resetCold() {
        handler = null;
        facade = null;
        listener = null;
        fastOpens = null;
        isConnectDeferred = false;
        isCountedOrphan = false;
        isFastOpenSyn = false;
        isFastOpenExperimental = false;
        isFastOpenTrial = false;
        fastOpenFailure = 0;
        hasSynData = false;
        options = SocketOptions.DEFAULTS;
        closeReason = CloseReason.NONE;
        error = 0;
        softError = 0;
        isFinished = false;
        isInputShut = false;
        owesConnected = false;
        owesPeerClosed = false;
        owesClosed = false;
        lastOutOfWindowAckMs = 0;
        hasWindowScaling = false;
        lingerDeadlineNs = Long.MAX_VALUE;
        chrono = Chrono.IDLE;
        busyTicks = 0;
        bytesAcked = 0;
        bytesReceived = 0;
        bytesSent = 0;
        bytesRetrans = 0;
        segsIn = 0;
        segsOut = 0;
        dataSegsIn = 0;
        dataSegsOut = 0;
        totalRetrans = 0;
        rcvOooPack = 0;
    }

    @Override
    public String toString() {
        return "TcpSock " + index + " " + state + " " + localPort() + "<->" + remotePort() + " una=" + (sndUna - iss)
                + " nxt=" + (sndNxt - iss) + " write=" + (writeSeq - iss) + " wnd=" + sndWnd + " packets=" + packetsOut
                + " sacked=" + sackedOut + " lost=" + lostOut + " retrans=" + retransOut + " cwnd=" + congestion.cwnd
                + " " + congestionState + " rcvNxt=" + (rcvNxt - irs) + " fin=" + isFinQueued + "/" + isFinSent;
    }
}
