package io.spinwire.nic;

import io.spinwire.wire.Ethernet;
import org.agrona.MutableDirectBuffer;

/**
 * One end of a {@link Pipe}. Each end has one owning thread; the two meet only in the positions of two
 * {@link FrameRing}s. Committed frames reach the peer at {@link #flush}, in order, and their slots come back at a flush
 * after the peer has read them: as with a TX ring and its completions. A full ring refuses claims and loses nothing;
 * once the peer is closed, what is sent is gone.
 */
public final class PipeNic implements Nic {
    private static final int NO_CLAIM = -1;

    private final String name;
    private final int mtu;
    private final int maxFrameLength;
    private final long macAddress;
    private final FrameRing tx;
    private final FrameRing rx;

    private long rxHead; // frames received
    private long txTail; // frames committed
    private long txFlushed; // of these, shown to the peer
    private long txCompleted; // of these, taken back
    private int claimedLength = NO_CLAIM;
    private boolean isClosed;

    PipeNic(String name, int mtu, long macAddress, FrameRing tx, FrameRing rx) {
        this.name = name;
        this.mtu = mtu;
        this.maxFrameLength = maxFrameLength(mtu);
        this.macAddress = macAddress;
        this.tx = tx;
        this.rx = rx;
    }

    static int maxFrameLength(int mtu) {
        return mtu + Ethernet.HEADER_LENGTH + Ethernet.VLAN_TAG_LENGTH;
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        if (isClosed) {
            return 0;
        }
        final FrameRing ring = rx;
        final long first = rxHead;
        final long end = Math.min(ring.tailAcquire(), first + frameLimit);
        try {
            while (rxHead < end) {
                final int offset = ring.frameOffset(rxHead);
                rxHead++; // before the call: a handler that throws has had its frame
                handler.onFrame(ring.buffer, offset, ring.frameLength(offset));
            }
        } finally {
            if (rxHead != first) {
                ring.headRelease(rxHead);
            }
        }
        return (int) (rxHead - first);
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return tx.buffer;
    }

    @Override
    public int claim(int length) {
        assert claimedLength == NO_CLAIM : "claim while one is open: commit or abort it first";
        assert length >= Ethernet.HEADER_LENGTH && length <= maxFrameLength
                : "claim of " + length + " bytes: " + Ethernet.HEADER_LENGTH + " to " + maxFrameLength;
        if (txFree() == 0) {
            return REFUSED;
        }
        claimedLength = length;
        return tx.frameOffset(txTail);
    }

    @Override
    public void commit(int length) {
        assert claimedLength != NO_CLAIM : "commit without a claim";
        assert length >= Ethernet.HEADER_LENGTH && length <= claimedLength
                : "commit of " + length + " bytes, claimed " + claimedLength;
        tx.frameLength(tx.frameOffset(txTail), length);
        txTail++;
        claimedLength = NO_CLAIM;
    }

    @Override
    public void abort() {
        assert claimedLength != NO_CLAIM : "abort without a claim";
        claimedLength = NO_CLAIM;
    }

    @Override
    public int txFree() {
        return isClosed ? 0 : tx.capacity - (int) (txTail - txCompleted);
    }

    @Override
    public int flush() {
        if (isClosed) {
            return 0;
        }
        if (txFlushed != txTail) {
            txFlushed = txTail;
            tx.tailRelease(txTail);
        }
        // A closed peer reads no more: its frames are back at once, as from a cable that hangs loose.
        final long completed = tx.isReaderClosed() ? txTail : tx.headAcquire();
        final int takenBack = (int) (completed - txCompleted);
        txCompleted = completed;
        return takenBack;
    }

    /** Frames shown to the peer since the start. */
    public long sentFrames() {
        return txFlushed;
    }

    /** Frames handed to the handler since the start. */
    public long receivedFrames() {
        return rxHead;
    }

    /** Frames that the peer has flushed and this end has not received yet. */
    public int receivableFrames() {
        return isClosed ? 0 : (int) (rx.tailAcquire() - rxHead);
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public long macAddress() {
        return macAddress;
    }

    @Override
    public String name() {
        return name;
    }

    /** Ends this end, on its owner's thread. Frames not flushed are dropped; flushed ones still reach the peer. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            rx.closeReader();
        }
    }
}
