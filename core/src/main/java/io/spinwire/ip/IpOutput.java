package io.spinwire.ip;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.link.NeighbourOutput;
import io.spinwire.link.NeighbourTable;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.wire.Ipv4;

/**
 * Sends datagrams: claims room on the way to their destination, and writes the IPv4 header in front of what the
 * transport wrote there. On the way out between TCP and {@link NeighbourOutput}, or {@link LocalDelivery}. Engine
 * thread only; at most one claim is open. Linux: {@code ip_queue_xmit()} and what it calls.
 */
public final class IpOutput {
    /** No way to the destination. */
    public static final long UNREACHABLE = -1;

    private static final long LOCAL = 1L << 62;

    /**
     * RFC 6864 4.1: what is never fragmented needs no identification. Constant, so that a receiver's GRO may merge the
     * segments of one flow whatever is sent between them.
     */
    private static final int IDENTIFICATION = 0;

    private static final int MAX_IDENTIFICATION = 0xFFFF;

    private final RouteTable routes;
    private final PathMtuCache pathMtus = new PathMtuCache();
    private final NeighbourOutput neighbourOutput;
    private final LocalDelivery localDelivery;
    private final Counters counters;
    private final Hooks hooks;
    private int nextIdentification; // of datagrams that may be fragmented

    /** The way out; {@code routes} may still be filled until the engine runs. */
    public IpOutput(
            RouteTable routes,
            NeighbourOutput neighbourOutput,
            LocalDelivery localDelivery,
            Counters counters,
            Hooks hooks) {
        this.routes = routes;
        this.neighbourOutput = neighbourOutput;
        this.localDelivery = localDelivery;
        this.counters = counters;
        this.hooks = hooks;
    }

    /**
     * Finds the way to a destination. It stays good for the life of the engine; ARP is not started yet. Linux:
     * {@code ip_route_output_key()}, and the handle is a {@code dst_entry}.
     *
     * @param destination in network order as int
     * @return a handle for the methods below; or {@link #UNREACHABLE}: no route, no single host's address, or the
     *     neighbour table is full, each of which is counted
     */
    public long route(int destination) {
        if (routes.isLocal(destination)) {
            return LOCAL;
        }
        final int nextHop = routes.nextHop(destination);
        if (nextHop == RouteTable.NO_ROUTE) {
            counters.increment(Counter.IpOutNoRoutes);
            return UNREACHABLE;
        }
        final long reference = neighbourOutput.reference(nextHop);
        return reference == NeighbourTable.NO_REFERENCE ? UNREACHABLE : reference;
    }

    /** Largest IP datagram that leaves this way, in bytes: the link's. */
    public int mtu(long dst) {
        return isLocal(dst) ? localDelivery.mtu() : routes.mtu();
    }

    /** Largest IP datagram that arrives, as far as routers have told. Linux: {@code dst_mtu()}. */
    public int pathMtu(long dst, int destination) {
        return isLocal(dst) ? localDelivery.mtu() : Math.min(routes.mtu(), pathMtus.mtu(destination));
    }

    /** Whether the path takes so little that datagrams are not to be told not to be fragmented. */
    public boolean isPathMtuLocked(int destination) {
        return pathMtus.isLocked(destination);
    }

    /** A router has said that the path takes {@code mtu} bytes, or 0 if it did not know. Linux: ip_rt_update_pmtu(). */
    public void learnPathMtu(long dst, int destination, int mtu, long nowNs) {
        if (!isLocal(dst)) {
            pathMtus.learn(destination, mtu, pathMtu(dst, destination), nowNs);
        }
    }

    /** Changes when any path MTU does. */
    public int pathMtuGeneration() {
        return pathMtus.generation();
    }

    /** Time of the turn: what was learnt does not hold for ever. */
    public void beginTurn(long nowNs) {
        pathMtus.expire(nowNs);
    }

    /** Whether the way leads back to the engine. */
    public boolean isLocal(long dst) {
        return dst == LOCAL;
    }

    /**
     * The neighbour that this way passes, as {@link io.spinwire.link.NeighbourFailure} names it; 0 if the way is local.
     */
    public int nextHop(long dst) {
        return isLocal(dst) ? 0 : NeighbourTable.address(dst);
    }

    /** Time to live of datagrams that ask for none. */
    public int ttl() {
        return routes.ttl();
    }

