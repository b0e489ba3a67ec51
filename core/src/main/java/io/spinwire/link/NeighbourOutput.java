package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.stats.DropReason;

/**
 * Puts the neighbour's ready Ethernet header before a packet and sends it on to {@link EthernetOutput}. While the
 * hardware address is not known, packets are written into the pending pool instead of the NIC. At most one claim is
 * open. Engine thread only. Linux: {@code neigh_output()}.
 */
public final class NeighbourOutput {
    private final NeighbourTable neighbours;
    private final PendingPackets pending;
    private final EthernetOutput output;
    private final int headerLength;
    private final Drops drops;
    private final Hooks hooks;
    private int claimedIndex; // neighbour of the open claim

    /** The way out through {@code neighbours}, which were made with the same {@code pending} and {@code header}. */
    public NeighbourOutput(
            NeighbourTable neighbours,
            PendingPackets pending,
            EthernetOutput output,
            EthernetHeader header,
            Drops drops,
            Hooks hooks) {
        this.neighbours = neighbours;
        this.pending = pending;
        this.output = output;
        this.headerLength = header.length();
        this.drops = drops;
        this.hooks = hooks;
    }

    /** See {@link NeighbourTable#reference}. */
    public long reference(int nextHop) {
        return neighbours.reference(nextHop);
    }

    /** See {@link NeighbourTable#confirm}. */
    public void confirm(long reference, long nowNs) {
        neighbours.confirm(reference, nowNs);
    }

    /**
     * Claims room for a packet.
     *
     * @param frame takes buffer, macOffset, networkOffset and limit
     * @param reference of the neighbour, see {@link NeighbourTable#reference}
     * @param length bytes from the network header on
     * @param isPriority whether the reserved frames may be used
     * @return false when the ring is full
     */
    public boolean claim(Frame frame, long reference, int length, boolean isPriority, long nowNs) {
        final int index = neighbours.indexForSending(reference, nowNs);
        claimedIndex = index;
        if (index == NeighbourEntries.ABSENT || neighbours.isUnresolved(index)) {
            pending.claim(frame, length);
            return true;
        }
        if (!neighbours.isDrained(index) || !output.claim(frame, headerLength + length, isPriority)) {
            return false;
        }
        frame.networkOffset = frame.macOffset + headerLength;
        return true;
    }

    /** Sends the claimed packet, or lets it wait for its neighbour's hardware address. */
    public void commit(Frame frame) {
        if (Hooks.isOn()) {
            final int length = frame.limit - frame.networkOffset;
            hooks.fire(HookPoint.neigh_output, frame.sock, claimedIndex, frame.buffer, frame.networkOffset, length);
        }
        if (!pending.isHolding(frame)) {
            neighbours.putHeader(claimedIndex, frame);
            output.queueXmit(frame);
        } else if (claimedIndex != NeighbourEntries.ABSENT) {
            pending.commit(frame, claimedIndex);
            neighbours.solicit(claimedIndex);
        } else {
            final int length = frame.limit - frame.networkOffset;
            drops.drop(DropReason.NEIGH_TABLEFULL, frame.sock, frame.buffer, frame.networkOffset, length);
            pending.abort();
        }
    }

    /** Gives the claim back. */
    public void abort(Frame frame) {
        if (pending.isHolding(frame)) {
            pending.abort();
        } else {
            output.abort(frame);
        }
    }
}
