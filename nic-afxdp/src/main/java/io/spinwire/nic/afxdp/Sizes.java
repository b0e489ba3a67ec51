package io.spinwire.nic.afxdp;

import io.spinwire.nic.NicException;
import io.spinwire.wire.Ethernet;

/**
 * How big the parts of a NIC are: what the specification says, and for what it leaves open, what fits the interface.
 *
 * @param ring entries of each ring; as many frames are posted for receiving
 * @param frames in the UMEM; those that are not for receiving are for sending
 * @param frameSize bytes of a chunk
 */
record Sizes(int ring, int frames, int frameSize) {
    /** Two times 1024 frames of 2 KiB are 4 MiB: a burst of 1,500,000 bytes fits the RX ring. */
    static final int DEFAULT_RING = 1024;

    /** Bytes that the kernel keeps before each received frame (XDP_PACKET_HEADROOM). */
    static final int RX_HEADROOM = 256;

    private static final int SMALL_FRAME = 2048;
    private static final int LARGE_FRAME = 4096;

    /** Longest frame on an interface: MTU, Ethernet header and one VLAN tag. */
    static int maxFrameLength(int mtu) {
        return mtu + Ethernet.HEADER_LENGTH + Ethernet.VLAN_TAG_LENGTH;
    }

    /** @param hardwareRing entries of the NIC's own RX ring, 0 when it has none or does not tell */
    static Sizes of(XskSpecification wanted, int hardwareRing, int mtu) {
        final int frameSize = frameSize(wanted, mtu);
        final int ring = ring(wanted, hardwareRing);
        final int frames = wanted.frames() == XskSpecification.AUTO ? 2 * ring : wanted.frames();
        return new Sizes(ring, frames, frameSize);
    }

    private static int frameSize(XskSpecification wanted, int mtu) {
        final int needed = maxFrameLength(mtu) + RX_HEADROOM;
        final int smallestFitting = needed <= SMALL_FRAME ? SMALL_FRAME : LARGE_FRAME;
        final int frameSize = wanted.frameSize() == XskSpecification.AUTO ? smallestFitting : wanted.frameSize();
        if (needed > frameSize) {
            throw new NicException(
                    wanted.name() + ": mtu " + mtu + " + " + (needed - mtu) + " bytes of headers > frame "
                            + frameSize + ": lower the MTU (ip link set dev " + wanted.interfaceName() + " mtu "
                            + (frameSize - (needed - mtu)) + ")"
                            + (frameSize < LARGE_FRAME && needed <= LARGE_FRAME ? " or use frame-size=4096" : ""));
        }
        return frameSize;
    }

    /** With zero-copy the NIC holds a whole ring of its own in frames, and must be refilled while another is read. */
    private static int ring(XskSpecification wanted, int hardwareRing) {
        if (wanted.ring() != XskSpecification.AUTO) {
            return wanted.ring();
        }
        final boolean mayBeZeroCopy =
                wanted.copy() != XskSpecification.Copy.COPY && wanted.mode() != XskSpecification.Mode.GENERIC;
        final int twoHardwareRings = mayBeZeroCopy ? Integer.highestOneBit(Math.max(1, 2 * hardwareRing - 1)) * 2 : 0;
        final int fitting = Math.clamp(twoHardwareRings, DEFAULT_RING, XskSpecification.MAX_RING);
        if (wanted.frames() == XskSpecification.AUTO) {
            return fitting;
        }
        return Math.min(fitting, Integer.highestOneBit(wanted.frames() / 2));
    }
}
