package io.spinwire.api;

/** When connections are opened by SYN cookies (RFC 4987). Linux: tcp_syncookies. */
public enum SynCookieMode {
    /** Never: a SYN that finds the queue full is dropped. */
    OFF,

    /** When the queue of requests is full. */
    WHEN_FULL,

    /** Always: no request is ever kept. */
    ALWAYS
}
