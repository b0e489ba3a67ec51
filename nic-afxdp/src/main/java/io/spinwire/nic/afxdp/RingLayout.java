package io.spinwire.nic.afxdp;

/**
 * Where the parts of a mapped ring lie, in bytes from its start; {@code struct xdp_ring_offset}, as the kernel tells it
 * (XDP_MMAP_OFFSETS).
 */
record RingLayout(int producer, int consumer, int entries, int flags) {
    /** Size of one {@code struct xdp_ring_offset}. */
    static final int LENGTH = 32;

    static RingLayout read(Struct offsets, int at) {
        return new RingLayout((int) offsets.u64(at), (int) offsets.u64(at + 8), (int) offsets.u64(at + 16), (int)
                offsets.u64(at + 24));
    }
}
