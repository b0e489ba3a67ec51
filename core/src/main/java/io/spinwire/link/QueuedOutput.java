package io.spinwire.link;

import io.spinwire.hook.Drops;
import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;

/**
 * A device with a queue: frames wait in bounded memory of its own, in the order of a {@link FrameQueue}, and move to
 * the NIC as it has room and their time comes: at once, or in the turn's {@code net_tx_action}. A full queue refuses
 * claims, so its senders keep what they have. While nothing that may leave waits, a frame is claimed from the NIC
 * itself and is not copied (Linux: TCQ_F_CAN_BYPASS). Engine thread only. Linux: {@code __dev_xmit_skb()}.
 */
public final class QueuedOutput implements Qdisc {
    /** Frames moved in one go. Linux: dev_weight. */
    private static final int QUOTA = 64;

    /** One transmit queue per engine. */
    private static final int QUEUE = 0;

    /** The open claim is of the NIC's memory. */
    private static final int DIRECT = -2;

    private final NicOutput nic;
    private final QdiscFrames frames;
    private final FrameQueue queue;
    private final int[] queuedBytes; // by socket
    private final Drops drops;
    private final Counters counters;
    private final Hooks hooks;
    private final Frame moved = new Frame();
    private FrameOwner owner = (sock, isDropped) -> {};
    private long nowNs;
    private int claimed = QdiscFrames.NONE;
    private boolean isClaimUrgent;
    private int size;
    private boolean isScheduled;
    private boolean isWaitingForNic;

    private QueuedOutput(NicOutput nic, QdiscFrames frames, FrameQueue queue, int sockets, Watch watch) {
        this.nic = nic;
        this.frames = frames;
        this.queue = queue;
        queuedBytes = new int[sockets];
        drops = watch.drops();
        counters = watch.counters();
        hooks = watch.hooks();
    }

    /** Where to tell what happens. */
    public record Watch(Drops drops, Counters counters, Hooks hooks) {}

    /**
     * How much may wait.
     *
     * @param frames at once
     * @param frameLength bytes of the longest, Ethernet header included
     * @param sockets whose indexes may occur in {@link Frame#sock}
     */
    public record Size(int frames, int frameLength, int sockets) {}

    /** First in, first out. */
    public static QueuedOutput pfifo(NicOutput nic, Size size, Watch watch) {
        final QdiscFrames frames = new QdiscFrames(size.frames(), size.frameLength());
        return new QueuedOutput(nic, frames, new Pfifo(frames), size.sockets(), watch);
    }

    /** A queue for every socket, and departure times kept. */
    public static QueuedOutput fq(NicOutput nic, Size size, Watch watch) {
        final QdiscFrames frames = new QdiscFrames(size.frames(), size.frameLength());
        final Fq fq = new Fq(frames, size.sockets(), size.frameLength(), watch.counters());
        return new QueuedOutput(nic, frames, fq, size.sockets(), watch);
    }

    @Override
    public void beginTurn(long newNowNs) {
        nowNs = newNowNs;
    }

    @Override
    public boolean claim(Frame frame, int length, boolean isPriority) {
        assert claimed == QdiscFrames.NONE : "claim while one is open: commit or abort it first";
        isClaimUrgent = isPriority;
        final boolean isClear = queue.peek(nowNs) == QdiscFrames.NONE;
        if (!isClear && !isScheduled) {
            reschedule(); // its time has come since: if nothing more fits, no other claim will set it in motion
        }
        if (!frames.hasRoom(isPriority)) { // also for a frame that might not have to wait: that is not known yet
            counters.increment(Counter.QdiscRefused);
            return false;
        }
        if (isClear && !isWaitingForNic && nic.claim(frame, length, isPriority)) {
            claimed = DIRECT;
            return true;
        }
        claimed = frames.claim(frame, length, isPriority);
        return true;
    }

    @Override
    public void abort(Frame frame) {
        if (claimed == DIRECT) {
            nic.abort();
        } else {
            frames.release(claimed);
        }
        claimed = QdiscFrames.NONE;
    }

