package io.spinwire.ip;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the engine sends to itself: a bounded ring of datagrams without link header, filled by {@link IpOutput} and
 * drained once a turn, never from within a send. When it is full, claims are refused, so that the sender waits instead
 * of losing; a few frames are kept for what must not wait. Engine thread only. Linux: the {@code lo} device.
 */
public final class LocalDelivery {
    private static final int MAX_RESERVED_FRAMES = 8;

    /** At most one part in so many of the ring is reserved. */
    private static final int RESERVED_PART = 8;

    private static final int NO_CLAIM = -1;

    private final UnsafeBuffer buffer;
    private final int frames;
    private final int frameLength;
    private final int mtu;
    private final int[] lengths;
    private final Counters counters;
    private final Hooks hooks;
    private final Frame received = new Frame();
    private long head; // datagrams delivered
    private long tail; // datagrams sent
    private int claimed = NO_CLAIM;

    /**
     * An empty queue.
     *
     * @param frames datagrams that may wait, a power of two
     * @param mtu bytes of the longest
     */
    public LocalDelivery(int frames, int mtu, Counters counters, Hooks hooks) {
        if (!BitUtil.isPowerOfTwo(frames)) {
            throw new IllegalArgumentException("loop-back queue of " + frames + " frames: give a power of two");
        }
        this.frames = frames;
        this.mtu = mtu;
        frameLength = BitUtil.align(mtu, BitUtil.CACHE_LINE_LENGTH);
        buffer = new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(Math.multiplyExact(frames, frameLength), BitUtil.CACHE_LINE_LENGTH));
        lengths = new int[frames];
        this.counters = counters;
        this.hooks = hooks;
    }

    /** Bytes of the longest datagram. */
    public int mtu() {
        return mtu;
    }

    /** Datagrams that wait. */
    public int size() {
        return (int) (tail - head);
    }

    /** Claims a frame; the frame's macOffset and networkOffset are both its begin. False when the queue is full. */
    boolean claim(Frame frame, int length, boolean isPriority) {
        assert claimed == NO_CLAIM : "claim while one is open: commit or abort it first";
        assert length <= mtu : length + " bytes over an mtu of " + mtu;
        final int reserved = isPriority ? 0 : Math.min(MAX_RESERVED_FRAMES, frames / RESERVED_PART);
        if (tail - head >= frames - reserved) {
            counters.increment(Counter.IpLocalRefused);
            return false;
        }
        claimed = (int) tail & frames - 1;
        frame.buffer = buffer;
        frame.macOffset = claimed * frameLength;
        frame.networkOffset = frame.macOffset;
        frame.limit = frame.macOffset + length;
        frame.sock = -1;
        frame.departureNs = 0;
        return true;
    }

    /** Whether the frame lies in this queue. */
    boolean isHolding(Frame frame) {
        return frame.buffer == buffer;
    }

    void commit(Frame frame) {
        lengths[claimed] = frame.limit - frame.networkOffset;
        claimed = NO_CLAIM;
        tail++;
    }

    void abort() {
        claimed = NO_CLAIM;
    }

    /**
     * Delivers datagrams to {@code input}; what they cause to be sent here is delivered too, while the limit lasts.
     *
     * @param limit datagrams at the most
     * @return datagrams delivered
     */
    public int drain(IpInput input, int limit, long nowNs) {
        int delivered = 0;
        while (head < tail && delivered < limit) {
            final int slot = (int) head & frames - 1;
            received.buffer = buffer;
            received.macOffset = slot * frameLength;
            received.networkOffset = received.macOffset;
            received.limit = received.macOffset + lengths[slot];
            received.receivedNs = nowNs;
            counters.increment(Counter.IpLocalDelivered);
            if (Hooks.isOn()) {
                hooks.fire(HookPoint.netif_receive_skb, -1, 0, buffer, received.macOffset, lengths[slot]);
            }
            input.onLoopback(received);
            head++; // only now may the frame be written again
            delivered++;
        }
        return delivered;
    }
}
