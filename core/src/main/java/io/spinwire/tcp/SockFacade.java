package io.spinwire.tcp;

import io.spinwire.api.TcpSocket;

/** What the engine's rooms may do to the object that an application holds. Two kinds: inline, and of another thread. */
abstract class SockFacade implements TcpSocket {

    /** State or close reason of the connection changed; bytes arrived; room was freed. Engine thread. */
    abstract void publish(TcpSock sock);

    /** An error that does not end the connection was heard of. Engine thread. */
    abstract void onSoftError(TcpSock sock);

    /** The socket is freed: nothing of it may be used any more. Engine thread. */
    abstract void onFreed(TcpSock sock);
}