    /** Linux: {@code __dev_xmit_skb()}. */
    @Override
    public void enqueue(Frame frame) {
        int slot = claimed;
        claimed = QdiscFrames.NONE;
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.__dev_xmit_skb, frame.sock, QUEUE, frame.buffer, frame.macOffset, frame.length());
        }
        if (slot == DIRECT) {
            if (queue.mayPass(frame, nowNs)) {
                nic.hardStartXmit(frame);
                return;
            }
            slot = moveToQueue(frame);
        }
        final DropReason fault = put(slot, frame);
        if (fault != null) {
            drop(slot, frame, fault);
        } else if (!isWaitingForNic) {
            run();
        }
    }

    /** The frame has to wait after all. Answers its slot. */
    private int moveToQueue(Frame frame) {
        final int from = frame.macOffset;
        final int network = frame.networkOffset - from;
        final int sock = frame.sock;
        final long departureNs = frame.departureNs;
        final int length = frame.length();
        moved.buffer = frame.buffer;
        final int slot = frames.claim(frame, length, isClaimUrgent);
        frame.buffer.putBytes(frame.macOffset, moved.buffer, from, length);
        frame.networkOffset = frame.macOffset + network;
        frame.sock = sock;
        frame.departureNs = departureNs;
        nic.abort();
        return slot;
    }

    private DropReason put(int slot, Frame frame) {
        frames.length[slot] = frame.length();
        frames.sock[slot] = frame.sock;
        frames.departureNs[slot] = frame.departureNs;
        frames.queuedNs[slot] = nowNs;
        final DropReason fault = queue.enqueue(slot, frame, nowNs);
        if (fault == null) {
            size++;
            counters.increment(Counter.QdiscEnqueued);
            account(slot, frame.length());
        }
        return fault;
    }

    private void account(int slot, int bytes) {
        if (frames.sock[slot] >= 0 && !frames.isPriority[slot]) {
            queuedBytes[frames.sock[slot]] += bytes;
        }
    }

    private void drop(int slot, Frame frame, DropReason reason) {
        counters.increment(Counter.QdiscDropped);
        drops.drop(reason, frame.sock, frame.buffer, frame.macOffset, frame.length());
        frames.release(slot);
        if (frame.sock >= 0) {
            owner.onFrameLeft(frame.sock, true);
        }
    }

    /** Moves frames to the NIC. Linux: {@code __qdisc_run()}. */
    private int run() {
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.__qdisc_run, -1, size);
        }
        int count = 0;
        while (queue.peek(nowNs) != QdiscFrames.NONE) {
            if (count == QUOTA || !restart()) {
                reschedule();
                return count;
            }
            count++;
        }
        return count;
    }

    /** Moves the frame that is next. False when the NIC has no room. Linux: {@code qdisc_restart()}. */
    private boolean restart() {
        final int slot = queue.peek(nowNs);
        final int length = frames.length[slot];
        final int sock = frames.sock[slot];
        if (!nic.claim(moved, length, frames.isPriority[slot])) {
            isWaitingForNic = true;
            counters.increment(Counter.QdiscRequeued);
            return false;
        }
        moved.buffer.putBytes(moved.macOffset, frames.buffer, frames.offset(slot), length);
        moved.sock = sock;
        queue.remove();
        size--;
        account(slot, -length);
        frames.release(slot);
        nic.hardStartXmit(moved);
        if (sock >= 0) {
            owner.onFrameLeft(sock, false);
        }
        return true;
    }

    /** Linux: {@code __netif_reschedule()}. */
    private void reschedule() {
        isScheduled = true;
        counters.increment(Counter.QdiscRescheduled);
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.__netif_reschedule, -1, size);
        }
    }

    @Override
    public int netTxAction() {
        counters.set(Counter.EngineQdiscPackets, size);
        if (queue.nextDepartureNs() <= nowNs && !isScheduled) {
            reschedule(); // Linux: qdisc_watchdog()
        }
        if (!isScheduled) {
            return 0;
        }
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.net_tx_action, -1, size);
        }
        isScheduled = false;
        isWaitingForNic = false;
        return run();
    }

    @Override
    public long nextDeadlineNs() {
        return isScheduled && !isWaitingForNic ? Long.MIN_VALUE : queue.nextDepartureNs();
    }

    @Override
    public void drain() {
        nowNs = Long.MAX_VALUE - Fq.HORIZON_NS; // all departures are in the past
        isWaitingForNic = false;
        while (queue.peek(nowNs) != QdiscFrames.NONE && restart()) {}
    }

    @Override
    public boolean hasQueue() {
        return true;
    }

    @Override
    public boolean isPacing() {
        return queue.isPacing();
    }

    @Override
    public boolean isFlowFull(int sock) {
        return queue.isFlowFull(sock);
    }

    @Override
    public boolean isFull() {
        return !frames.hasRoom(false);
    }

    @Override
    public long oldestQueuedNs(int sock) {
        return queuedBytes[sock] == 0 ? Long.MAX_VALUE : frames.queuedNs[queue.oldest(sock)];
    }

    @Override
    public int queuedBytes(int sock) {
        return queuedBytes[sock];
    }

    /** Frames that wait. */
    public int size() {
        return size;
    }

    @Override
    public void owner(FrameOwner newOwner) {
        owner = newOwner;
    }
}
