package io.spinwire.ip;

import io.spinwire.nic.Frame;

/** What lies above IP and takes its datagrams: one implementation, in {@code tcp}. Linux: {@code inet_protos}. */
@FunctionalInterface
public interface TransportProtocol {

    /**
     * A datagram for an own address, its IP header checked. The frame is lent for the time of this call.
     *
     * @param frame with transportOffset, limit (at least transportOffset), pseudoHeaderSum and receivedNs set
     * @param addressPair own address and sender, see {@link AddressPair}
     */
    void onSegment(Frame frame, long addressPair);
}
