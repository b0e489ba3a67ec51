package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;

/**
 * Receives ARP: answers requests for own addresses, and tells the neighbour table what others say of themselves. Only
 * who asks for us is added to the table; all else changes existing entries at most (Linux: arp_accept 0). RFC 826;
 * probes as in RFC 5227. On the way in after {@link EthernetInput}; engine thread only. Linux: {@code arp_rcv()},
 * {@code arp_process()}.
 */
public final class ArpInput implements NetworkProtocol {
    /** The sender of a probe has no address yet, RFC 5227 1.1. */
    private static final int NO_ADDRESS = 0;

    private static final long NO_MAC = 0;

    private final LocalAddresses local;
    private final NeighbourTable neighbours;
    private final ArpOutput output;
    private final long mac;
    private final Drops drops;
    private final Counters counters;

    /** Answers for {@code local}, whose hardware address is {@code mac}, through {@code output}. */
    public ArpInput(
            LocalAddresses local,
            NeighbourTable neighbours,
            ArpOutput output,
            long mac,
            Drops drops,
            Counters counters) {
        this.local = local;
        this.neighbours = neighbours;
        this.output = output;
        this.mac = mac;
        this.drops = drops;
        this.counters = counters;
    }

    @Override
    public void onPacket(Frame frame) {
        if (!isValid(frame)) {
            drop(frame, DropReason.ARP_INVALID);
            return;
        }
        final int sender = Arp.senderAddress(frame.buffer, frame.networkOffset);
        if (local.contains(sender) || Arp.senderMac(frame.buffer, frame.networkOffset) == mac) {
            // RFC 5227 2.4 (c): keep the address, and do not defend it.
            drop(frame, DropReason.ARP_CONFLICT);
        } else if (isRequest(frame) && local.contains(Arp.targetAddress(frame.buffer, frame.networkOffset))) {
            onRequestForUs(frame, sender);
        } else {
            onNews(frame, sender);
        }
    }

    private boolean isValid(Frame frame) {
        if (frame.limit - frame.networkOffset < Arp.LENGTH
                || !Arp.isIpv4OverEthernet(frame.buffer, frame.networkOffset)) {
            return false;
        }
        final int operation = Arp.operation(frame.buffer, frame.networkOffset);
        final long senderMac = Arp.senderMac(frame.buffer, frame.networkOffset);
        final int sender = Arp.senderAddress(frame.buffer, frame.networkOffset);
        return (operation == Arp.REQUEST || operation == Arp.REPLY)
                && senderMac != NO_MAC
                && !Ethernet.isGroup(senderMac)
                && (local.isUnicast(sender) || sender == NO_ADDRESS);
    }

    private void onRequestForUs(Frame frame, int sender) {
        final long senderMac = Arp.senderMac(frame.buffer, frame.networkOffset);
        counters.increment(Counter.ArpInRequests);
        if (sender != NO_ADDRESS && local.isOnLink(sender)) {
            final int index = neighbours.findOrAdd(sender, frame.receivedNs);
            if (index != NeighbourEntries.ABSENT) {
                neighbours.update(index, senderMac, NeighbourEntries.STALE, true, frame.receivedNs);
            }
        }
        output.reply(Arp.targetAddress(frame.buffer, frame.networkOffset), senderMac, sender);
    }

    private void onNews(Frame frame, int sender) {
        final boolean isReply = !isRequest(frame);
        final boolean isGratuitous = Arp.targetAddress(frame.buffer, frame.networkOffset) == sender;
        if (isReply) {
            counters.increment(Counter.ArpInReplies);
        }
        if (isGratuitous) {
            counters.increment(Counter.ArpGratuitous);
        }
        final int index = neighbours.find(sender);
        if (index == NeighbourEntries.ABSENT) {
            drop(frame, DropReason.ARP_NOT_FOR_US);
            return;
        }
        final boolean isToUs = Ethernet.destination(frame.buffer, frame.macOffset) == mac;
        final int state = isReply && isToUs ? NeighbourEntries.REACHABLE : NeighbourEntries.STALE;
        final boolean isOverriding = isGratuitous || !neighbours.isLocked(index, frame.receivedNs);
        neighbours.update(
                index, Arp.senderMac(frame.buffer, frame.networkOffset), state, isOverriding, frame.receivedNs);
    }

    private static boolean isRequest(Frame frame) {
        return Arp.operation(frame.buffer, frame.networkOffset) == Arp.REQUEST;
    }

    private void drop(Frame frame, DropReason reason) {
        drops.drop(reason, -1, frame.buffer, frame.networkOffset, frame.limit - frame.networkOffset);
    }
}
