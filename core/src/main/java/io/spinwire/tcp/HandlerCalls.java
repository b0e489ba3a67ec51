package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpState;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import org.agrona.DirectBuffer;

/**
 * The calls into handlers of inline applications, the only way out of the engine on its own thread. A handler that
 * throws has its connection aborted, which is counted. Each call first takes note that it is owed no more, so that what
 * the handler brings about is owed anew. Engine thread only.
 */
final class HandlerCalls {
    private final Teardown teardown;
    private final Counters counters;

    HandlerCalls(Teardown teardown, Counters counters) {
        this.teardown = teardown;
        this.counters = counters;
    }

    /** {@code onConnected}, if it is owed. */
    void connected(TcpSock sock) {
        if (!sock.owesConnected) {
            return;
        }
        sock.owesConnected = false;
        if (sock.isOrphan) {
            return;
        }
        try {
            sock.handler.onConnected(sock.inlineSocket);
        } catch (final Throwable failure) {
            onFailure(sock);
        }
    }

    /** Offers bytes; answers how many were taken. Those that were offered to a handler that threw count as taken. */
    int data(TcpSock sock, DirectBuffer buffer, int offset, int length) {
        try {
            return Math.clamp(sock.handler.onData(sock.inlineSocket, buffer, offset, length), 0, length);
        } catch (final Throwable failure) {
            onFailure(sock);
            return length;
        }
    }

    void writable(TcpSock sock) {
        sock.isWaitingForRoom = false;
        try {
            sock.handler.onWritable(sock.inlineSocket);
        } catch (final Throwable failure) {
            onFailure(sock);
        }
    }

    /** {@code onPeerClosed}, if it is owed and the connection was not cut off since. */
    void peerClosed(TcpSock sock) {
        if (!sock.owesPeerClosed) {
            return;
        }
        sock.owesPeerClosed = false;
        if (sock.isOrphan || sock.isCutOff()) {
            return;
        }
        try {
            sock.handler.onPeerClosed(sock.inlineSocket);
        } catch (final Throwable failure) {
            onFailure(sock);
        }
    }

    /** The last one. */
    void closed(TcpSock sock) {
        sock.owesClosed = false;
        try {
            sock.handler.onClosed(sock.inlineSocket, sock.closeReason);
        } catch (final Throwable failure) {
            onFailure(sock);
        }
        teardown.onClosedTold(sock);
    }

    private void onFailure(TcpSock sock) {
        counters.increment(Counter.TcpHandlerErrors);
        if (!sock.isFinished && sock.state != TcpState.CLOSED) {
            teardown.abort(sock, CloseReason.ABORTED);
        }
    }
}
