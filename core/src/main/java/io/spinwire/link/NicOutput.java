package io.spinwire.link;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;
import io.spinwire.nic.Nic;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import org.agrona.MutableDirectBuffer;

/**
 * The last room before the NIC on the way out: lends its frames and hands them back filled. A few frames are kept for
 * what must not wait (ACK, RST, ARP). Linux: {@code dev_hard_start_xmit()}. Frames shorter than 60 bytes are not padded
 * here: hardware pads (IEEE 802.3 4.2.8), and veth and memory need none. Engine thread only.
 */
public final class NicOutput {
    private static final int MAX_RESERVED_FRAMES = 8;

    /** At most one part in so many of the ring is reserved. */
    private static final int RESERVED_PART = 8;

    /** One transmit queue per engine. */
    private static final int QUEUE = 0;

    private final Nic nic;
    private final MutableDirectBuffer buffer;
    private final int reservedFrames;
    private final Counters counters;
    private final Hooks hooks;

    /** Makes the room; {@code nic} has all its transmit frames free. */
    public NicOutput(Nic nic, Counters counters, Hooks hooks) {
        this.nic = nic;
        this.counters = counters;
        this.hooks = hooks;
        buffer = nic.txBuffer();
        reservedFrames = Math.min(MAX_RESERVED_FRAMES, nic.txFree() / RESERVED_PART);
    }

    /**
     * Claims a frame.
     *
     * @param frame takes buffer, macOffset and limit
     * @param length bytes, Ethernet header included
     * @param isPriority whether the reserved frames may be used
     * @return false when there is none, which is counted
     */
    boolean claim(Frame frame, int length, boolean isPriority) {
        final int offset = isPriority || nic.txFree() > reservedFrames ? nic.claim(length) : Nic.REFUSED;
        if (offset == Nic.REFUSED) {
            counters.increment(Counter.LinkTxRefused);
            return false;
        }
        frame.buffer = buffer;
        frame.macOffset = offset;
        frame.limit = offset + length;
        frame.sock = -1;
        frame.departureNs = 0;
        return true;
    }

    /** Sends the claimed frame. Linux: {@code dev_hard_start_xmit()}. */
    void hardStartXmit(Frame frame) {
        if (Hooks.isOn()) {
            fire(HookPoint.dev_hard_start_xmit, frame);
            fire(HookPoint.xmit_one, frame);
            fire(HookPoint.net_dev_start_xmit, frame);
            fire(HookPoint.netdev_start_xmit, frame);
            fire(HookPoint.ndo_start_xmit, frame);
        }
        final int length = frame.length();
        nic.commit(length);
        counters.increment(Counter.LinkOutFrames);
        counters.add(Counter.LinkOutBytes, length);
        if (Hooks.isOn()) {
            fire(HookPoint.net_dev_xmit, frame);
        }
    }

    /** Gives the claimed frame back unsent. */
    void abort() {
        nic.abort();
    }

    private void fire(HookPoint point, Frame frame) {
        hooks.fire(point, frame.sock, QUEUE, frame.buffer, frame.macOffset, frame.length());
    }
}
