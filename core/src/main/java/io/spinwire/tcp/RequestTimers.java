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
    private static final int MAX_TIMEOUTS = Byte.MAX_VALUE; // Linux: 255; there is nobody left to wait for
    private static final int MAX_DOUBLINGS = 30;

    private final RequestTable requests;
    private final Listeners listeners;
    private final RequestReplies replies;
    private final PassiveOpen passive;
    private final Counters counters;
    private final int synAckRetries;
    private final long initialRtoNs;
    private final long maxRtoNs;

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
        initialRtoNs = config.initialRtoNs();
        maxRtoNs = config.maxRtoNs();
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
        final int timeouts = requests.timeouts(request);
        final int deferred = listener.deferredTimeouts;
        final boolean isWaitedFor = requests.isAcked(request) && timeouts < deferred; // the ACK came, data did not yet
        if (listener.isClosed || timeouts >= retries(listener) && !isWaitedFor) {
            counters.increment(Counter.TcpAttemptFails);
            passive.drop(request);
            return;
        }
        counters.increment(Counter.TcpTimeouts);
        if (!isWaitedFor || timeouts == deferred - 1) {
            replies.repeatSynAck(request, nowNs); // while it is waited for, once: to be answered when time is up
        }
        if (timeouts == 0) {
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

    /** How often the timer of a SYN-ACK expires in this time, rounded up. Linux: {@code secs_to_retrans()}. */
    int timeoutsIn(long timeNs) {
        int count = 0;
        for (long passedNs = 0; passedNs < timeNs && count < MAX_TIMEOUTS; count++) {
            passedNs += Math.min(initialRtoNs << Math.min(count, MAX_DOUBLINGS), maxRtoNs);
        }
        return count;
    }

    long nextDeadlineNs() {
        return requests.nextDeadlineNs();
    }
}
