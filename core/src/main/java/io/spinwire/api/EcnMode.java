package io.spinwire.api;

/** RFC 3168 explicit congestion notification of an engine. Linux: tcp_ecn. */
public enum EcnMode {
    /** Neither asked for nor accepted. */
    OFF,

    /** Asked for in every SYN, and accepted. */
    REQUEST,

    /** Accepted when the peer asks for it. */
    ACCEPT
}
