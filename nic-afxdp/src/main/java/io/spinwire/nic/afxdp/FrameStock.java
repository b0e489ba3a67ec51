package io.spinwire.nic.afxdp;

import io.spinwire.nic.afxdp.FrameLedger.Owner;

/**
 * All frames of a UMEM: the free ones as a stack, and under assertions the owner of each. As many as the fill ring
 * holds are posted for receiving once and then go round between the fill and the RX ring; the others are for sending.
 */
final class FrameStock {
    private final FrameStack free;
    private final FrameLedger ledger;
    private final int chunkMask;

    FrameStock(Sizes sizes) {
        final int frameSize = sizes.frameSize();
        chunkMask = -frameSize;
        free = new FrameStack(sizes.frames());
        ledger = new FrameLedger(sizes.frames(), Integer.numberOfTrailingZeros(frameSize));
        for (int frame = sizes.frames() - 1; frame >= 0; frame--) {
            free.push(frame * frameSize);
        }
    }

    /** Gives {@code count} frames to the kernel to receive into. */
    void postForReceiving(ProducerRing fill, int count) {
        for (int i = 0; i < count; i++) {
            final int chunk = free.pop();
            assert ledger.move(chunk, Owner.FREE, Owner.FILL) : ledger.describe(chunk);
            fill.putAddress(chunk);
        }
        fill.submit();
    }

    FrameStack free() {
        return free;
    }

    FrameLedger ledger() {
        return ledger;
    }

    /** Start of the chunk that an address of the kernel lies in. */
    int chunkOf(long address) {
        return (int) address & chunkMask;
    }
}
