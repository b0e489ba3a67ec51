package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.nic.FrameHandler;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import org.agrona.MutableDirectBuffer;

/**
 * The door: every received frame enters here from the NIC and goes on to ARP or IP. Takes frames to the own hardware
 * address or to a group, of the own VLAN. No bytes make it or anything above it throw. Engine thread only. Linux:
 * {@code netif_receive_skb()}.
 */
public final class EthernetInput implements FrameHandler {
    private static final int TAGGED_LENGTH = Ethernet.HEADER_LENGTH + Ethernet.VLAN_TAG_LENGTH;

    private final EthernetHeader header;
    private final NetworkProtocol arp;
    private final NetworkProtocol ip;
    private final Drops drops;
    private final Counters counters;
    private final Hooks hooks;
    private final Frame frame = new Frame();

    /**
     * The door.
     *
     * @param header own hardware address and VLAN
     * @param arp takes the ARP messages
     * @param ip takes the IPv4 datagrams
     */
    public EthernetInput(
            EthernetHeader header,
            NetworkProtocol arp,
            NetworkProtocol ip,
            Drops drops,
            Counters counters,
            Hooks hooks) {
        this.header = header;
        this.arp = arp;
        this.ip = ip;
        this.drops = drops;
        this.counters = counters;
        this.hooks = hooks;
    }

    /** The frames that come next were received at this time. */
    public void beginBurst(long nowNs) {
        frame.receivedNs = nowNs;
    }

    @Override
    public void onFrame(MutableDirectBuffer buffer, int offset, int length) {
        frame.buffer = buffer;
        frame.macOffset = offset;
        frame.networkOffset = offset + Ethernet.HEADER_LENGTH;
        frame.limit = offset + length;
        frame.sock = -1;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.netif_receive_skb, -1, 0, buffer, offset, length);
        }
        counters.increment(Counter.LinkInFrames);
        counters.add(Counter.LinkInBytes, length);
        if (length < Ethernet.HEADER_LENGTH) {
            drop(DropReason.FRAME_TOO_SHORT);
            return;
        }
        final long destination = Ethernet.destination(buffer, offset);
        if (destination != header.mac() && !Ethernet.isGroup(destination)) {
            drop(DropReason.OTHERHOST);
            return;
        }
        final int type = Ethernet.type(buffer, offset);
        if (type == Ethernet.TYPE_VLAN) {
            onTagged();
        } else if (header.vlanId() == 0) {
            dispatch(type);
        } else {
            drop(DropReason.VLAN_MISMATCH);
        }
    }

    /** With no VLAN of our own, a tag of VLAN 0 says only a priority, IEEE 802.1Q 6.9.1. */
    private void onTagged() {
        if (frame.length() < TAGGED_LENGTH) {
            drop(DropReason.FRAME_TOO_SHORT);
        } else if (Ethernet.vlanId(frame.buffer, frame.macOffset) != header.vlanId()) {
            drop(DropReason.VLAN_MISMATCH);
        } else {
            frame.networkOffset += Ethernet.VLAN_TAG_LENGTH;
            dispatch(Ethernet.vlanInnerType(frame.buffer, frame.macOffset));
        }
    }

    private void dispatch(int type) {
        if (type == Ethernet.TYPE_IPV4) {
            ip.onPacket(frame);
        } else if (type == Ethernet.TYPE_ARP) {
            arp.onPacket(frame);
        } else {
            drop(DropReason.UNHANDLED_PROTO);
        }
    }

    private void drop(DropReason reason) {
        drops.drop(reason, -1, frame.buffer, frame.macOffset, frame.length());
    }
}
