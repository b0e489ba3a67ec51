package io.spinwire.nic;

import org.agrona.MutableDirectBuffer;

/**
 * One queue of a network card, seen by the one engine thread that owns it. Frames are whole Ethernet frames without
 * FCS.
 *
 * <p>Receiving: {@link #receive} lends each frame of a burst to the handler for the time of the call, never longer.
 * Sending: {@link #claim} lends one free frame, {@link #commit} or {@link #abort} gives it back; at most one claim is
 * open at a time, and committed frames leave in order. Nothing is promised to be on the wire before {@link #flush}. No
 * method blocks, allocates or throws on the data path.
 */
public interface Nic extends AutoCloseable {

    /** Returned by {@link #claim}: no free frame now; try again after a later {@link #flush}. */
    int REFUSED = -1;

    /**
     * Hands at most {@code frameLimit} received frames to {@code handler}, in order.
     *
     * @return frames handed over
     */
    int receive(FrameHandler handler, int frameLimit);

    /** The memory that offsets from {@link #claim} point into; the same object for the life of the NIC. */
    MutableDirectBuffer txBuffer();

    /**
     * Claims a free frame of at least {@code length} bytes; the bytes before the offset are not the caller's.
     *
     * @param length bytes, Ethernet header included, at most {@link #mtu()} + 18
     * @return offset of the frame in {@link #txBuffer()}, or {@link #REFUSED}
     */
    int claim(int length);

    /** Hands the claimed frame over for sending. {@code length} is at most the length claimed, at least 14. */
    void commit(int length);

    /** Gives the claimed frame back unsent. */
    void abort();

    /** Frames that {@link #claim} would grant in a row now; a lower bound. */
    int txFree();

    /**
     * Starts the sending of what was committed (the kick), and takes back frames that have been sent.
     *
     * @return frames taken back, a measure of work done
     */
    int flush();

    /**
     * When this NIC has something to do next (a delayed frame falls due), on the engine's clock.
     *
     * @return nanoseconds, or {@link Long#MAX_VALUE} when only the outside world can wake it
     */
    default long nextDeadlineNs() {
        return Long.MAX_VALUE;
    }

    /** Shows what this NIC itself counts and holds, in a fixed order; allocates nothing. The default has no figures. */
    default void visitFigures(FigureVisitor visitor) {}

    /** Largest Ethernet payload in bytes: IP header and all. */
    int mtu();

    /** Own hardware address, in the low 48 bits, first byte on the wire most significant. */
    long macAddress();

    /** What a person calls it: {@code afxdp:eth0,queue=0}. */
    String name();

    /** Detaches from the network and frees everything. Idempotent. */
    @Override
    void close();
}
