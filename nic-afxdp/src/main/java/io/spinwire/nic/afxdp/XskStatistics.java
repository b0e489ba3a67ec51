package io.spinwire.nic.afxdp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a NIC has counted, filled in place by {@link XskNic#readStatistics}: the kernel's {@code struct xdp_statistics},
 * then the driver's own. Reading allocates nothing. Thread of the NIC.
 */
public final class XskStatistics {
    static final int KERNEL_LENGTH = 48;

    /** Frames that did not fit a frame, or that the socket could not take. */
    public long rxDropped;

    /** Addresses in the fill ring that the kernel refused. Never, or it is a fault of the driver. */
    public long rxInvalidDescriptors;

    /** Descriptors in the TX ring that the kernel skipped: frames lost to us. Never, or it is a fault of the driver. */
    public long txInvalidDescriptors;

    /** Frames dropped because the engine did not read the RX ring in time. */
    public long rxRingFull;

    /** Times that the kernel wanted a free frame and the fill ring had none. */
    public long rxFillRingEmpty;

    /** Times that the kernel looked for frames to send and found none. */
    public long txRingEmpty;

    /** Frames handed to the engine. */
    public long received;

    /** Frames committed for sending. */
    public long sent;

    /** Frames that the kernel has given back after sending. */
    public long completed;

    /** Claims refused: every frame was under way, or the TX ring was full. */
    public long claimsRefused;

    /** System calls to start sending. */
    public long kicks;

    /** Kicks that the kernel cut short (EAGAIN, EBUSY, ENOBUFS, EINTR) and that were or will be repeated. */
    public long kickRetries;

    /** Kicks that failed otherwise: link down, interface gone. */
    public long kickFailures;

    /** The errno of the last of {@link #kickFailures}; 0 when there was none. */
    public int lastKickErrno;

    /** System calls to wake or run the NIC's receiving side. */
    public long polls;

    /** Frames that no one uses: for sending. */
    public int framesFree;

    /** Frames in the fill ring: the kernel's, to receive into. */
    public int framesFill;

    /** Frames in the RX ring: received, and not read yet. */
    public int framesRx;

    /** Frames committed for sending that the kernel has not given back. */
    public int framesTx;

    /**
     * All others: being read, claimed, or with the kernel or the NIC between two rings. With zero-copy the NIC's own
     * receive ring is here.
     */
    public int framesElsewhere;

    private final MemorySegment kernel = Arena.ofAuto().allocate(KERNEL_LENGTH + Long.BYTES, Long.BYTES);

    /** Memory for the kernel to fill; its length word lies right behind it. */
    MemorySegment kernelMemory() {
        return kernel;
    }

    void takeKernelCounts() {
        rxDropped = count(0);
        rxInvalidDescriptors = count(8);
        txInvalidDescriptors = count(16);
        rxRingFull = count(24);
        rxFillRingEmpty = count(32);
        txRingEmpty = count(40);
    }

    private long count(int offset) {
        return kernel.get(ValueLayout.JAVA_LONG, offset);
    }
}
