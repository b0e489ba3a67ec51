package io.spinwire.nic;

import org.agrona.MutableDirectBuffer;

/**
 * Where the packet being worked on lies, and where its layers begin: a cursor that is passed from room to room and
 * reused, never a container. Offsets are absolute in {@link #buffer}. One for receiving and one for sending per engine;
 * engine thread only. Linux: {@code struct sk_buff}.
 */
public final class Frame {
    /** The memory that holds the frame; not owned. */
    public MutableDirectBuffer buffer;

    /** Offset of the Ethernet header. Linux: {@code mac_header}. */
    public int macOffset;

    /** Offset of the IP (or ARP) header. Linux: {@code network_header}. */
    public int networkOffset;

    /** Offset of the TCP or ICMP header. Linux: {@code transport_header}. */
    public int transportOffset;

    /** End of the frame, exclusive; after IP input, end of the IP datagram (Ethernet padding cut off). */
    public int limit;

    /** Engine time at which the burst that brought the frame was read, in nanoseconds. */
    public long receivedNs;

    /** Index of the socket that sends the frame, or -1: for hook points only. Linux: {@code skb->sk}. */
    public int sock = -1;

    /** Earliest time at which the frame may leave, 0 for at once; the Fq qdisc keeps it. Linux: {@code skb->tstamp}. */
    public long departureNs;

    /** TOS of the datagram, its two ECN bits included, set by IP on receiving. */
    public int tos;

    /** Unfolded sum of the pseudo-header of the transport protocol, set by IP on receiving. */
    public long pseudoHeaderSum;

    /** Bytes from the transport header to the end. */
    public int transportLength() {
        return limit - transportOffset;
    }

    /** Bytes from the Ethernet header to the end. */
    public int length() {
        return limit - macOffset;
    }
}
