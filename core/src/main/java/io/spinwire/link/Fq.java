package io.spinwire.link;

import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import java.util.Arrays;

/**
 * Fair queueing: a queue for each socket (and each flow without one), served in deficit round robin, new flows before
 * old ones. A frame leaves no earlier than its departure time says: its flow is set aside until then, ordered by time.
 * Within a flow nothing is overtaken. Engine thread only. Linux: {@code net/sched/sch_fq.c}.
 */
final class Fq implements FrameQueue {
    /** Frames that one flow may have waiting. Linux: flow_limit. */
    static final int FLOW_LIMIT = 100;

    /** Bytes served in one round, in frames of full size. Linux: quantum. */
    static final int QUANTUM_FRAMES = 2;

    /** Bytes of the first round of a new flow, in frames of full size. Linux: initial_quantum. */
    static final int INITIAL_QUANTUM_FRAMES = 10;

    /** An empty flow that rested for so long begins a full round. Linux: flow_refill_delay, 40 ms. */
    static final long REFILL_NS = 40_000_000L;

    /** An empty flow that rested for so long is new. Linux: FQ_GC_AGE, 3 s. */
    static final long FORGET_NS = 3_000_000_000L;

    /** A frame that would leave later than this is dropped. Linux: horizon, 10 s. */
    static final long HORIZON_NS = 10_000_000_000L;

    /** Queues for frames without socket, by the hash of their addresses and ports. Linux: orphan_mask. */
    private static final int ORPHAN_FLOWS = 1024;

    private static final int NONE = QdiscFrames.NONE;

    private final QdiscFrames frames;
    private final Counters counters;
    private final int quantum;
    private final int initialQuantum;
    private final int orphanBase;

    private final int[] first; // by flow: its frames, oldest first
    private final int[] last;
    private final int[] count;
    private final int[] credit; // bytes it may send in this round
    private final int[] next; // flow behind it in its list
    private final long[] detachedNs; // since when it has been empty
    private final boolean[] isAttached; // in a list, or throttled

    private final FlowList newFlows;
    private final FlowList oldFlows;
    private final DeadlineHeap throttled;

    /**
     * An empty queue.
     *
     * @param sockets whose indexes may occur
     * @param frameLength bytes of a frame of full size
     */
    Fq(QdiscFrames frames, int sockets, int frameLength, Counters counters) {
        this.frames = frames;
        this.counters = counters;
        quantum = QUANTUM_FRAMES * frameLength;
        initialQuantum = INITIAL_QUANTUM_FRAMES * frameLength;
        orphanBase = sockets;
        final int flows = sockets + ORPHAN_FLOWS;
        first = new int[flows];
        last = new int[flows];
        count = new int[flows];
        credit = new int[flows];
        next = new int[flows];
        detachedNs = new long[flows];
        isAttached = new boolean[flows];
        Arrays.fill(first, NONE);
        Arrays.fill(detachedNs, Long.MIN_VALUE >> 1); // never seen
        newFlows = new FlowList(next);
        oldFlows = new FlowList(next);
        throttled = new DeadlineHeap(flows);
    }

    @Override
    public boolean mayPass(Frame frame, long nowNs) {
        return frame.departureNs <= nowNs && count[flow(frame)] == 0;
    }

    @Override
    public DropReason enqueue(int slot, Frame frame, long nowNs) {
        final int flow = flow(frame);
        if (count[flow] == FLOW_LIMIT) {
            return DropReason.FQ_FLOW_LIMIT;
        }
        if (frame.departureNs > nowNs + HORIZON_NS) {
            return DropReason.FQ_HORIZON_LIMIT;
        }
        if (!isAttached[flow]) {
            attach(flow, nowNs);
        }
        frames.next[slot] = NONE;
        if (first[flow] == NONE) {
            first[flow] = slot;
        } else {
            frames.next[last[flow]] = slot;
        }
        last[flow] = slot;
        count[flow]++;
        return null;
    }

