package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpSocket;
import io.spinwire.api.TcpState;

/**
 * Begins connections for other threads, the first or another of a socket: the application's half leaves a task, the
 * engine's half carries it out. Linux: {@code tcp_v4_connect()}, {@code tcp_disconnect()}.
 */
final class QueuedConnecting {
    private final Connecting connecting;
    private final SockPool socks;
    private final SocketMaking making;
    private final Applications applications;
    private final OwedList owed;

    QueuedConnecting(
            Connecting connecting, SockPool socks, SocketMaking making, Applications applications, OwedList owed) {
        this.connecting = connecting;
        this.socks = socks;
        this.making = making;
        this.applications = applications;
        this.owed = owed;
    }

    // ---- Any thread ----

    /** A new socket that connects. What goes wrong is found in its close reason. */
    QueuedSocket connect(int local, int remote, int port, SocketOptions options) {
        final QueuedSocket queued = making.newQueued(options);
        queued.end.publish(TcpState.SYN_SENT, CloseReason.NONE);
        if (!applications.execute(() -> begin(queued.end, local, remote, port))) {
            queued.end.fail(SocketError.ENOBUFS);
        }
        return queued;
    }

    /** The socket lets go of its connection and begins another; answers 0, or the code for its application. */
    int connectAgain(QueuedSocket queued, int epoch, int remote, int port) {
        final int local = Connecting.localAddress(queued.options.all());
        final Runnable task = () -> {
            applications.disconnect(queued.end); // if the engine has not heard of it yet
            queued.end.beginAgain(epoch);
            begin(queued.end, local, remote, port);
        };
        if (applications.execute(task)) {
            return 0;
        }
        return applications.hasEnded() ? TcpSocket.CLOSED : TcpSocket.BACK_PRESSURED;
    }

    // ---- Engine thread ----

    private void begin(QueuedEnd end, int local, int remote, int port) {
        final TcpSock sock = socks.allocate();
        if (sock == null) {
            end.fail(SocketError.ENOBUFS);
            return;
        }
        if (!making.openQueued(sock, end.socket)) {
            socks.unallocate(sock);
            end.fail(SocketError.ENOBUFS);
            return;
        }
        connecting.begin(sock, connecting.addressPair(local, remote), port, end.socket.options.all());
        owed.add(sock); // its own address and port are known now
        applications.answer(end.socket); // it may have been closed, or its options changed, before it began
    }
}
