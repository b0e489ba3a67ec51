package io.spinwire.tcp;

import io.spinwire.api.TcpState;
import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.ip.TransportProtocol;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Checksum;
import io.spinwire.wire.TcpHeader;

/**
 * The door of TCP: header, checksum, demultiplexing, then the room for the state. Ingress, fed by IP. Engine thread
 * only. Linux: {@code tcp_v4_rcv()}.
 */
final class TcpInput implements TransportProtocol {
    private final Segment segment = new Segment();
    private final TcpTable table;
    private final Listeners listeners;
    private final SockPool socks;
    private final TimeWaitTable timeWait;
    private final Paths paths;
    private final Delivery delivery;
    private final TcpOutput output;
    private final SendSpace sendSpace;
    private final ResetReply resets;
    private final Drops drops;
    private final Counters counters;
    private final Hooks hooks;
    private final boolean isPartialChecksumAccepted;
    private final boolean isFastPathOn;

    /** The roads that a segment may take. */
    record Paths(FastPath fast, SlowPath slow, ActiveOpen active, PassiveOpen passive) {}

    /** Where a segment's connection is found. */
    record Finding(TcpTable table, Listeners listeners, SockPool socks, TimeWaitTable timeWait) {}

    /** What follows when a segment has been dealt with. */
    record Afterwards(Delivery delivery, TcpOutput output, SendSpace sendSpace, ResetReply resets) {}

    TcpInput(Finding finding, Paths paths, Afterwards afterwards, TcpSetup setup) {
        table = finding.table();
        listeners = finding.listeners();
        socks = finding.socks();
        timeWait = finding.timeWait();
        this.paths = paths;
        delivery = afterwards.delivery();
        output = afterwards.output();
        sendSpace = afterwards.sendSpace();
        resets = afterwards.resets();
        drops = setup.drops();
        counters = setup.counters();
        hooks = setup.hooks();
        isPartialChecksumAccepted = setup.limits().acceptPartialChecksums();
        isFastPathOn = setup.limits().fastPath();
    }

    @Override
    public void onSegment(Frame frame, long addressPair) {
        counters.increment(Counter.TcpInSegs);
        final DropReason fault = parse(frame, addressPair);
        if (fault != null) {
            drops.drop(fault, -1, frame.buffer, frame.transportOffset, frame.transportLength());
            return;
        }
        final TcpSock sock = table.sock(addressPair, segment.ports);
        if (Hooks.isOn()) {
            final int index = sock == null ? -1 : sock.index;
            hooks.fire(HookPoint.tcp_v4_rcv, index, 0, frame.buffer, frame.transportOffset, frame.transportLength());
        }
        if (sock != null) {
            process(sock);
        } else {
            onOther(frame, table.find(addressPair, segment.ports));
        }
    }

    /** What belongs to no socket: to a request, a connection in TIME_WAIT, or nothing that is known. */
    private void onOther(Frame frame, int handle) {
        if (handle == TcpTable.NOT_FOUND) {
            onUnknown(frame);
        } else if (TcpTable.kind(handle) == TcpTable.KIND_REQUEST) {
            onRequestSegment(TcpTable.index(handle), frame);
        } else {
            onTimeWaitSegment(TcpTable.index(handle), frame);
        }
    }

    /** Null when the segment is sound. */
    private DropReason parse(Frame frame, long addressPair) {
        if (!segment.parse(frame, addressPair)) {
            return DropReason.TCP_HDR;
        }
        final long sum =
                Checksum.add(frame.pseudoHeaderSum, frame.buffer, frame.transportOffset, frame.transportLength());
        if (Checksum.finish(sum) != 0) {
            final DropReason fault = checksumFault(frame);
            if (fault != null) {
                return fault;
            }
        }
        return segment.localPort() == 0 || segment.remotePort() == 0 ? DropReason.TCP_ZERO_PORT : null;
    }

    /** A veth peer with offload leaves only the pseudo-header's sum in the field. Linux: CHECKSUM_PARTIAL. */
    private DropReason checksumFault(Frame frame) {
        if (TcpHeader.checksum(frame.buffer, frame.transportOffset) != Checksum.fold(frame.pseudoHeaderSum)) {
            return DropReason.TCP_CSUM;
        }
        counters.increment(Counter.TcpPartialChecksums);
        return isPartialChecksumAccepted ? null : DropReason.TCP_PARTIAL_CSUM;
    }

    private void onUnknown(Frame frame) {
        final Listener listener = listeners.find(segment.addressPair, segment.localPort());
        if (listener != null && !(segment.isSyn() && segment.isFin())) {
            processChild(paths.passive().onSegment(listener, segment));
        } else {
            final DropReason reason = listener == null ? DropReason.NO_SOCKET : DropReason.TCP_FLAGS;
            drops.drop(reason, -1, frame.buffer, frame.transportOffset, frame.transportLength());
            if (listener == null) {
                resets.send(segment);
            }
        }
    }

    private void onRequestSegment(int request, Frame frame) {
        if (paths.passive().isAbandoned(request)) {
            paths.passive().drop(request);
            onUnknown(frame); // perhaps there is a new listener
            return;
        }
        processChild(paths.passive().onRequestSegment(request, segment));
    }

    private void processChild(TcpSock child) {
        if (child != null) {
            process(child);
        }
    }

    private void onTimeWaitSegment(int index, Frame frame) {
        final int nextIss = timeWait.nextIss(index);
        if (!segment.parseOptions()) {
            drops.drop(DropReason.TCP_OPTIONS, -1, frame.buffer, frame.transportOffset, frame.transportLength());
            return;
        }
        final Listener listener = listeners.find(segment.addressPair, segment.localPort());
        if (timeWait.onSegment(index, segment, listener != null) == TimeWaitTable.REUSE) {
            paths.passive().open(listener, segment, nextIss);
        }
    }

    /**
     * A segment of a connection. Longer than the JIT inlines, and to stay so: the way in is compiled in pieces that it
     * can take in whole ({@code CompilationUnitTest}).
     */
    private void process(TcpSock sock) {
        assert sock.addressPair == segment.addressPair && sock.ports == segment.ports
                : "a segment of " + segment.ports + " for the socket of " + sock.ports;
        sock.segsIn++;
        if (segment.dataLength > 0) {
            sock.dataSegsIn++;
        }
        sock.moreSeq = sock.writeSeq; // what comes in pushes out what waits: MORE is for one call
        final int priorUna = sock.sndUna;
        if (sock.state == TcpState.ESTABLISHED) {
            if (Hooks.isOn()) {
                hooks.fire(HookPoint.tcp_rcv_established, sock.index, segment.dataLength);
            }
            if (!isFastPathOn || !paths.fast().process(sock, segment)) {
                paths.slow().process(sock, segment);
            }
        } else if (sock.state == TcpState.SYN_SENT) {
            paths.active().onSegment(sock, segment);
        } else {
            paths.slow().process(sock, segment);
        }
        if (sock.sndUna != priorUna) {
            if (sock.facade.isWaitingForRoom(sock)) {
                Chrono.stop(sock, Chrono.BUFFER_LIMITED, segment.receivedNs);
                if (sock.isInline()) {
                    sendSpace.onAcked(sock);
                }
                delivery.owe(sock);
            }
            if (sock.sndUna == sock.sendEnd()) {
                Chrono.rest(sock, segment.receivedNs);
            }
            if (sock.mtuSearch != null) {
                output.prober().onProgress(sock);
            }
        }
        delivery.onSegmentDone(sock);
        if (!sock.isFinished) {
            output.check(sock, socks.nowNs());
        }
        assert SockInvariants.hold(sock);
    }
}