    /** The own address to talk to a destination from. Linux: {@code inet_select_addr()}. */
    public int source(int destination) {
        return routes.source(destination);
    }

    /** The destination acknowledged something new, so the neighbour is alive. Linux: {@code dst_confirm()}. */
    public void confirm(long dst, long nowNs) {
        if (!isLocal(dst)) {
            neighbourOutput.confirm(dst, nowNs);
        }
    }

    /**
     * Claims room for one segment.
     *
     * @param frame takes buffer, macOffset, networkOffset, transportOffset and limit; sock becomes -1
     * @param dst from {@link #route}, not UNREACHABLE
     * @param transportLength bytes from the transport header on, at most {@link #mtu} - 20; a shorter segment may be
     *     sent by lowering the frame's limit
     * @param isPriority for what must not wait, ACK or RST: may use the reserved frames
     * @return false when the ring is full, which is counted; try again in a later turn
     */
    public boolean claim(Frame frame, long dst, int transportLength, boolean isPriority, long nowNs) {
        final int length = Ipv4.HEADER_LENGTH + transportLength;
        assert dst != UNREACHABLE : "claim without a way";
        assert length <= mtu(dst) : length + " bytes over an mtu of " + mtu(dst);
        final boolean isClaimed = isLocal(dst)
                ? localDelivery.claim(frame, length, isPriority)
                : neighbourOutput.claim(frame, dst, length, isPriority, nowNs);
        if (isClaimed) {
            frame.transportOffset = frame.networkOffset + Ipv4.HEADER_LENGTH;
        }
        return isClaimed;
    }

    /**
     * Sends the TCP segment that lies in the claimed frame. Linux: {@code ip_queue_xmit()}.
     *
     * @param ttl 0 for the engine's
     * @param mayFragment whether routers may cut it in pieces
     */
    public void send(Frame frame, long dst, long addressPair, int tos, int ttl, boolean mayFragment) {
        final int chosen = ttl == 0 ? routes.ttl() : ttl;
        transmit(frame, dst, addressPair, tos, Ipv4.ttlProtocol(chosen, Ipv4.PROTOCOL_TCP), mayFragment);
    }

    /** Sends the ICMP message that lies in the claimed frame. Linux: {@code icmp_push_reply()}. */
    void sendIcmp(Frame frame, long dst, long addressPair, int tos) {
        transmit(frame, dst, addressPair, tos, Ipv4.ttlProtocol(routes.ttl(), Ipv4.PROTOCOL_ICMP), false);
    }

    private void transmit(Frame frame, long dst, long addressPair, int tos, int ttlProtocol, boolean mayFragment) {
        if (Hooks.isOn()) {
            hooks.fire(
                    HookPoint.queue_xmit, frame.sock, 0, frame.buffer, frame.transportOffset, frame.transportLength());
        }
        final int network = frame.networkOffset;
        Ipv4.put(frame.buffer, network, tos, frame.limit - network, IDENTIFICATION, ttlProtocol);
        if (mayFragment) {
            Ipv4.allowFragments(frame.buffer, network, nextIdentification++ & MAX_IDENTIFICATION);
        }
        Ipv4.seal(frame.buffer, network, AddressPair.local(addressPair), AddressPair.remote(addressPair));
        counters.increment(Counter.IpOutRequests);
        if (Hooks.isOn()) {
            fire(HookPoint.ip_local_out, frame);
            fire(HookPoint.ip_output, frame);
            fire(HookPoint.ip_finish_output, frame);
            fire(HookPoint.ip_finish_output2, frame);
        }
        if (isLocal(dst)) {
            localDelivery.commit(frame);
        } else {
            neighbourOutput.commit(frame);
        }
    }

    /** Gives the claimed frame back unsent. */
    public void abort(Frame frame) {
        if (localDelivery.isHolding(frame)) {
            localDelivery.abort();
        } else {
            neighbourOutput.abort(frame);
        }
    }

    /** Unfolded sum of the pseudo-header of a segment to be sent. */
    public long pseudoHeaderSum(long addressPair, int protocol, int transportLength) {
        return Ipv4.pseudoHeaderSum(
                AddressPair.local(addressPair), AddressPair.remote(addressPair), protocol, transportLength);
    }

    private void fire(HookPoint point, Frame frame) {
        final int network = frame.networkOffset;
        hooks.fire(point, frame.sock, 0, frame.buffer, network, frame.limit - network);
    }
}
