package io.spinwire.api;

/** What became of a {@link TcpSocket#setOption}. */
public enum OptionResult {
    /** It holds from now on. */
    SET,

    /** The value is not allowed: see {@link SocketOptions}. Linux: EINVAL. */
    OUT_OF_RANGE,

    /** It cannot be changed any more, or not on a socket of this kind; nothing has changed. Linux: ENOPROTOOPT. */
    UNSUPPORTED,

    /** The socket was closed. Linux: EBADF. */
    CLOSED
}
