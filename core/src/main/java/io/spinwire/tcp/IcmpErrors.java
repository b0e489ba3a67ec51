package io.spinwire.tcp;

import io.spinwire.api.SocketError;
import io.spinwire.api.TcpState;
import io.spinwire.ip.IpOutput;
import io.spinwire.ip.TransportErrors;
import io.spinwire.link.NeighbourFailure;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.Icmp4;
import io.spinwire.wire.SeqNum;

/**
 * News from below that a peer cannot be reached: ICMP errors, which count only if they name a sequence number in flight
 * (RFC 5927 section 4), and neighbours that do not answer. They end a connection that is being opened; an established
 * one only remembers the reason (RFC 1122 section 4.2.3.9). Engine thread only. Linux: {@code tcp_v4_err()}.
 */
final class IcmpErrors implements TransportErrors, NeighbourFailure {
    private static final int FRAGMENTATION_NEEDED = Icmp4.DESTINATION_UNREACHABLE << 8 | Icmp4.FRAGMENTATION_NEEDED;
    private static final int NET_UNREACHABLE = Icmp4.DESTINATION_UNREACHABLE << 8 | Icmp4.NET_UNREACHABLE;
    private static final int HOST_UNREACHABLE = Icmp4.DESTINATION_UNREACHABLE << 8 | Icmp4.HOST_UNREACHABLE;

    private final TcpTable table;
    private final SockPool socks;
    private final IpOutput ip;
    private final PathMtu pathMtu;
    private final Teardown teardown;
    private final TcpTimers timers;
    private final Counters counters;

    IcmpErrors(TcpTable table, SockPool socks, IpOutput ip, Effects effects, Counters counters) {
        this.table = table;
        this.socks = socks;
        this.ip = ip;
        pathMtu = effects.pathMtu;
        teardown = effects.teardown;
        timers = effects.timers;
        this.counters = counters;
    }

    /** Rooms that carry out what an error asks for. */
    record Effects(PathMtu pathMtu, Teardown teardown, TcpTimers timers) {}

    @Override
    public void onIcmpError(long addressPair, int localPort, int remotePort, int seq, int typeAndCode, int nextHopMtu) {
        final int handle = table.find(addressPair, localPort << 16 | remotePort);
        if (handle == TcpTable.NOT_FOUND || TcpTable.kind(handle) != TcpTable.KIND_SOCK) {
            counters.increment(Counter.IcmpErrorsIgnored);
            return;
        }
        final TcpSock sock = socks.get(TcpTable.index(handle));
        final boolean isInFlight = SeqNum.isAfterOrAt(seq, sock.sndUna) && SeqNum.isBefore(seq, sock.sndNxt);
        final SocketError error = IcmpMeaning.of(typeAndCode >> 8, typeAndCode & 0xFF);
        if (isInFlight && typeAndCode == FRAGMENTATION_NEEDED) {
            pathMtu.onFragmentationNeeded(sock, nextHopMtu, socks.nowNs());
        } else if (isInFlight && error != SocketError.NONE) {
            if (isDisruption(typeAndCode) && seq == sock.sndUna && sock.isSynchronised()) {
                timers.revertBackoff(sock, socks.nowNs());
            }
            report(sock, error);
        } else {
            counters.increment(Counter.IcmpErrorsIgnored);
        }
    }

    /** RFC 6069 section 4: the path is gone and may come back. Of what is lost to congestion nobody tells. */
    private static boolean isDisruption(int typeAndCode) {
        return typeAndCode == NET_UNREACHABLE || typeAndCode == HOST_UNREACHABLE;
    }

    /**
     * A neighbour did not answer any request: who is connecting through it is told, the others wait for their timers.
     */
    @Override
    public void onUnreachable(int nextHop) {
        for (int i = 0; i < socks.made(); i++) {
            final TcpSock sock = socks.get(i);
            if (sock.state == TcpState.SYN_SENT && !ip.isLocal(sock.dst) && ip.nextHop(sock.dst) == nextHop) {
                report(sock, SocketError.EHOSTUNREACH);
            }
        }
    }

    private void report(TcpSock sock, SocketError error) {
        if (sock.isFinished) {
            return; // given up meanwhile
        }
        if (sock.state == TcpState.SYN_SENT || sock.state == TcpState.SYN_RECEIVED) {
            counters.increment(Counter.TcpAttemptFails);
            teardown.finish(sock, error);
        } else {
            sock.setSoftError(error);
            sock.facade.onSoftError(sock);
        }
    }
}