    private void attach(int flow, long nowNs) {
        final long restedNs = nowNs - detachedNs[flow];
        if (restedNs > FORGET_NS) {
            credit[flow] = initialQuantum;
        } else if (restedNs > REFILL_NS) {
            credit[flow] = Math.max(credit[flow], quantum);
        }
        isAttached[flow] = true;
        newFlows.addLast(flow);
    }

    /** Linux: {@code fq_classify()}. */
    private int flow(Frame frame) {
        if (frame.sock >= 0) {
            return frame.sock;
        }
        final int ip = frame.networkOffset;
        if (frame.limit - ip < Ipv4.HEADER_LENGTH + Integer.BYTES
                || Ethernet.type(frame.buffer, ip - Ethernet.HEADER_LENGTH) != Ethernet.TYPE_IPV4) {
            return orphanBase; // ARP
        }
        int hash = Ipv4.source(frame.buffer, ip) * 31 + Ipv4.destination(frame.buffer, ip);
        hash = hash * 31 + frame.buffer.getInt(ip + Ipv4.HEADER_LENGTH); // ports
        hash *= 0x9E37_79B9;
        return orphanBase + (hash >>> 16 & ORPHAN_FLOWS - 1);
    }

    /** Linux: {@code fq_dequeue()}. */
    @Override
    public int peek(long nowNs) {
        release(nowNs);
        while (true) {
            final FlowList list = newFlows.isEmpty() ? oldFlows : newFlows;
            if (list.isEmpty()) {
                return NONE;
            }
            final int flow = list.first();
            if (first[flow] == NONE) {
                list.removeFirst();
                rest(flow, list, nowNs);
            } else if (credit[flow] <= 0) {
                credit[flow] += quantum;
                list.removeFirst();
                oldFlows.addLast(flow);
            } else if (frames.departureNs[first[flow]] > nowNs) {
                list.removeFirst();
                counters.increment(Counter.QdiscThrottled);
                throttled.set(flow, frames.departureNs[first[flow]]);
            } else {
                return first[flow];
            }
        }
    }

    /** Brings back the flows whose time has come. Linux: {@code fq_check_throttled()}. */
    private void release(long nowNs) {
        while (throttled.earliestNs() <= nowNs) {
            final int flow = throttled.earliest();
            throttled.clear(flow);
            oldFlows.addLast(flow);
        }
    }

    /** An empty new flow takes its turn among the old ones first: else it could be new again, and starve them. */
    private void rest(int flow, FlowList list, long nowNs) {
        if (list == newFlows && !oldFlows.isEmpty()) {
            oldFlows.addLast(flow);
        } else {
            isAttached[flow] = false;
            detachedNs[flow] = nowNs;
        }
    }

    @Override
    public void remove() {
        final int flow = (newFlows.isEmpty() ? oldFlows : newFlows).first();
        final int slot = first[flow];
        first[flow] = frames.next[slot];
        count[flow]--;
        credit[flow] -= frames.length[slot];
    }

    @Override
    public long nextDepartureNs() {
        return throttled.earliestNs();
    }

    @Override
    public int oldest(int sock) {
        return first[sock];
    }

    @Override
    public boolean isFlowFull(int sock) {
        return count[sock] >= FLOW_LIMIT;
    }

    @Override
    public boolean isPacing() {
        return true;
    }

    /** Flows in the order in which they are served; each is in one list at most, so all share the links. */
    private static final class FlowList {
        private final int[] links;
        private int head = NONE;
        private int tail;

        FlowList(int[] links) {
            this.links = links;
        }

        boolean isEmpty() {
            return head == NONE;
        }

        int first() {
            return head;
        }

        void addLast(int flow) {
            links[flow] = NONE;
            if (head == NONE) {
                head = flow;
            } else {
                links[tail] = flow;
            }
            tail = flow;
        }

        void removeFirst() {
            head = links[head];
        }
    }
}
