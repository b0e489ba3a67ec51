package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.queue.OutOfOrderQueue;
import io.spinwire.queue.ReceiveQueue;
import io.spinwire.queue.RtxQueue;
import io.spinwire.queue.SlabPool;
import io.spinwire.queue.WriteQueue;
import java.util.ArrayDeque;

/**
 * Lends queues to inline sockets while there is something in them, so that an idle connection holds none. Pools grow to
 * the number in use at once and stay so. Sockets of other threads bring their own send and receive queues. Engine
 * thread only.
 */
final class LentQueues {
    /** Holes of a receive window; Linux has no such limit but its memory. */
    private static final int MAX_HOLES = 128;

    private static final int MAX_RECORDS = 1 << 20;

    /** Holds the payload of any frame. */
    private static final int SPARE_LENGTH = 1 << 16;

    private static final int SHARED_SEND_BUFFER = 1 << 18; // it does not grow: begin well

    private final SlabPool slabs;
    private final int leastSend;
    private final int leastReceive;
    private final int sharedSend;
    private int sockets;
    private long spare = SlabPool.EXHAUSTED;
    private final ArrayDeque<WriteQueue> writeQueues = new ArrayDeque<>();
    private final ArrayDeque<ReceiveQueue> receiveQueues = new ArrayDeque<>();
    private final ArrayDeque<RtxQueue> rtxQueues = new ArrayDeque<>();
    private final ArrayDeque<OutOfOrderQueue> outOfOrderQueues = new ArrayDeque<>();
    private final ArrayDeque<MtuSearch> mtuSearches = new ArrayDeque<>();
    private final SockFifo emptied = new SockFifo();

    /** @param config says how much a socket may have when memory is short */
    LentQueues(SlabPool slabs, TcpConfig config) {
        this.slabs = slabs;
        leastSend = config.sendBufferMin();
        leastReceive = config.receiveBufferMin();
        sharedSend = Math.clamp(SHARED_SEND_BUFFER, config.sendBuffer(), config.sendBufferMax());
    }

    /** Bytes of the send ring of a socket of another thread, which asked for so many, or 0 for ours. */
    int sendRing(int wanted) {
        return wanted == 0 ? sharedSend : wanted;
    }

    /** So many sockets share the memory now. */
    void setSockets(int count) {
        sockets = count;
    }

    /** When memory is short, a socket may have its least, or its fair share. Linux: {@code __sk_mem_schedule()}. */
    private boolean mayHave(int bytes, int least) {
        return bytes <= least || !isUnderPressure() || (long) bytes * sockets < slabs.limitBytes();
    }

    /**
     * Makes sure the socket has a write queue with room for more, up to {@code limit} bytes. False when memory ran out.
     */
    boolean ensureWriteQueue(TcpSock sock, int wanted, int limit) {
        if (sock.writeQueue == null) {
            final WriteQueue queue = writeQueues.isEmpty() ? new WriteQueue(false) : writeQueues.pollLast();
            sock.writeQueue = queue;
        }
        final WriteQueue queue = sock.writeQueue;
        final int held = (int) (queue.writePosition() - queue.releasedPosition());
        final int needed = Math.min(held + wanted, limit);
        if (needed <= queue.capacity()) {
            return true;
        }
        if (!mayHave(needed, leastSend) || !queue.borrow(slabs, needed)) {
            releaseWriteQueue(sock);
            return queue.isAttached();
        }
        return true;
    }

    /** Takes an inline socket's write queue back once all in it is acknowledged, unless a claim is open in it. */
    void releaseWriteQueue(TcpSock sock) {
        final WriteQueue queue = sock.writeQueue;
        if (queue != null && sock.isInline() && queue.isEmpty() && !queue.isClaimed()) {
            sock.writeQueue = null;
            queue.reset();
            writeQueues.addLast(queue);
        }
    }

    /** Makes sure the socket can keep {@code span} bytes beyond what was copied. False when memory ran out. */
    boolean ensureReceiveQueue(TcpSock sock, int span) {
        return lendReceiveQueue(sock, span, mayHave(span, leastReceive));
    }

    private boolean lendReceiveQueue(TcpSock sock, int span, boolean mayGrow) {
        if (sock.receiveQueue == null) {
            sock.receiveQueue = receiveQueues.isEmpty() ? new ReceiveQueue(false) : receiveQueues.pollLast();
        }
        if (span <= sock.receiveQueue.capacity()) {
            return true;
        }
        final boolean isLent = mayGrow && sock.isInline() && sock.receiveQueue.borrow(slabs, span);
        if (!isLent) {
            releaseReceiveQueue(sock);
        }
        return isLent;
    }

    /** Whether in-order bytes may stay in their frame: what the handler leaves is sure to find memory. */
    boolean canPassThrough() {
        if (spare == SlabPool.EXHAUSTED) {
            spare = slabs.allocate(SPARE_LENGTH);
        }
        return spare != SlabPool.EXHAUSTED;
    }

