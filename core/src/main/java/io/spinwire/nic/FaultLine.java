package io.spinwire.nic;

import org.agrona.DirectBuffer;

/**
 * One direction of a {@link FaultNic}: takes frames in, decides what happens to each, and holds it until it is due.
 * Every decision is a function of the seed, the frame's number and the kind of fault, so a run is repeated by its seed
 * alone. Engine thread only.
 */
final class FaultLine {
    // Kinds of decisions: numbers below DECISIONS.
    private static final int LOSS = 0;
    private static final int BURST = 1;
    private static final int BURST_LOSS = 2;
    private static final int CORRUPT = 3;
    private static final int CORRUPT_WHERE = 4;
    private static final int JITTER = 5;
    private static final int REORDER = 6;
    private static final int REORDER_BY = 7;
    private static final int DUPLICATE = 8;
    private static final int DUPLICATE_LATE = 9;
    private static final int TAIL = 10;
    private static final int TAIL_FRAMES = 11;
    private static final int SMALL_LOSS = 12;
    private static final int DECISIONS = 16;

    final FaultCounts counts = new FaultCounts();
    final DelayQueue queue;
    private final FaultProfile profile;
    private final long seed;
    private final long startNs;

    private long frameNumber;
    private boolean isInBurst;
    private long lineFreeNs; // when the rate-limited line has sent all it was given
    private long lastInOrderNs;
    private long batchOrder; // of the first entry since the last endBatch
    private long deliveredOrder = -1; // latest entry delivered

    FaultLine(FaultProfile profile, int maxFrameLength, long seed, long startNs) {
        this.profile = profile;
        this.seed = seed;
        this.startNs = startNs;
        lineFreeNs = startNs;
        lastInOrderNs = startNs;
        queue = new DelayQueue(profile.holdFrames, maxFrameLength);
    }

    /** Copies a frame in; one that is longer than a slot, or finds none free, is lost. */
    void offer(DirectBuffer from, int offset, int length, long nowNs) {
        final int slot = length > queue.slotLength ? DelayQueue.NONE : queue.take();
        if (slot == DelayQueue.NONE) {
            counts.offered++;
            counts.overflowed++;
            frameNumber++;
            return;
        }
        if (exceededMtu(from, offset, length, nowNs) != 0) {
            refuseTooBig(slot);
            return;
        }
        queue.buffer.putBytes(queue.offset(slot), from, offset, length);
        accept(slot, length, nowNs);
    }

    /** Takes in the frame that lies in a lent slot. */
    void accept(int slot, int length, long nowNs) {
        counts.offered++;
        frameNumber++;
        if (isLost(length, nowNs)) {
            queue.giveBack(slot);
            return;
        }
        corrupt(queue.offset(slot), length);
        final long sentNs = transmit(slot, length, nowNs);
        if (sentNs == Long.MAX_VALUE) {
            counts.overflowed++;
            queue.giveBack(slot);
            return;
        }
        final long dueNs = arrivalNs(sentNs);
        add(slot, length, dueNs);
        duplicate(slot, length, dueNs);
    }

    /** Ends a burst of frames: its tail may be lost. */
    void endBatch() {
        final long end = queue.nextOrder();
        if (end != batchOrder && happens(TAIL, profile.tailLoss)) {
            final long unlucky = 1 + SplitMix64.below(draw(TAIL_FRAMES), profile.tailFrames);
            for (long order = Math.max(batchOrder, end - unlucky); order < end; order++) {
                if (queue.drop(order)) {
                    counts.lostAtTails++;
                    counts.queued--;
                }
            }
        }
        batchOrder = end;
    }

    boolean hasDue(long nowNs) {
        return queue.firstDueNs() <= nowNs;
    }

    /** Takes the first frame out of the queue, to be delivered; its slot is the caller's, to be given back. */
    int deliver() {
        final int slot = queue.firstSlot();
        final long order = queue.firstOrder();
        if (order < deliveredOrder) {
            counts.reordered++;
        }
        deliveredOrder = Math.max(deliveredOrder, order);
        queue.removeFirst();
        counts.queued--;
        counts.delivered++;
        return slot;
    }

    /** The MTU that a frame is too big for, which then is to be counted; or 0. */
    int exceededMtu(DirectBuffer buffer, int offset, int length, long nowNs) {
        final int mtu = profile.mtu(nowNs - startNs);
        return mtu != 0 && Router.isTooBig(buffer, offset, length, mtu) ? mtu : 0;
    }

