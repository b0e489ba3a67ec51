package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.SocketError;
import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpState;
import io.spinwire.queue.DoorbellQueue;
import io.spinwire.queue.TaskQueue;
import io.spinwire.queue.WriteQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Where applications come in: sockets are made for them, and what those of other threads ask for is carried out, once a
 * turn. Engine thread, but for what says otherwise.
 */
final class Applications implements Acceptance.SocketMaker {
    private static final int TASKS = 1024;
    private static final int SHARED_SEND_BUFFER =
            1 << 18; // a ring of another thread's socket does not grow: begin well
    private static final int LONGEST_CLAIM = 1 << 16;

    private final SockPool socks;
    private final LentQueues queues;
    private final Teardown teardown;
    private final AckPolicy ackPolicy;
    private final ReceiveWindow receiveWindow;
    private final TcpOutput output;
    private final OutputList pending;
    private final OwedList owed;
    private final Counters counters;
    private final InlineSocket.Rooms inlineRooms;
    private final DoorbellQueue<QueuedSocket> bells;
    private final TaskQueue tasks = new TaskQueue(TASKS);
    private final int maxSockets;
    private final NextId ids = new NextId();
    private volatile boolean hasEnded;

    Applications(
            InlineSocket.Rooms rooms,
            AckPolicy ackPolicy,
            ReceiveWindow receiveWindow,
            OwedList owed,
            Counters counters,
            int maxSockets) {
        this.owed = owed;
        this.receiveWindow = receiveWindow;
        inlineRooms = rooms;
        socks = rooms.socks();
        queues = rooms.queues();
        teardown = rooms.teardown();
        output = rooms.output();
        pending = rooms.pending();
        this.ackPolicy = ackPolicy;
        this.counters = counters;
        this.maxSockets = maxSockets;
        bells = new DoorbellQueue<>(2 * maxSockets);
    }

    // ---- Making sockets ----

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
        sock.inlineSocket.open(ids.next());
        sock.facade = sock.inlineSocket;
        return sock.inlineSocket;
    }

    /** Any thread. */
    QueuedSocket newQueued(SocketOptions options) {
        return new QueuedSocket(ids.next(), options, bells);
    }

    /**
     * Ties a socket to the object that another thread holds, and lends it its rings for life. False when memory ran
     * out.
     */
    boolean openQueued(TcpSock sock, QueuedSocket queued) {
        final int sendBuffer = queued.options.sendBuffer() == 0 ? SHARED_SEND_BUFFER : queued.options.sendBuffer();
        final int receiveBuffer = receiveWindow.ringFor(queued.options);
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
        queued.worthTelling = receiveWindow.leastStep(queued.options);
        return true;
    }

    /** Any thread: a poller for one application thread. */
    ReadyPoller newPoller() {
        return new ReadyPoller(2 * maxSockets);
    }

    // ---- What other threads ask for ----

    /** Any thread: runs {@code task} on the engine thread in a coming turn. False when too many wait. */
    boolean execute(Runnable task) {
        return !hasEnded && tasks.offer(task);
    }

    /** The engine is closing: runs the tasks that still wait, and takes no more. */
    void end() {
        hasEnded = true;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Whether another thread asks for something. */
    boolean hasCommands() {
        return !tasks.isEmpty() || !bells.isEmpty();
    }

    /** Carries out tasks and answers doorbells, at most {@code limit}; answers how many. */
    int run(int limit) {
        int count = 0;
        while (count < limit) {
            final Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            task.run();
            count++;
        }
        if (bells.takeOverrun()) {
            answerAll();
        }
        while (count < limit) {
            final QueuedSocket queued = bells.poll();
            if (queued == null) {
                break;
            }
            answer(queued);
            count++;
        }
        return count;
    }

    /** Some bell could not be queued, so any socket may have rung. */
    private void answerAll() {
        for (int i = 0; i < socks.made(); i++) {
            if (socks.get(i).facade instanceof QueuedEnd queued) {
                answer(queued.socket);
            }
        }
    }

    /** Looks after one socket of another thread. Its requests wait while its connection has not begun. */
    void answer(QueuedSocket queued) {
        final TcpSock sock = queued.end.sock;
        if (sock == null) {
            if (queued.end.isFreed && queued.words.takeRequests() != 0) {
                counters.increment(Counter.TcpStaleCommands);
            }
            return;
        }
        final int requests = queued.words.takeRequests();
        queued.applyOptions(sock);
        if (!sock.isFinished) {
            ackPolicy.onRead(sock);
            if (sock.canSend() || sock.isAckNow) {
                pending.add(sock); // bytes may have been written
            }
        }
        if (requests != 0) {
            carryOut(sock, queued, requests);
        }
        if (sock.isWaitingForRoom || queued.words.isWaitingForRoom() && queued.end.hasRoom()) {
            owed.add(sock);
        }
    }

    private void carryOut(TcpSock sock, QueuedSocket queued, int requests) {
        output.readWriteSeq(sock);
        if ((requests & QueuedSocket.ABORT) != 0) {
            sock.isOrphan = true;
            teardown.abort(sock, CloseReason.ABORTED);
        }
        if ((requests & QueuedSocket.CLOSE) != 0) {
            teardown.close(sock, socks.nowNs());
        } else if ((requests & QueuedSocket.SHUTDOWN) != 0) {
            teardown.shutdownOutput(sock);
        }
        sock.isInputShut |= (requests & QueuedSocket.SHUTDOWN_INPUT) != 0;
        if ((requests & QueuedSocket.SOFT_ERROR_TAKEN) != 0) {
            sock.softError = SocketError.NONE;
        }
        if ((requests & QueuedSocket.INFO) != 0 && sock.state != TcpState.CLOSED) {
            final TcpInfo info = new TcpInfo();
            Figures.fill(sock, info, socks.nowNs());
            queued.words.publishInfo(info);
        }
    }
}
