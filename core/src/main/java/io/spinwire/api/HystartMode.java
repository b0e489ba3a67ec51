package io.spinwire.api;

/** When slow start ends before a loss. */
public enum HystartMode {
    /** By the delay of a round trip or by the spacing of its ACKs, as in Linux. */
    LINUX,

    /** HyStart++, RFC 9406: by the delay, with a conservative phase that may resume slow start. */
    PLUSPLUS,

    /** Not before a loss. */
    OFF
}
