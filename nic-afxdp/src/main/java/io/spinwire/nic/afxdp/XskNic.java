package io.spinwire.nic.afxdp;

import io.spinwire.nic.FigureVisitor;
import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import io.spinwire.nic.NicFilter;
import io.spinwire.nic.afxdp.FrameLedger.Owner;
import io.spinwire.wire.Ethernet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One queue of a network card through AF_XDP: first room on the way in, last on the way out. Owned by one engine
 * thread, which alone calls {@link #receive}, {@link #claim}, {@link #commit}, {@link #abort}, {@link #flush} and
 * {@link #txFree}; they neither block, allocate nor throw. Every frame has one owner at a time: free, the kernel's for
 * receiving, being received, the engine's open claim, or under way. Linux: {@code ndo_start_xmit()},
 * {@code napi_poll()}.
 */
public final class XskNic implements Nic {
    private static final int NO_CLAIM = -1;
    private static final int REAP_LIMIT = 256;
    private static final int KICK_LIMIT = 64; // at 32 frames each, before Linux 6.17, a ring of 2048
    private static final int DRAIN_ATTEMPTS = 200;
    private static final long DRAIN_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    /** What was found out while opening. */
    record Traits(String name, long macAddress, int mtu, boolean isZeroCopy, boolean isBusyPolled) {}

    private final UnsafeBuffer memory;
    private final XskSocket socket;
    private final ProducerRing fill;
    private final ConsumerRing rx;
    private final ProducerRing tx;
    private final ConsumerRing completion;
    private final FrameStock stock;
    private final FrameStack free;
    private final FrameLedger ledger;
    private final boolean isZeroCopy;
    private final boolean isBusyPolled;
    private final int maxFrameLength;
    private final Traits traits;
    private final List<String> report;
    private final Teardown teardown;

    private final XskStatistics figures = new XskStatistics();

    private int claimed = NO_CLAIM;
    private int claimedLength;

    /** Frames committed that the kernel has not given back. */
    private int underWay;

    private boolean isClosed;
    private long received;
    private long sent;
    private long completed;
    private long claimsRefused;
    private long kicks;
    private long kickRetries;
    private long kickFailures;
    private int lastKickErrno;
    private long polls;

    XskNic(Traits traits, Umem umem, FrameStock stock, XskSocket socket, Setup setup) {
        this.traits = traits;
        this.isZeroCopy = traits.isZeroCopy();
        this.isBusyPolled = traits.isBusyPolled();
        this.maxFrameLength = Sizes.maxFrameLength(traits.mtu());
        this.memory = umem.memory();
        this.socket = socket;
        this.fill = socket.fill();
        this.rx = socket.rx();
        this.tx = socket.tx();
        this.completion = socket.completion();
        this.stock = stock;
        this.free = stock.free();
        this.ledger = stock.ledger();
        this.report = setup.report();
        this.teardown = setup.teardown();
    }

    /**
     * Opens a queue of a network card.
     *
     * @param filter which frames are taken from the kernel; not used when the specification says {@code filter=all}
     * @throws io.spinwire.nic.NicException naming the step, the interface, the errno and what to do; nothing is left
     *     behind
     */
    public static XskNic open(XskSpecification specification, NicFilter filter) {
        return NicOpening.open(specification, filter, step -> {});
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        if (isClosed) {
            return 0;
        }
        final int count = rx.available(frameLimit);
        if (count > 0) {
            receiveBurst(handler, count);
        }
        if (isBusyPolled ? count == 0 : isZeroCopy && fill.needsWakeup()) {
            polls++;
            socket.poll();
        }
        return count;
    }

    /** Also where a handler throws, which it must not, every frame read so far goes back to the kernel. */
    private void receiveBurst(FrameHandler handler, int count) {
        try {
            for (int i = 0; i < count; i++) {
                receiveOne(handler);
            }
        } finally {
            rx.release();
            fill.submit();
        }
    }

    private void receiveOne(FrameHandler handler) {
        final int offset = (int) rx.descriptorAddress();
        final int length = rx.descriptorLength();
        rx.advance();
        received++;
        final int chunk = stock.chunkOf(offset);
        assert ledger.move(chunk, Owner.FILL, Owner.RECEIVING) : ledger.describe(chunk);
        try {
            handler.onFrame(memory, offset, length);
        } finally {
            assert ledger.move(chunk, Owner.RECEIVING, Owner.FILL) : ledger.describe(chunk);
            fill.putAddress(chunk);
        }
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return memory;
    }

    @Override
    public int claim(int length) {
        assert claimed == NO_CLAIM : "a claim is open";
        assert length <= maxFrameLength : "claim of " + length + " > mtu " + traits.mtu() + " + 18";
        if (free.isEmpty() && underWay > 0) {
            reap();
        }
        if (length > maxFrameLength || free.isEmpty() || tx.free(1) == 0) {
            claimsRefused++;
            return REFUSED;
        }
        final int chunk = free.pop();
        assert ledger.move(chunk, Owner.FREE, Owner.ENGINE) : ledger.describe(chunk);
        claimed = chunk;
        claimedLength = length;
        return chunk;
    }

    /** A length that the claim does not cover would make a descriptor that the kernel skips, and so a lost frame. */
    @Override
    public void commit(int length) {
        if (claimed == NO_CLAIM || length < Ethernet.HEADER_LENGTH || length > claimedLength) {
            refuseCommit(length);
            return;
        }
        final int chunk = claimed;
        claimed = NO_CLAIM;
        assert ledger.move(chunk, Owner.ENGINE, Owner.TX) : ledger.describe(chunk);
        tx.putDescriptor(chunk, length);
        underWay++;
        sent++;
    }

    private void refuseCommit(int length) {
        final int openLength = claimed == NO_CLAIM ? 0 : claimedLength;
        if (claimed != NO_CLAIM) {
            abort();
        }
        assert false : "commit of " + length + " bytes, claimed " + openLength;
    }

    @Override
    public void abort() {
        assert claimed != NO_CLAIM : "no claim is open";
        if (claimed == NO_CLAIM) {
            return;
        }
        assert ledger.move(claimed, Owner.ENGINE, Owner.FREE) : ledger.describe(claimed);
        free.push(claimed);
        claimed = NO_CLAIM;
    }

    @Override
    public int txFree() {
        return isClosed ? 0 : Math.min(free.size(), tx.free(free.size()));
    }

    @Override
    public int flush() {
        if (underWay == 0) {
            return 0;
        }
        final long completedBefore = completed;
        final boolean isNew = tx.hasUnsubmitted();
        if (isNew) {
            tx.submit();
        }
        if (isZeroCopy) {
            // Asked again at every flush while frames are under way: the flag may be set just after it was read.
            if (tx.needsWakeup() || isBusyPolled && isNew) {
                kick();
            }
        } else if (isNew || tx.pending() != 0) {
            kickUntilTaken();
        }
        reap();
        return (int) (completed - completedBefore);
    }

    /**
     * Copy mode: the kernel sends within the call, and stops early when its budget, its buffers or the completion ring
     * are exhausted. Goes on while it makes progress; what is left waits for the next flush.
     */
    private void kickUntilTaken() {
        int pending = tx.pending();
        for (int attempt = 0; attempt < KICK_LIMIT && kick() == Errno.EAGAIN; attempt++) {
            final int reaped = reap();
            final int stillPending = tx.pending();
            if (stillPending == 0 || stillPending == pending && reaped == 0) {
                return;
            }
            pending = stillPending;
        }
    }

    /** @return 0, or the errno; {@link Errno#EAGAIN} for every one that passes by itself */
    private int kick() {
        kicks++;
        final long result = socket.kick();
        if (result >= 0) {
            return 0;
        }
        final int errno = (int) -result;
        switch (errno) {
            case Errno.EAGAIN, Errno.EBUSY, Errno.ENOBUFS, Errno.EINTR -> {
                kickRetries++;
                return Errno.EAGAIN;
            }
            default -> {
                kickFailures++;
                lastKickErrno = errno;
                return errno;
            }
        }
    }

    /** Takes back frames that have been sent. */
    private int reap() {
        int reaped = 0;
        int count = completion.available(REAP_LIMIT);
        while (count > 0) {
            for (int i = 0; i < count; i++) {
                final int chunk = stock.chunkOf(completion.address());
                completion.advance();
                assert ledger.move(chunk, Owner.TX, Owner.FREE) : ledger.describe(chunk);
                free.push(chunk);
            }
            completion.release();
            underWay -= count;
            completed += count;
            reaped += count;
            count = completion.available(REAP_LIMIT);
        }
        return reaped;
    }

    @Override
    public int mtu() {
        return traits.mtu();
    }

    @Override
    public long macAddress() {
        return traits.macAddress();
    }

    @Override
    public String name() {
        return traits.name();
    }

    /** Whether the NIC reads and writes the frames themselves, without a copy by the kernel. */
    public boolean isZeroCopy() {
        return isZeroCopy;
    }

    /** What was found and what was given up while opening, a line each, for a person to read. */
    public List<String> report() {
        return report;
    }

    /** Fills in what has been counted up to now. Allocates nothing. */
    public void readStatistics(XskStatistics into) {
        if (!isClosed) {
            socket.readStatistics(into);
            countFrames(into);
        }
        into.received = received;
        into.sent = sent;
        into.completed = completed;
        into.claimsRefused = claimsRefused;
        into.kicks = kicks;
        into.kickRetries = kickRetries;
        into.kickFailures = kickFailures;
        into.lastKickErrno = lastKickErrno;
        into.polls = polls;
    }

    /** In the order against a frame's way, so that one that moves meanwhile is not counted twice. */
    private void countFrames(XskStatistics into) {
        into.framesFree = free.size();
        into.framesTx = underWay;
        into.framesRx = rx.unread();
        into.framesFill = fill.held();
        into.framesElsewhere = free.capacity() - into.framesFree - into.framesTx - into.framesRx - into.framesFill;
    }

    @Override
    public void visitFigures(FigureVisitor visitor) {
        if (isClosed) {
            return;
        }
        readStatistics(figures);
        XskFigure.visit(figures, visitor);
    }

    /** Frames committed that the kernel has not given back yet. */
    public int underWay() {
        return underWay;
    }

    FrameLedger ledger() {
        return ledger;
    }

    /** {@inheritDoc} What was committed is sent first, within 20 ms. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        if (claimed != NO_CLAIM) {
            abort();
        }
        for (int i = 0; i < DRAIN_ATTEMPTS && underWay > 0; i++) {
            flush();
            if (underWay > 0) {
                LockSupport.parkNanos(DRAIN_PAUSE_NS);
            }
        }
        isClosed = true;
        free.clear();
        underWay = 0;
        teardown.run();
    }
}
