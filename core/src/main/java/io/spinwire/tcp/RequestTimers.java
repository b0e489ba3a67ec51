package io.spinwire.tcp;

import io.spinwire.api.TcpConfig;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;

/**
 * Repeats the SYN-ACKs of connection requests, and gives those up that get no answer. Engine thread only. Linux:
 * {@code reqsk_timer_handler()}.
 */
final class RequestTimers {
    private static final int LEAST_CROWD = 8; // below it nothing is pruned
    private static final int LEAST_RETRIES = 2;

    private final RequestTable requests;
    private final Listeners listeners;
    private final RequestReplies replies;
    private final PassiveOpen passive;
    private final Counters counters;
    private final int synAckRetries;

    RequestTimers(
            PassiveOpen.Tables tables,
            RequestReplies replies,
            PassiveOpen passive,
            Counters counters,
            TcpConfig config) {
        requests = tables.requests();
        listeners = tables.listeners();
        this.replies = replies;
        this.passive = passive;
        this.counters = counters;
        synAckRetries = config.synAckRetries();
    }

    /** Deals with the requests that are due, at most {@code limit}; answers how many. */
    int expire(long nowNs, int limit) {
        int count = 0;
        while (count < limit) {
            final int request = requests.pollDue(nowNs);
            if (request == RequestTable.NONE) {
                break;
            }
            onTimer(request, nowNs);
            count++;
        }
        return count;
    }

    private void onTimer(int request, long nowNs) {
        final Listener listener = listeners.get(requests.listener(request));
        if (listener.isClosed || requests.timeouts(request) >= retries(listener)) {
            counters.increment(Counter.TcpAttemptFails);
            passive.drop(request);
            return;
        }
        counters.increment(Counter.TcpTimeouts);
        replies.repeatSynAck(request, nowNs);
        if (requests.timeouts(request) == 0) {
            listener.youngRequests--;
        }
        requests.countTimeout(request, nowNs);
    }

    /**
     * How often a SYN-ACK is repeated. Half of the queue is kept for young requests: the more of it is taken by those
     * that were repeated already, the fewer repetitions there are.
     */
    private int retries(Listener listener) {
        final int synCount = listener.options.synCount();
        int retries = synCount == 0 ? synAckRetries : synCount;
        if (2 * listener.requests > Math.max(LEAST_CROWD, listener.options.backlog())) {
            int young = 2 * listener.youngRequests;
            while (retries > LEAST_RETRIES && listener.requests >= young) {
                retries--;
                young <<= 1;
            }
        }
        return retries;
    }

    long nextDeadlineNs() {
        return requests.nextDeadlineNs();
    }
}
