package io.spinwire.tcp;

import static io.spinwire.wire.TcpHeader.ACK;
import static io.spinwire.wire.TcpHeader.SYN;

import io.spinwire.api.SocketError;
import io.spinwire.api.TcpConfig;
import io.spinwire.api.TcpState;
import io.spinwire.ip.AddressPair;
import io.spinwire.ip.IpOutput;
import io.spinwire.queue.RtxQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.SeqNum;
import io.spinwire.wire.TcpOptions;

/**
 * The connecting side of the handshake, and both sides at once. Engine thread only. Linux: {@code tcp_v4_connect()},
 * {@code tcp_rcv_synsent_state_process()}.
 */
final class ActiveOpen {
    private final Opening opening;
    private final ReceiveWindow receiveWindow;
    private final Transmit transmit;
    private final AckProcessor acks;
    private final DataQueue data;
    private final Teardown teardown;
    private final ResetReply resets;
    private final FastOpenClient fastOpen;
    private final LocalPorts ports;
    private final SockPool socks;
    private final OwedList owed;
    private final LentQueues queues;
    private final SockTimers timers;
    private final OutputList pending;
    private final SecretHash hash;
    private final SegmentDrops drops;
    private final Counters counters;
    private final TcpConfig config;

    ActiveOpen(
            Opening opening,
            ReceiveWindow receiveWindow,
            Sending sending,
            Ending ending,
            Choosing choosing,
            TcpConfig config) {
        this.opening = opening;
        this.receiveWindow = receiveWindow;
        this.config = config;
        transmit = sending.transmit();
        acks = sending.acks();
        data = sending.data();
        queues = sending.queues();
        timers = sending.rooms().timers();
        pending = sending.rooms().pending();
        counters = sending.rooms().counters();
        teardown = ending.teardown();
        resets = ending.resets();
        drops = ending.drops();
        socks = ending.socks();
        ports = choosing.ports();
        hash = choosing.hash();
        fastOpen = choosing.fastOpen();
        owed = ending.owed();
    }

    /** Rooms that send a SYN and take what answers it. */
    record Sending(Transmit transmit, AckProcessor acks, DataQueue data, LentQueues queues, TcpOutput.Rooms rooms) {}

    /** Rooms for a connection that comes to nothing, or whose application is told. */
    record Ending(Teardown teardown, ResetReply resets, SegmentDrops drops, SockPool socks, OwedList owed) {}

    /** Rooms that choose numbers and the way to open. */
    record Choosing(LocalPorts ports, SecretHash hash, FastOpenClient fastOpen) {}

    /**
     * Sends the first SYN of a socket whose addresses, remote port and options are set. Failures end it, and are told.
     */
    void connect(TcpSock sock, long dst, int localPort, int remotePort) {
        final long nowNs = socks.nowNs();
        sock.ports = remotePort;
        counters.increment(Counter.TcpActiveOpens);
        if (dst == IpOutput.UNREACHABLE) {
            teardown.finish(sock, SocketError.ENETUNREACH);
            return;
        }
        final int port = ports.choose(sock.addressPair, dst, localPort, remotePort, nowNs);
        if (port == LocalPorts.NONE) {
            teardown.finish(sock, localPort == 0 ? SocketError.EADDRNOTAVAIL : SocketError.EADDRINUSE);
            return;
        }
        if (!queues.ensureRtxRoom(sock)) {
            teardown.finish(sock, SocketError.ENOBUFS);
            return;
        }
        sock.ports = port << 16 | remotePort;
        fillIn(sock, dst, nowNs);
        socks.bind(sock);
        sock.isConnectDeferred = fastOpen.isDeferred(sock, nowNs);
        if (!sock.isConnectDeferred) {
            sendSyn(sock, nowNs);
        }
    }

    private void fillIn(TcpSock sock, long dst, long nowNs) {
        opening.init(sock, sock.options, dst, nowNs);
        opening.requestEcn(sock);
        sock.hasTimestamps = config.timestamps();
        sock.isTsInMicros = config.timestampsInMicros();
        sock.hasSack = config.sack();
        sock.tsOffset = hash.timestampOffset(sock.addressPair);
        final int wscale = receiveWindow.wscaleOffered(sock.options);
        sock.hasWindowScaling = wscale != Segment.NO_WINDOW_SCALE;
        sock.rcvWscale = Math.max(wscale, 0);
        sock.iss = hash.initialSequence(sock.addressPair, sock.ports, nowNs);
        final boolean isTakenOver = ports.takeOver(sock);
        final int room = isTakenOver ? TcpOptions.TIMESTAMPS_ALIGNED_LENGTH : 0; // Linux: tcp_connect_init()
        receiveWindow.init(sock, receiveWindow.initial(sock.options, sock.advMss - room));
        sock.mssClamp = sock.advMss;
        sock.mss = sock.advMss;
        opening.guessSegmentSize(sock);
        sock.sndUna = sock.iss;
        sock.sndNxt = sock.iss + 1;
        sock.writeSeq = sock.sndNxt;
        sock.state = TcpState.SYN_SENT;
    }

