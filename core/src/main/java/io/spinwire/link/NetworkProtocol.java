package io.spinwire.link;

import io.spinwire.nic.Frame;

/** What lies above the link and takes its packets: IPv4, in {@code ip}; and ARP. Linux: {@code ptype_base}. */
@FunctionalInterface
public interface NetworkProtocol {

    /**
     * A packet whose frame was addressed to us or to a group. Lent for the time of this call.
     *
     * @param frame with macOffset, networkOffset, limit (at least networkOffset) and receivedNs set
     */
    void onPacket(Frame frame);
}
