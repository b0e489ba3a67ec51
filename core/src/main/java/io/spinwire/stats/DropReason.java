package io.spinwire.stats;

/**
 * Why a received frame, or a part of one, went no further: every drop in the engine has exactly one of these. Names are
 * those of Linux's {@code enum skb_drop_reason} where one exists.
 */
public enum DropReason {
    FRAME_TOO_SHORT("frame shorter than its Ethernet header"),
    OTHERHOST("frame for another hardware address"),
    VLAN_MISMATCH("frame with a VLAN tag that is not ours, or without one where ours has one"),
    UNHANDLED_PROTO("EtherType or IP protocol that Spinwire does not speak"),
    ARP_INVALID("ARP message that is short, not IPv4 over Ethernet, or has a group address as sender"),
    ARP_NOT_FOR_US("ARP message for another host from a neighbour we do not know"),
    ARP_CONFLICT("ARP message whose sender uses an own address, or our hardware address"),
    NEIGH_QUEUEFULL("packet waiting for ARP, pushed out of its neighbour's full queue"),
    NEIGH_FAILED("packet waiting for ARP when its neighbour was given up"),
    NEIGH_TABLEFULL("packet whose neighbour could not be added to the full table"),
    IP_INHDR("IPv4 header that is short, of another version, or longer than the packet"),
    IP_CSUM("IPv4 header checksum wrong"),
    IP_FRAGMENT("IPv4 fragment (reassembly is not there yet)"),
    IP_INVALID_SOURCE("source address that no host can have: own, broadcast, multicast, loopback or zero"),
    IP_NOT_LOCAL("IPv4 datagram for another address"),
    IP_BROADCAST("IPv4 broadcast or multicast, which TCP must not answer"),
    ICMP_INVALID("ICMP message that is short or has a wrong checksum"),
    ICMP_IGNORED("ICMP message of a type that asks nothing of us"),
    ICMP_RATE_LIMITED("ICMP echo request over the rate limit"),
    ICMP_TX_REFUSED("ICMP echo request whose reply found no free frame, or would not fit the MTU"),
    TCP_HDR("TCP header that is short or longer than the datagram"),
    TCP_CSUM("TCP checksum wrong"),
    TCP_PARTIAL_CSUM("TCP checksum left for hardware to fill in, where that is not accepted"),
    TCP_OPTIONS("TCP options that overrun their space"),
    TCP_FLAGS("flags that mean nothing, such as SYN with FIN or RST, or none at all"),
    TCP_ZERO_PORT("TCP port zero"),
    NO_SOCKET("no connection and no listener for this segment; answered with a reset unless it is one"),
    TCP_LISTEN_OVERFLOW("SYN or handshake ACK that found the accept queue full"),
    TCP_REQUEST_TABLE_FULL("SYN that found the request table full"),
    TCP_SOCKETS_FULL("handshake ACK that found all sockets in use"),
    TCP_NO_ROUTE("SYN from an address to which there is no route"),
    TCP_RFC7323_PAWS("timestamp older than the last one seen"),
    TCP_INVALID_SEQUENCE("segment outside the receive window"),
    TCP_OLD_DATA("data received already"),
    TCP_OVERWINDOW("data beyond the receive window"),
    TCP_ZEROWINDOW("data while the offered window is zero"),
    TCP_OFO_QUEUE_FULL("out-of-order data with too many holes already"),
    TCP_MEMORY("no buffer for in-window data; it was not acknowledged"),
    TCP_RESET("reset with an acceptable sequence number"),
    TCP_INVALID_RST("reset whose sequence number is not the expected one"),
    TCP_INVALID_SYN("SYN on a synchronized connection"),
    TCP_INVALID_ACK("segment that acknowledges what was never sent, or without the ACK flag"),
    TCP_OLD_ACK("acknowledgment older than the largest window ever offered"),
    TCP_ACK_UNSENT_DATA("acknowledgment of data not sent yet"),
    TCP_ABORT_ON_DATA("data after our close"),
    TCP_TIME_WAIT("old segment for a connection in TIME_WAIT"),
    TCP_COOKIE_INVALID("handshake ACK with a SYN cookie that is bad or too old"),
    TCP_DEFER_ACCEPT("handshake ACK without data, for a listener that waits for data"),
    TCP_FASTOPEN("data in a SYN that is not taken: no cookie, a bad one, or the Fast Open queue is full"),
    FQ_FLOW_LIMIT("packet to be sent over its flow's limit in the fq qdisc"),
    FQ_HORIZON_LIMIT("packet to be sent whose departure time is too far ahead for the fq qdisc"),
    TCP_CLOSE("data or FIN beyond the FIN that the peer has sent");

    private static final DropReason[] ALL = values();

    private final String description;

    DropReason(String description) {
        this.description = description;
    }

    /** What was dropped and why, as a phrase. */
    public String description() {
        return description;
    }

    static DropReason[] all() {
        return ALL;
    }
}
