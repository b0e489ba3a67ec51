package io.spinwire.ip;

import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.link.LocalAddresses;
import io.spinwire.link.NetworkProtocol;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;

/**
 * Receives IPv4 datagrams from {@link io.spinwire.link.EthernetInput} or {@link LocalDelivery}, checks header and
 * addresses once, and hands what is whole and for us to TCP or ICMP, which never see a broadcast. Engine thread only.
 * Linux: {@code ip_rcv()}, {@code ip_local_deliver()}.
 */
public final class IpInput implements NetworkProtocol {
    private static final int VERSION = 4;

    /** By the two ECN bits; what has none is counted as the rest, by {@link #publishGauges}. */
    private static final Counter[] ECN_COUNTERS = {
        Counter.IpInNoECTPkts, Counter.IpInECT1Pkts, Counter.IpInECT0Pkts, Counter.IpInCEPkts
    };

    private final LocalAddresses local;
    private final TransportProtocol tcp;
    private final Icmp icmp;
    private final Drops drops;
    private final Counters counters;
    private final Hooks hooks;
    private long soundPair; // the pair that was last found to be one of a peer and of ourselves; 0 is none

    /**
     * The way in.
     *
     * @param tcp takes the segments
     * @param icmp takes the ICMP messages
     */
    public IpInput(
            LocalAddresses local, TransportProtocol tcp, Icmp icmp, Drops drops, Counters counters, Hooks hooks) {
        this.local = local;
        this.tcp = tcp;
        this.icmp = icmp;
        this.drops = drops;
        this.counters = counters;
        this.hooks = hooks;
    }

    /** A datagram from the link. Linux: {@code ip_rcv()}. */
    @Override
    public void onPacket(Frame frame) {
        if (!isAccepted(frame)) {
            return;
        }
        final int source = Ipv4.source(frame.buffer, frame.networkOffset);
        final int destination = Ipv4.destination(frame.buffer, frame.networkOffset);
        final long addressPair = AddressPair.of(destination, source);
        if (addressPair != soundPair && !areSound(frame, source, destination)) {
            return;
        }
        soundPair = addressPair; // addresses do not change while an engine lives
        if (Ethernet.isGroup(Ethernet.destination(frame.buffer, frame.macOffset))) {
            drop(frame, DropReason.IP_BROADCAST); // RFC 1122 3.3.6: one host's address in a broadcast frame
        } else {
            localDeliver(frame, addressPair);
        }
    }

    private boolean areSound(Frame frame, int source, int destination) {
        if (!local.isUnicast(source) || local.contains(source)) {
            // RFC 1122 3.2.1.3; an own address here is a "land" attack
            return reject(frame, DropReason.IP_INVALID_SOURCE);
        }
        if (!local.contains(destination)) {
            final boolean isGroup = LocalAddresses.isMulticast(destination) || local.isBroadcast(destination);
            return reject(frame, isGroup ? DropReason.IP_BROADCAST : DropReason.IP_NOT_LOCAL);
        }
        return true;
    }

    /** A datagram from ourselves; its source is an own address. */
    void onLoopback(Frame frame) {
        if (isAccepted(frame)) {
            final int source = Ipv4.source(frame.buffer, frame.networkOffset);
            localDeliver(frame, AddressPair.of(Ipv4.destination(frame.buffer, frame.networkOffset), source));
        }
    }

    /**
     * Checks all of the header but the addresses, and cuts off what follows the datagram, as Ethernet's padding does.
     */
    private boolean isAccepted(Frame frame) {
        final int network = frame.networkOffset;
        final int available = frame.limit - network;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.ip_rcv, -1, 0, frame.buffer, network, available);
        }
        counters.increment(Counter.IpInReceives);
        if (available < Ipv4.HEADER_LENGTH) {
            return reject(frame, DropReason.IP_INHDR);
        }
        final int headerLength = Ipv4.headerLength(frame.buffer, network);
        final int totalLength = Ipv4.totalLength(frame.buffer, network);
        if (Ipv4.version(frame.buffer, network) != VERSION
                || headerLength < Ipv4.HEADER_LENGTH
                || totalLength < headerLength
                || totalLength > available) {
            return reject(frame, DropReason.IP_INHDR);
        }
        if (!Ipv4.isChecksumValid(frame.buffer, network, headerLength)) {
            return reject(frame, DropReason.IP_CSUM);
        }
        if (Ipv4.isFragment(frame.buffer, network)) {
            return reject(frame, DropReason.IP_FRAGMENT);
        }
        if (headerLength > Ipv4.HEADER_LENGTH) {
            counters.increment(Counter.IpInOptions);
        }
        frame.tos = Ipv4.tos(frame.buffer, network);
        if ((frame.tos & Ipv4.ECN_MASK) != 0) {
            counters.increment(ECN_COUNTERS[frame.tos & Ipv4.ECN_MASK]);
        }
        frame.transportOffset = network + headerLength;
        frame.limit = network + totalLength;
        return true;
    }

    /** Linux: {@code ip_local_deliver()}, {@code ip_protocol_deliver_rcu()}. */
    private void localDeliver(Frame frame, long addressPair) {
        if (Hooks.isOn()) {
            final int network = frame.networkOffset;
            hooks.fire(HookPoint.ip_local_deliver, -1, 0, frame.buffer, network, frame.limit - network);
        }
        final int protocol = Ipv4.protocol(frame.buffer, frame.networkOffset);
        if (protocol == Ipv4.PROTOCOL_TCP) {
            counters.increment(Counter.IpInDelivers);
            frame.pseudoHeaderSum = Ipv4.pseudoHeaderSum(
                    AddressPair.remote(addressPair), AddressPair.local(addressPair), protocol, frame.transportLength());
            tcp.onSegment(frame, addressPair);
        } else if (protocol == Ipv4.PROTOCOL_ICMP) {
            counters.increment(Counter.IpInDelivers);
            icmp.onMessage(frame, addressPair);
        } else {
            drop(frame, DropReason.UNHANDLED_PROTO);
        }
    }

    /** Counts what need not be counted with each packet. Linux: IPSTATS_MIB_NOECTPKTS. */
    public void publishGauges() {
        final long refused = counters.get(DropReason.IP_INHDR)
                + counters.get(DropReason.IP_CSUM)
                + counters.get(DropReason.IP_FRAGMENT);
        final long marked = counters.get(Counter.IpInECT0Pkts)
                + counters.get(Counter.IpInECT1Pkts)
                + counters.get(Counter.IpInCEPkts);
        counters.set(Counter.IpInNoECTPkts, counters.get(Counter.IpInReceives) - refused - marked);
    }

    private boolean reject(Frame frame, DropReason reason) {
        drop(frame, reason);
        return false;
    }

    private void drop(Frame frame, DropReason reason) {
        drops.drop(reason, -1, frame.buffer, frame.networkOffset, frame.limit - frame.networkOffset);
    }
}
