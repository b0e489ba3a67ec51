package io.spinwire.stats;

/**
 * Everything the engine counts besides drops (see {@link DropReason}). Names are those of Linux's SNMP and TcpExt
 * tables where one exists; a counter goes up by one an event unless its text says otherwise. One slot each in
 * {@link Counters}; the engine thread writes, anyone reads.
 */
public enum Counter {
    LinkInFrames("frames received from the NIC"),
    LinkOutFrames("frames handed to the NIC"),
    LinkInBytes("bytes received from the NIC, Ethernet header included"),
    LinkOutBytes("bytes handed to the NIC, Ethernet header included"),
    LinkTxRefused("claims of a transmit frame that the NIC refused because its ring was full"),
    ArpInRequests("ARP requests received for an own address"),
    ArpInReplies("ARP replies received"),
    ArpOutRequests("ARP requests sent"),
    ArpOutReplies("ARP replies sent"),
    ArpGratuitous("gratuitous ARP announcements received"),
    ArpUnresolved("neighbours given up after all request retries"),
    NeighbourTableOverflows("neighbours not added because the table was full"),
    IpInReceives("IPv4 datagrams received"),
    IpInDelivers("IPv4 datagrams delivered to a transport protocol"),
    IpOutRequests("IPv4 datagrams that a transport protocol asked to send"),
    IpOutNoRoutes("IPv4 datagrams not sent for want of a route"),
    IpInOptions("IPv4 datagrams received with options, which are skipped"),
    IpLocalDelivered("IPv4 datagrams delivered from the engine to itself"),
    IpLocalRefused("claims of a loop-back frame refused because its queue was full"),
    IcmpInMsgs("ICMP messages received"),
    IcmpInEchos("ICMP echo requests received"),
    IcmpInDestUnreachs("ICMP destination-unreachable messages received"),
    IcmpOutEchoReps("ICMP echo replies sent"),
    IcmpRateLimited("ICMP replies not sent because of the rate limit"),
    IcmpErrorsIgnored("ICMP errors that named no connection, or a sequence number that is not in flight"),
    TcpActiveOpens("connections begun by connect"),
    TcpPassiveOpens("connections accepted from a listener"),
    TcpAttemptFails("connections that failed before they were established"),
    TcpEstabResets("established connections ended by a reset"),
    TcpInSegs("segments received, those in error included"),
    TcpOutSegs("segments sent, retransmissions excluded"),
    TcpRetransSegs("segments retransmitted"),
    TcpOutRsts("resets sent"),
    TcpListenOverflows("connections refused because the accept queue was full"),
    TcpReqQFullDrop("connection requests dropped because the request table was full"),
    TcpSocketsFull("connections refused because all sockets were in use"),
    TcpTimeouts("retransmission timeouts"),
    TcpFastRetrans("fast retransmissions"),
    TcpSlowStartRetrans("retransmissions in slow start after a timeout"),
    TcpRenoRecovery("fast recoveries entered on duplicate ACKs"),
    TcpRenoRecoveryFail("timeouts during fast recovery"),
    TcpHPHits("data segments that took the fast path"),
    TcpPureAcks("ACKs without data that took the slow path"),
    TcpHPAcks("ACKs without data that took the fast path"),
    TcpDelayedAcks("delayed ACKs sent by their timer"),
    TcpOFOQueue("segments put in the out-of-order queue"),
    TcpOFOMerge("out-of-order segments that were received already in part"),
    TcpChallengeACK("challenge ACKs sent (RFC 5961)"),
    TcpSkippedAcks("answers to out-of-window segments not sent because of the rate limit"),
    TcpAbortOnData("connections reset because data came after close"),
    TcpAbortOnClose("connections reset by a close with data unread"),
    TcpAbortOnTimeout("connections given up after all retries"),
    TcpAbortOnLinger("connections reset after the linger time"),
    TcpKeepAlive("keepalive probes sent"),
    TcpWinProbe("zero-window probes sent"),
    TcpToZeroWindowAdv("times the offered window became zero"),
    TcpFromZeroWindowAdv("times the offered window became open again"),
    TcpTimeWaited("connections that passed through TIME_WAIT and ended by its timer"),
    TcpTimeWaitRecycled("TIME_WAIT connections reused by a newer SYN"),
    TcpTimeWaitOverflow("connections closed without TIME_WAIT because the table was full"),
    TcpOrphanRetries("connections given up after close for want of an answer"),
    TcpMemoryPressures("times no buffer could be had and the offered window went to zero"),
    TcpPartialChecksums("segments whose checksum was left for hardware to fill in (a veth peer's offload)"),
    TcpHandlerErrors("connections aborted because their handler threw"),
    TcpStaleCommands("commands for a socket that was freed already"),
    TcpPortsExhausted("connects refused because no local port was free"),
    TcpSimultaneousOpens("connections opened by both sides at once"),
    EngineTurns("turns of doWork"),
    EngineLongestTurnNs("longest turn so far, in nanoseconds, measured from its start to the next"),
    EngineSocketsInUse("gauge: sockets open or closing"),
    EngineRequestsInUse("gauge: connection requests waiting for the third segment of their handshake"),
    EngineTimeWaitInUse("gauge: connections in TIME_WAIT"),
    EngineTimersInUse("gauge: sockets with a timer running"),
    EngineSlabBytesInUse("gauge: bytes of buffers lent to sockets"),
    EngineNeighboursInUse("gauge: entries in the neighbour table");

    private static final Counter[] ALL = values();

    private final String description;

    Counter(String description) {
        this.description = description;
    }

    /** What is counted, as a phrase. */
    public String description() {
        return description;
    }

    /** A gauge goes up and down; everything else only grows. */
    public boolean isGauge() {
        return description.startsWith("gauge:");
    }

    static Counter[] all() {
        return ALL;
    }
}
