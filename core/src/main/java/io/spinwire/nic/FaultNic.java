package io.spinwire.nic;

import io.spinwire.wire.Ethernet;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * A NIC on a bad network: a decorator that loses, corrupts, delays, reorders and copies frames by a seed. Each
 * direction has its own {@link FaultProfile}: received frames meet theirs when {@link #receive} reads them, sent ones
 * at {@link #flush}. Time is the engine's clock, read once in each of those calls, and {@link #nextDeadlineNs} says
 * when a held frame falls due, so it runs in virtual time as well. Frames are copied into own memory; engine thread
 * only.
 */
public final class FaultNic implements Nic {
    private static final int NO_CLAIM = -1;

    /** A ring that is about to be full still takes fewer frames than this. */
    private static final int MAX_GRANTS = 8;

    private final Nic nic;
    private final NanoClock clock;
    private final FaultProfile txProfile;
    private final FaultLine rx;
    private final FaultLine tx;
    private final FrameHandler intake = this::onIntake;
    private final int maxFrameLength;
    private final int intakeLimit;
    private final long refuseSeed;

    // Frames committed since the last flush: slots of tx.queue, in order.
    private final int[] pendingSlots;
    private final int[] pendingLengths;
    private int pendingCount;

    private int claimedSlot = NO_CLAIM;
    private int claimedLength;
    private long nowNs;
    private long refuseUntilNs;
    private boolean isRefusing;
    private int grantsLeft;
    private long flushNumber;
    private boolean isMoreWaiting; // the last receive stopped at its limit
    private boolean isClosed;

    /**
     * A NIC whose sending is perfect.
     *
     * @param seed all decisions follow from it
     */
    public FaultNic(Nic nic, NanoClock clock, long seed, FaultProfile receiving) {
        this(nic, clock, seed, receiving, FaultProfile.none());
    }

    /**
     * A NIC with faults both ways.
     *
     * @param nic the NIC to spoil; closed with this one
     * @param clock the engine's
     * @param seed all decisions follow from it
     */
    public FaultNic(Nic nic, NanoClock clock, long seed, FaultProfile receiving, FaultProfile sending) {
        if (receiving.refuse != 0) {
            throw new NicException("refuse in the receiving profile: only claims can be refused, give it for sending");
        }
        if (receiving.isTooBigAnswered) {
            throw new NicException(
                    "answerTooBig in the receiving profile: only the sender is told, give it for sending");
        }
        this.nic = nic;
        this.clock = clock;
        txProfile = sending;
        nowNs = clock.nanoTime();
        maxFrameLength = PipeNic.maxFrameLength(nic.mtu());
        rx = new FaultLine(receiving, maxFrameLength, SplitMix64.at(seed, 0), nowNs);
        tx = new FaultLine(sending, maxFrameLength, SplitMix64.at(seed, 1), nowNs);
        intakeLimit = receiving.holdFrames;
        refuseSeed = SplitMix64.at(seed, 2);
        pendingSlots = new int[sending.holdFrames];
        pendingLengths = new int[sending.holdFrames];
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        if (isClosed) {
            return 0;
        }
        advance();
        takeIn(frameLimit);
        int count = 0;
        while (count < frameLimit && rx.hasDue(nowNs)) {
            final DelayQueue queue = rx.queue;
            final int length = queue.firstLength();
            final int slot = rx.deliver();
            try {
                handler.onFrame(queue.buffer, queue.offset(slot), length);
            } finally {
                queue.giveBack(slot);
            }
            count++;
        }
        return count;
    }

    /**
     * All that waits, and not only what the caller may take: frames that are lost or delayed must not hide those
     * behind.
     */
    private void takeIn(int burst) {
        int takenIn = 0;
        int count;
        do {
            count = nic.receive(intake, burst);
            takenIn += count;
        } while (count > 0 && takenIn < intakeLimit);
        isMoreWaiting = count > 0;
        rx.endBatch();
    }

    private void onIntake(MutableDirectBuffer buffer, int offset, int length) {
        rx.offer(buffer, offset, length, nowNs);
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return tx.queue.buffer;
    }

    @Override
    public int claim(int length) {
        assert claimedSlot == NO_CLAIM : "claim while one is open: commit or abort it first";
        assert length >= Ethernet.HEADER_LENGTH && length <= maxFrameLength
                : "claim of " + length + " bytes: " + Ethernet.HEADER_LENGTH + " to " + maxFrameLength;
        if (txFree() == 0) {
            tx.counts.refusedClaims++;
            return REFUSED;
        }
        claimedSlot = tx.queue.take();
        claimedLength = length;
        return tx.queue.offset(claimedSlot);
    }

    @Override
    public void commit(int length) {
        assert claimedSlot != NO_CLAIM : "commit without a claim";
        assert length >= Ethernet.HEADER_LENGTH && length <= claimedLength
                : "commit of " + length + " bytes, claimed " + claimedLength;
        pendingSlots[pendingCount] = claimedSlot;
        pendingLengths[pendingCount++] = length;
        claimedSlot = NO_CLAIM;
        if (isRefusing) {
            grantsLeft--;
        }
    }

    @Override
    public void abort() {
        assert claimedSlot != NO_CLAIM : "abort without a claim";
        tx.queue.giveBack(claimedSlot);
        claimedSlot = NO_CLAIM;
    }

    /** While frames that are held fill the store, time or the NIC's own ring must make room first. */
    @Override
    public int txFree() {
        if (isClosed) {
            return 0;
        }
        final int free = tx.queue.freeCount();
        return isRefusing ? Math.min(free, grantsLeft) : free;
    }

    /** Frames committed meet their faults now, and those due go on to the NIC, as many as it takes; the rest stay. */
    @Override
    public int flush() {
        if (isClosed) {
            return 0;
        }
        advance();
        if (pendingCount > 0) {
            for (int i = 0; i < pendingCount; i++) {
                accept(pendingSlots[i], pendingLengths[i]);
            }
            pendingCount = 0;
            tx.endBatch();
            maybeRefuse();
        }
        int takenBack = nic.flush();
        final int passedOn = passOnDue();
        if (passedOn > 0) {
            takenBack += nic.flush();
        }
        return passedOn + takenBack;
    }

    private void accept(int slot, int length) {
        final DelayQueue queue = tx.queue;
        final int mtu = tx.exceededMtu(queue.buffer, queue.offset(slot), length, nowNs);
        if (mtu == 0) {
            tx.accept(slot, length, nowNs);
            return;
        }
        if (txProfile.isTooBigAnswered) {
            rx.addAnswer(queue.buffer, queue.offset(slot), mtu, nowNs + txProfile.delayNs);
        }
        tx.refuseTooBig(slot);
    }

    private int passOnDue() {
        int count = 0;
        while (tx.hasDue(nowNs)) {
            final DelayQueue queue = tx.queue;
            final int length = queue.firstLength();
            final int offset = nic.claim(length);
            if (offset == REFUSED) {
                break;
            }
            final int slot = tx.deliver();
            nic.txBuffer().putBytes(offset, queue.buffer, queue.offset(slot), length);
            nic.commit(length);
            queue.giveBack(slot);
            count++;
        }
        return count;
    }

    private void maybeRefuse() {
        final long bits = SplitMix64.at(refuseSeed, flushNumber++);
        if (!isRefusing && SplitMix64.happens(bits, txProfile.refuse)) {
            isRefusing = true;
            refuseUntilNs = nowNs + txProfile.refuseNs;
            grantsLeft = (int) SplitMix64.below(SplitMix64.next(bits), MAX_GRANTS);
        }
    }

    private void advance() {
        nowNs = clock.nanoTime();
        if (isRefusing && nowNs >= refuseUntilNs) {
            isRefusing = false;
        }
    }

    /**
     * When a held frame falls due or a refusing ring opens again. A sent frame that is due already and waits for room
     * in the NIC's ring has no deadline: only the outside world can make that room.
     */
    @Override
    public long nextDeadlineNs() {
        if (isClosed) {
            return Long.MAX_VALUE;
        }
        if (isMoreWaiting) {
            return nowNs;
        }
        long deadlineNs = Math.min(nic.nextDeadlineNs(), rx.queue.firstDueNs());
        if (tx.queue.firstDueNs() > nowNs) {
            deadlineNs = Math.min(deadlineNs, tx.queue.firstDueNs());
        }
        return isRefusing ? Math.min(deadlineNs, refuseUntilNs) : deadlineNs;
    }

    /** What happened to frames on their way in. */
    public FaultCounts received() {
        return rx.counts;
    }

    /** What happened to frames on their way out, from the flush on; claims refused. */
    public FaultCounts sent() {
        return tx.counts;
    }

    @Override
    public void visitFigures(FigureVisitor visitor) {
        nic.visitFigures(visitor);
    }

    @Override
    public int mtu() {
        return nic.mtu();
    }

    @Override
    public long macAddress() {
        return nic.macAddress();
    }

    @Override
    public String name() {
        return "fault(" + nic.name() + ")";
    }

    /** Frames still inside are gone. */
    @Override
    public void close() {
        isClosed = true;
        nic.close();
    }
}
