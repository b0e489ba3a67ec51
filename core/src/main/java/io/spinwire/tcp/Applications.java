package io.spinwire.tcp;

import io.spinwire.api.CloseReason;
import io.spinwire.api.TcpInfo;
import io.spinwire.api.TcpState;
import io.spinwire.queue.DoorbellQueue;
import io.spinwire.queue.TaskQueue;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Where applications on other threads come in: what they ask for is carried out, once a turn. Engine thread, but for
 * what says otherwise.
 */
final class Applications {
    private static final int TASKS = 1024;

    private final SockPool socks;
    private final Teardown teardown;
    private final AckPolicy ackPolicy;
    private final TcpOutput output;
    private final OwedList owed;
    private final OptionChanges changes;
    private final Figures figures;
    private final DoorbellQueue<QueuedSocket> bells;
    private final Counters counters;
    private final TaskQueue tasks = new TaskQueue(TASKS);
    private volatile boolean hasEnded;

    /** @param bells by which sockets of other threads call */
    Applications(
            InlineSocket.Rooms rooms,
            TcpOutput output,
            AckPolicy ackPolicy,
            OwedList owed,
            DoorbellQueue<QueuedSocket> bells,
            Counters counters) {
        socks = rooms.socks();
        teardown = rooms.teardown();
        changes = rooms.options();
        figures = rooms.figures();
        this.ackPolicy = ackPolicy;
        this.output = output;
        this.owed = owed;
        this.bells = bells;
        this.counters = counters;
    }

    /** Any thread: runs {@code task} on the engine thread in a coming turn. False when too many wait. */
    boolean execute(Runnable task) {
        return !hasEnded && tasks.offer(task);
    }

    /** Any thread: whether nothing will be carried out any more. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** The engine is closing: runs the tasks that still wait, and takes no more. */
    void end() {
        hasEnded = true;
        while (!tasks.isEmpty()) {
            final Runnable task = tasks.poll();
            if (task != null) { // else its thread is just putting it in
                task.run();
            }
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
        queued.options.applySwitches(sock);
        if (!sock.isFinished) {
            ackPolicy.onRead(sock);
            if (sock.canSend() || sock.isAckNow || sock.isConnectDeferred) {
                output.queue(sock); // bytes may have been written
            }
        }
        if ((requests & QueuedSocket.DISCONNECT) != 0) {
            disconnect(queued.end);
            return;
        }
        if (requests != 0) {
            carryOut(sock, queued, requests);
        }
        if (sock.isWaitingForRoom || queued.words.isWaitingForRoom() && queued.end.hasRoom()) {
            owed.add(sock);
        }
    }

    /** The application lets go of its connection, and keeps the socket. Linux: {@code tcp_disconnect()}. */
    void disconnect(QueuedEnd end) {
        final TcpSock sock = end.sock;
        if (sock == null) {
            return;
        }
        if (!sock.isFinished) {
            sock.isOrphan = true;
            teardown.abort(sock, CloseReason.ABORTED);
        }
        end.letGo();
        socks.release(sock);
    }

    private void carryOut(TcpSock sock, QueuedSocket queued, int requests) {
        output.readWriteSeq(sock);
        if ((requests & QueuedSocket.OPTIONS) != 0) {
            changes.apply(sock, queued.options.all(), socks.nowNs()); // first: linger says how to close
        }
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
            sock.softError = 0;
        }
        if ((requests & QueuedSocket.INFO) != 0 && sock.state != TcpState.CLOSED) {
            final TcpInfo info = new TcpInfo();
            figures.fill(sock, info, socks.nowNs());
            queued.words.publishInfo(info);
        }
    }
}
