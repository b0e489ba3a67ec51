package io.spinwire.nic;

/**
 * A cable in memory with a NIC at each end: what one end commits and flushes, the other receives, in order, with
 * nothing lost. Both ends may be driven by one thread (simulation, benchmarks), or each by a thread of its own.
 */
public final class Pipe implements AutoCloseable {
    /** Ethernet's usual MTU. */
    public static final int DEFAULT_MTU = 1500;

    /** Frames each way; veth's ring has as many ({@code VETH_RING_SIZE}). */
    public static final int DEFAULT_RING_FRAMES = 256;

    /** Locally administered, unicast (IEEE 802 section 8.2): second lowest bit of the first byte set, lowest clear. */
    public static final long DEFAULT_MAC_A = 0x0200_0000_000AL;

    public static final long DEFAULT_MAC_B = 0x0200_0000_000BL;

    /** RFC 791: every host must be able to take a datagram of 68 bytes. */
    private static final int MIN_MTU = 68;

    /** An IPv4 datagram cannot be longer. */
    private static final int MAX_MTU = 65_535;

    private final PipeNic a;
    private final PipeNic b;

    public Pipe() {
        this(DEFAULT_MTU, DEFAULT_RING_FRAMES);
    }

    public Pipe(int mtu, int ringFrames) {
        this(mtu, ringFrames, DEFAULT_MAC_A, DEFAULT_MAC_B);
    }

    /**
     * A pipe.
     *
     * @param mtu largest Ethernet payload, 68 to 65535 bytes
     * @param ringFrames frames that fit in each direction, a power of two
     * @param macA hardware address of {@link #a()}, first byte on the wire most significant
     * @param macB hardware address of {@link #b()}
     */
    public Pipe(int mtu, int ringFrames, long macA, long macB) {
        if (mtu < MIN_MTU || mtu > MAX_MTU) {
            throw new NicException("pipe with mtu " + mtu + ": give " + MIN_MTU + " to " + MAX_MTU);
        }
        final FrameRing aToB = new FrameRing(ringFrames, PipeNic.maxFrameLength(mtu));
        final FrameRing bToA = new FrameRing(ringFrames, PipeNic.maxFrameLength(mtu));
        a = new PipeNic("pipe:a", mtu, macA, aToB, bToA);
        b = new PipeNic("pipe:b", mtu, macB, bToA, aToB);
    }

    public PipeNic a() {
        return a;
    }

    public PipeNic b() {
        return b;
    }

    /** Closes both ends; for when neither has a thread of its own any more. */
    @Override
    public void close() {
        a.close();
        b.close();
    }
}
