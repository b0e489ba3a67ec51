package io.spinwire.link;

import io.spinwire.wire.Arp;
import io.spinwire.wire.Ethernet;
import org.agrona.concurrent.UnsafeBuffer;

/** What an ARP frame sent says, for comparing. */
record ArpFrame(int operation, long destination, long senderMac, int sender, long targetMac, int target) {

    static ArpFrame of(byte[] frame) {
        final UnsafeBuffer buffer = new UnsafeBuffer(frame);
        if (frame.length != 42
                || Ethernet.type(buffer, 0) != Ethernet.TYPE_ARP
                || !Arp.isIpv4OverEthernet(buffer, 14)) {
            throw new AssertionError("no ARP frame of 42 bytes");
        }
        return new ArpFrame(
                Arp.operation(buffer, 14),
                Ethernet.destination(buffer, 0),
                Arp.senderMac(buffer, 14),
                Arp.senderAddress(buffer, 14),
                Arp.targetMac(buffer, 14),
                Arp.targetAddress(buffer, 14));
    }

    static ArpFrame request(int target) {
        return new ArpFrame(Arp.REQUEST, Ethernet.BROADCAST, LinkRig.OWN_MAC, LinkRig.OWN, 0, target);
    }

    static ArpFrame probe(long mac, int target) {
        return new ArpFrame(Arp.REQUEST, mac, LinkRig.OWN_MAC, LinkRig.OWN, 0, target);
    }

    static ArpFrame reply(long targetMac, int target) {
        return new ArpFrame(Arp.REPLY, targetMac, LinkRig.OWN_MAC, LinkRig.OWN, targetMac, target);
    }
}
