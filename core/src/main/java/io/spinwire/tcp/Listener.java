package io.spinwire.tcp;

import io.spinwire.api.SocketOptions;
import io.spinwire.api.TcpHandler;
import io.spinwire.queue.HandoverQueue;

/**
 * A listening port: what its connections inherit, and where they go. It has two queues, each with room for one more
 * than the backlog, as Linux has it: requests whose handshake is under way, and connections that wait to be accepted.
 * Engine thread, but for the hand-over queue.
 */
final class Listener {
    final int index;
    final int port;

    /** Local address as IP packs it in the high half of an address pair; 0 for all. */
    final int localAddress;

    final SocketOptions options;

    /** Inline application, or null. */
    final TcpHandler handler;

    /** Connections on their way to another thread's accept, or null. */
    final HandoverQueue<QueuedSocket> acceptQueue;

    /** What another thread holds of it, or null. */
    QueuedListener queued;

    /** Another listener on the same port, for another address. */
    Listener next;

    boolean isClosed;

    /** Handshakes under way. Linux: {@code reqsk_queue_len()}. */
    int requests;

    /** Of them those whose SYN-ACK timer has not fired yet. Linux: {@code reqsk_queue_len_young()}. */
    int youngRequests;

    /** Expiries of the SYN-ACK timer after which a handshake without data is taken; 0 for at once. */
    final int deferredTimeouts;

    /** Connections begun by Fast Open, or null when there are to be none. */
    final FastOpenQueue fastOpens;

    /** When the last SYN cookie was sent; {@link Long#MIN_VALUE} for never. Linux: tcp_synq_overflow(). */
    long lastCookieNs = Long.MIN_VALUE;

    /** @param deferredTimeouts how often the SYN-ACK timer expires in {@link SocketOptions#deferAcceptNs} */
    Listener(int index, int port, int localAddress, SocketOptions options, TcpHandler handler, int deferredTimeouts) {
        this.index = index;
        this.port = port;
        this.localAddress = localAddress;
        this.options = options;
        this.handler = handler;
        this.deferredTimeouts = deferredTimeouts;
        final int fastOpenLimit = Math.min(options.fastOpenQueue(), options.backlog());
        fastOpens = fastOpenLimit == 0 ? null : new FastOpenQueue(fastOpenLimit);
        acceptQueue = handler == null ? new HandoverQueue<>(options.backlog() + 1) : null;
    }

    /**
     * No more connections fit the accept queue. Inline ones are accepted at once. Linux: {@code sk_acceptq_is_full()}.
     */
    boolean isFull() {
        return acceptQueue != null && acceptQueue.isFull();
    }

    /** No more handshakes may begin here. Linux: {@code inet_csk_reqsk_queue_is_full()}. */
    boolean isRequestQueueFull() {
        return requests > options.backlog();
    }
}