    /** Sends the SYN that has waited for bytes, if there are any. False when a frame was refused. */
    boolean sendDeferredSyn(TcpSock sock, long nowNs) {
        if (sock.writeQueue == null || sock.writeQueue.isEmpty()) {
            return true;
        }
        final int waiting = (int) (sock.writeQueue.writePosition() - sock.writeQueue.releasedPosition());
        final int length = fastOpen.prepareSyn(sock, waiting, nowNs);
        final boolean isSent = transmit.send(sock, sock.iss, length, SYN, nowNs);
        fastOpen.withoutOption();
        if (!isSent) {
            return false;
        }
        counters.increment(Counter.TcpOutSegs);
        sock.isConnectDeferred = false;
        sock.writeSeq = sock.iss + 1 + waiting;
        noteSyn(sock, nowNs);
        if (length > 0) {
            sock.sndNxt += length;
            sock.rtxQueue.add(sock.iss + 1, sock.sndNxt, nowNs, 0);
            sock.packetsOut++;
            sock.hasSynData = true;
        }
        owed.add(sock); // no more bytes until the handshake is complete
        return true;
    }

    private void noteSyn(TcpSock sock, long nowNs) {
        sock.retransStampNs = nowNs; // how long it may take counts from the first SYN
        sock.rtxQueue.add(sock.iss, sock.sndNxt, nowNs, RtxQueue.SYN);
        sock.packetsOut = 1;
        timers.armRtx(sock, SockTimers.RETRANS, nowNs + sock.rtoNs);
    }

    private void sendSyn(TcpSock sock, long nowNs) {
        noteSyn(sock, nowNs);
        fastOpen.prepareSyn(sock, 0, nowNs);
        final boolean isSent = transmit.send(sock, sock.iss, 0, SYN, nowNs);
        fastOpen.withoutOption();
        if (isSent) {
            counters.increment(Counter.TcpOutSegs);
        } else {
            LossMarks.markLost(sock, 0);
            sock.rexmit = Retransmit.LOST; // refused: the output step sends it as soon as there is a frame
            pending.add(sock);
        }
    }

    /** A segment in SYN_SENT. RFC 9293 section 3.10.7.3. */
    void onSegment(TcpSock sock, Segment segment) {
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, sock, segment);
            return;
        }
        if (segment.isAck() && !isAckAcceptable(sock, segment)) {
            drops.drop(DropReason.TCP_INVALID_ACK, sock, segment);
            resets.send(segment);
            return;
        }
        if (segment.isRst()) {
            drops.drop(DropReason.TCP_RESET, sock, segment);
            if (segment.isAck()) {
                teardown.onReset(sock);
            }
            return;
        }
        if (!segment.isSyn()) {
            drops.drop(DropReason.TCP_FLAGS, sock, segment);
            return;
        }
        if (sock.isConnectDeferred) { // the peer was first: no more waiting
            sock.isConnectDeferred = false;
            sendSyn(sock, segment.receivedNs);
        }
        takeSyn(sock, segment);
        if (segment.isAck()) {
            acks.process(sock, segment);
        }
        takeWindow(sock, segment);
        if (segment.isAck()) {
            opening.onEstablished(sock, segment.receivedNs);
            if (fastOpen.onSynAck(sock, segment) && segment.dataLength > 0) {
                data.queue(sock, segment);
            }
            FastPath.predict(sock);
            sock.isAckNow = true;
        } else {
            onSimultaneousOpen(sock, segment.receivedNs);
        }
    }

    private static boolean isAckAcceptable(TcpSock sock, Segment segment) {
        if (SeqNum.isBeforeOrAt(segment.ackSeq, sock.iss) || SeqNum.isAfter(segment.ackSeq, sock.sndNxt)) {
            return false;
        }
        if (!sock.hasTimestamps || !segment.hasTimestamps || segment.tsEcr == 0) {
            return true;
        }
        // RFC 7323 section 5.3: the echo is of a timestamp that this connection sent
        return segment.tsEcr - sock.timestamp(segment.receivedNs) <= 0;
    }

    /** What the peer's SYN says. */
    private void takeSyn(TcpSock sock, Segment segment) {
        sock.irs = segment.seq;
        sock.rcvNxt = segment.seq + 1;
        sock.rcvWup = sock.rcvNxt;
        if (segment.windowScale == Segment.NO_WINDOW_SCALE || !sock.hasWindowScaling) {
            sock.hasWindowScaling = false;
            ReceiveWindow.unscale(sock);
            sock.sndWscale = 0;
        } else {
            sock.sndWscale = segment.windowScale;
        }
        sock.hasTimestamps = sock.hasTimestamps && segment.hasTimestamps;
        sock.hasSack = sock.hasSack && segment.isSackPermitted;
        sock.tsRecent = segment.hasTimestamps ? segment.tsVal : 0;
        sock.tsRecentNs = segment.receivedNs;
        sock.mssClamp = (char) Opening.clampMss(segment.mss, Opening.mssLimit(sock.options));
        if (segment.isAck()) {
            EcnInput.onSynAck(sock, segment);
        } else {
            EcnInput.onSyn(sock, segment, config.ecnFallback());
        }
    }

    private static void takeWindow(TcpSock sock, Segment segment) {
        sock.sndWnd = segment.window; // RFC 7323 section 2.2: never scaled in a SYN
        sock.maxWindow = sock.sndWnd;
        sock.sndWl1 = segment.seq;
    }

    private void onSimultaneousOpen(TcpSock sock, long nowNs) {
        sock.state = TcpState.SYN_RECEIVED;
        counters.increment(Counter.TcpSimultaneousOpens);
        if (transmit.send(sock, sock.iss, 0, SYN | ACK, nowNs)) {
            counters.increment(Counter.TcpOutSegs);
        }
    }

    /** The addresses for a connect: the local one asked for, or the one that routing prefers. */
    static long addressPair(IpOutput ip, int local, int remote) {
        return AddressPair.of(local == 0 ? ip.source(remote) : local, remote);
    }
}
