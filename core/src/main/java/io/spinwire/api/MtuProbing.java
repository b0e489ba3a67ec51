package io.spinwire.api;

/** RFC 4821 packetization-layer path MTU discovery. Linux: tcp_mtu_probing. */
public enum MtuProbing {
    /** Never. */
    OFF,

    /** When a path seems to swallow large segments. */
    ON_BLACK_HOLE,

    /** On every connection. */
    ALWAYS
}