    /**
     * Like {@link #ensureReceiveQueue}, for bytes that were taken already: never fails after {@link #canPassThrough}.
     */
    void ensureReceiveQueueFromSpare(TcpSock sock, int span) {
        if (!lendReceiveQueue(sock, span, true)) {
            slabs.free(spare);
            spare = SlabPool.EXHAUSTED;
            final boolean isLent = lendReceiveQueue(sock, span, true);
            assert isLent : "the spare slab is too small for " + span;
        }
    }

    /** Takes an inline socket's receive queue back once it is empty. */
    void releaseReceiveQueue(TcpSock sock) {
        final ReceiveQueue queue = sock.receiveQueue;
        if (queue != null && sock.isInline() && queue.isEmpty()) {
            sock.receiveQueue = null;
            queue.reset();
            receiveQueues.addLast(queue);
        }
    }

    /** Makes sure one more segment can be noted as sent. False when memory ran out, or too much is in flight. */
    boolean ensureRtxRoom(TcpSock sock) {
        if (sock.rtxQueue == null) {
            sock.rtxQueue = rtxQueues.isEmpty() ? new RtxQueue(slabs, MAX_RECORDS) : rtxQueues.pollLast();
        }
        return sock.rtxQueue.ensureRoom();
    }

    void releaseRtxQueue(TcpSock sock) {
        final RtxQueue queue = sock.rtxQueue;
        if (queue != null && queue.isEmpty()) {
            sock.rtxQueue = null;
            rtxQueues.addLast(queue);
        }
    }

    /** All was acknowledged: the queues go back at the end of the turn, unless the answer fills them again. */
    void releaseLater(TcpSock sock) {
        if (!sock.isReleaseOwed) {
            sock.isReleaseOwed = true;
            emptied.add(sock);
        }
    }

    /** The end of the turn: takes back what is empty still, and the timer that watched over it. */
    void takeBackEmptied(SockTimers timers) {
        for (TcpSock sock = emptied.poll(); sock != null; sock = emptied.poll()) {
            sock.isReleaseOwed = false;
            releaseRtxQueue(sock);
            releaseWriteQueue(sock);
            if (sock.rtxQueue == null) {
                timers.settle(sock);
            }
        }
    }

    OutOfOrderQueue ensureOutOfOrderQueue(TcpSock sock) {
        if (sock.outOfOrderQueue == null) {
            sock.outOfOrderQueue =
                    outOfOrderQueues.isEmpty() ? new OutOfOrderQueue(MAX_HOLES) : outOfOrderQueues.pollLast();
        }
        return sock.outOfOrderQueue;
    }

    void releaseOutOfOrderQueue(TcpSock sock) {
        final OutOfOrderQueue queue = sock.outOfOrderQueue;
        if (queue != null && queue.isEmpty()) {
            sock.outOfOrderQueue = null;
            queue.clear();
            outOfOrderQueues.addLast(queue);
        }
    }

    /** Lends what a search for the path's MTU needs, until the connection is over. */
    void ensureMtuSearch(TcpSock sock) {
        if (sock.mtuSearch == null) {
            sock.mtuSearch = mtuSearches.isEmpty() ? new MtuSearch() : mtuSearches.pollLast();
        }
    }

    private void releaseMtuSearch(TcpSock sock) {
        if (sock.mtuSearch != null) {
            mtuSearches.addLast(sock.mtuSearch);
            sock.mtuSearch = null;
        }
    }

    /** Takes everything back, whatever it holds: the connection is over. */
    void releaseAll(TcpSock sock) {
        releaseMtuSearch(sock);
        if (sock.rtxQueue != null) {
            sock.rtxQueue.clear();
            releaseRtxQueue(sock);
        }
        if (sock.outOfOrderQueue != null) {
            sock.outOfOrderQueue.clear();
            releaseOutOfOrderQueue(sock);
        }
        if (sock.isInline()) {
            if (sock.writeQueue != null) {
                sock.writeQueue.reset();
                writeQueues.addLast(sock.writeQueue);
            }
            if (sock.receiveQueue != null) {
                sock.receiveQueue.reset();
                receiveQueues.addLast(sock.receiveQueue);
            }
        }
        sock.writeQueue = null;
        sock.receiveQueue = null;
    }

    SlabPool slabs() {
        return slabs;
    }

    /** Most of it is lent: those who could do with less should. Linux: {@code tcp_under_memory_pressure()}. */
    boolean isUnderPressure() {
        return slabs.bytesInUse() > slabs.limitBytes() / 3 * 2; // tcp_mem: pressure at two thirds of the limit
    }

    /** Half of it is lent: buffers that are large enough need not grow. Linux: tcp_mem[0]. */
    boolean isHalfLent() {
        return slabs.bytesInUse() > slabs.limitBytes() / 2;
    }

    /** Whether a small buffer could be had now. */
    boolean hasMemory() {
        return slabs.bytesInUse() + SPARE_LENGTH <= slabs.limitBytes();
    }

    /** Bytes lent to sockets now. */
    long bytesInUse() {
        return slabs.bytesInUse() - (spare == SlabPool.EXHAUSTED ? 0 : SPARE_LENGTH);
    }
}
