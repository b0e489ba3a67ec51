package io.spinwire.api;

/** What a socket does about the MTU of its path. Linux: IP_MTU_DISCOVER. */
public enum PathMtuMode {
    /**
     * Datagrams may not be fragmented, and the MTU follows what routers say; but where a path takes less than 552
     * bytes, they may.
     */
    WANT,

    /** Datagrams may be fragmented on the way; what routers say holds for later ones only. */
    DONT,

    /** As WANT, and never fragmented, however little the path takes. */
    DO,

    /** Datagrams may be fragmented, and the MTU follows what routers say: so Linux has it for TCP. */
    PROBE
}
