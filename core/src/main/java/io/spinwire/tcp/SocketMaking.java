package io.spinwire.tcp;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.queue.DoorbellQueue;
import io.spinwire.queue.WriteQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/** Makes what applications hold, and ties it to connections. Engine thread, but for what says otherwise. */
final class SocketMaking implements Acceptance.SocketMaker {
    private static final int LONGEST_CLAIM = 1 << 16;

    private final SockPool socks;
    private final LentQueues queues;
    private final ReceiveWindow receiveWindow;
    private final InlineSocket.Rooms inlineRooms;
    private final DoorbellQueue<QueuedSocket> bells;
    private final Counters counters;
    private final QueuedSocket.Connector connector;

    /** @param bells by which sockets of other threads call the engine */
    SocketMaking(
            LentQueues queues,
            ReceiveWindow receiveWindow,
            InlineSocket.Rooms rooms,
            QueuedSocket.Connector connector,
            DoorbellQueue<QueuedSocket> bells,
            Counters counters) {
        this.connector = connector;
        this.queues = queues;
        this.receiveWindow = receiveWindow;
        inlineRooms = rooms;
        this.bells = bells;
        this.counters = counters;
        socks = rooms.socks();
    }

    @Override
    public TcpSock newSock(Listener listener) {
        final TcpSock sock = socks.allocate();
        if (sock == null) {
            return null;
        }
        if (listener.handler != null) {
            openInline(sock, listener.handler);
            return sock;
        }
        final QueuedSocket queued = newQueued(listener.options);
        if (!openQueued(sock, queued)) {
            socks.unallocate(sock);
            counters.increment(Counter.TcpMemoryPressures);
            return null;
        }
        return sock;
    }

    /** Makes the application's object for a socket, or uses the one that it had before. */
    InlineSocket openInline(TcpSock sock, TcpHandler handler) {
        sock.handler = handler;
        if (sock.inlineSocket == null) {
            sock.inlineSocket = new InlineSocket(sock, inlineRooms);
        }
        sock.inlineSocket.open(inlineRooms.ids().next());
        sock.facade = sock.inlineSocket;
        return sock.inlineSocket;
    }

    /** Any thread. */
    QueuedSocket newQueued(SocketOptions options) {
        return new QueuedSocket(options, inlineRooms.options(), connector, bells);
    }

    /**
     * Ties a socket to the object that another thread holds, and lends it its rings for life. False when memory ran
     * out.
     */
    boolean openQueued(TcpSock sock, QueuedSocket queued) {
        final int sendBuffer = queues.sendRing(queued.options.all().sendBuffer());
        final int receiveBuffer = receiveWindow.ringFor(queued.options.all());
        final WriteQueue writeQueue = queued.writeQueue;
        if (!writeQueue.borrowShared(queues.slabs(), sendBuffer, Math.min(LONGEST_CLAIM, sendBuffer))) {
            return false;
        }
        if (!queued.receiveQueue.borrow(queues.slabs(), receiveBuffer)) {
            writeQueue.reset();
            return false;
        }
        sock.facade = queued.end;
        sock.writeQueue = writeQueue;
        sock.receiveQueue = queued.receiveQueue;
        queued.end.sock = sock;
        queued.worthTelling = receiveWindow.leastStep(queued.options.all());
        return true;
    }
}
