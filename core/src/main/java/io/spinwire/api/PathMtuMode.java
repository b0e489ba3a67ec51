package io.spinwire.api;

/** What a socket does about the MTU of its path. Linux: IP_MTU_DISCOVER. */
public enum PathMtuMode {
    /** Datagrams may not be fragmented, and the MTU follows what routers say. */
    WANT,

    /** Datagrams may be fragmented on the way. */
    DONT,

    /** As WANT; Linux tells them apart for datagram sockets only. */
    DO,

    /** Datagrams may not be fragmented, and what routers say is ignored. */
    PROBE
}