    /** Gives back the slot of a frame that is too big. */
    void refuseTooBig(int slot) {
        counts.offered++;
        counts.tooBig++;
        frameNumber++;
        queue.giveBack(slot);
    }

    /** Takes in the router's answer to a frame of the other direction: it comes after the delay that this one had. */
    void addAnswer(DirectBuffer from, int offset, int mtu, long dueNs) {
        final int slot = queue.slotLength < Router.MAX_ANSWER_LENGTH ? DelayQueue.NONE : queue.take();
        if (slot != DelayQueue.NONE) {
            counts.answers++;
            add(slot, Router.answer(from, offset, mtu, queue.buffer, queue.offset(slot)), dueNs);
        }
    }

    private boolean isLost(int length, long nowNs) {
        if (happens(BURST, isInBurst ? profile.burstEnd : profile.burstBegin)) {
            isInBurst = !isInBurst;
        }
        if (profile.isOutage(nowNs - startNs)) {
            counts.lostInOutages++;
            return true;
        }
        if (isInBurst && happens(BURST_LOSS, profile.burstLoss)) {
            counts.lostInBursts++;
            return true;
        }
        if (happens(LOSS, profile.loss)) {
            counts.lost++;
            return true;
        }
        if (length <= profile.smallLength && happens(SMALL_LOSS, profile.smallLoss)) {
            counts.lostSmall++;
            return true;
        }
        return false;
    }

    private void corrupt(int offset, int length) {
        if (!happens(CORRUPT, profile.corrupt)) {
            return;
        }
        counts.corrupted++;
        long bits = draw(CORRUPT_WHERE);
        final long flips = 1 + SplitMix64.below(bits, profile.corruptBits);
        for (long i = 0; i < flips; i++) {
            bits = SplitMix64.next(bits);
            final int bit = (int) SplitMix64.below(bits, length * 8L);
            final int index = offset + (bit >>> 3);
            queue.buffer.putByte(index, (byte) (queue.buffer.getByte(index) ^ 1 << (bit & 7)));
        }
    }

    /** When the frame has left the rate-limited line; {@link Long#MAX_VALUE} when too much waits before it. */
    private long transmit(int slot, int length, long nowNs) {
        if (profile.bitsPerSecond == 0) {
            return nowNs;
        }
        final long beginNs = Math.max(nowNs, lineFreeNs);
        if (beginNs - nowNs > profile.rateQueueNs) {
            return Long.MAX_VALUE;
        }
        if (beginNs - nowNs > profile.markNs && Router.mark(queue.buffer, queue.offset(slot))) {
            counts.marked++;
        }
        lineFreeNs = beginNs + profile.serializationNs(length);
        return lineFreeNs;
    }

    private long arrivalNs(long sentNs) {
        final long jitterNs = profile.jitterNs == 0 ? 0 : SplitMix64.below(draw(JITTER), profile.jitterNs + 1);
        final long inOrderNs = Math.max(sentNs + profile.delayNs + jitterNs, lastInOrderNs);
        if (happens(REORDER, profile.reorder)) {
            return inOrderNs + 1 + SplitMix64.below(draw(REORDER_BY), profile.reorderNs);
        }
        lastInOrderNs = inOrderNs;
        return inOrderNs;
    }

    private void duplicate(int slot, int length, long dueNs) {
        if (!happens(DUPLICATE, profile.duplicate)) {
            return;
        }
        final int copy = queue.take();
        if (copy == DelayQueue.NONE) {
            return; // no room for a copy: then there is none
        }
        queue.buffer.putBytes(queue.offset(copy), queue.buffer, queue.offset(slot), length);
        counts.duplicated++;
        add(copy, length, dueNs + SplitMix64.below(draw(DUPLICATE_LATE), profile.duplicateLateNs + 1));
    }

    private void add(int slot, int length, long dueNs) {
        queue.add(slot, length, dueNs);
        counts.queued++;
    }

    private boolean happens(int decision, long threshold) {
        return threshold != 0 && SplitMix64.happens(draw(decision), threshold);
    }

    private long draw(int decision) {
        return SplitMix64.at(seed, frameNumber * DECISIONS + decision);
    }
}
