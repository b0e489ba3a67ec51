package io.spinwire.api;

/** The order in which frames leave for the NIC. Linux: {@code tc qdisc}. */
public enum QdiscKind {
    /** No queue: frames go straight to the NIC, and who finds its ring full waits. Linux: noqueue. */
    NONE,

    /** One queue, first in, first out. Linux: pfifo. */
    PFIFO,

    /** A queue for every socket, served in turn, and departure times kept. Linux: fq. */
    FQ
}
