package io.spinwire.tcp;

/**
 * What the engine's rooms tell the holder of a connection. Two kinds: an {@link InlineSocket}, and a {@link QueuedEnd}
 * for another thread. Engine thread only.
 */
interface SockEnd {

    /** State or close reason of the connection changed; bytes arrived; room was freed. */
    void publish(TcpSock sock);

    /** An error that does not end the connection was heard of. */
    void onSoftError(TcpSock sock);

    /** Whether the application has found no room, and waits to be told. */
    boolean isWaitingForRoom(TcpSock sock);

    /** The socket is freed: nothing of it may be used any more. */
    void onFreed(TcpSock sock);
}
