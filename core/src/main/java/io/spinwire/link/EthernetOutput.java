package io.spinwire.link;

import io.spinwire.hook.HookPoint;
import io.spinwire.hook.Hooks;
import io.spinwire.nic.Frame;

/**
 * Where whole Ethernet frames enter the device's queueing discipline: from {@link NeighbourOutput} and ARP, towards
 * {@link NicOutput}. Engine thread only. Linux: {@code dev_queue_xmit()}.
 */
public final class EthernetOutput {
    /** One transmit queue per engine. */
    private static final int QUEUE = 0;

    private final Qdisc qdisc;
    private final Hooks hooks;

    public EthernetOutput(Qdisc qdisc, Hooks hooks) {
        this.qdisc = qdisc;
        this.hooks = hooks;
    }

    /** Claims a frame of {@code length} bytes, Ethernet header included; see {@link Qdisc#claim}. */
    boolean claim(Frame frame, int length, boolean isPriority) {
        return qdisc.claim(frame, length, isPriority);
    }

    /** Sends the claimed frame from its macOffset to its limit. Linux: {@code __dev_queue_xmit()}. */
    void queueXmit(Frame frame) {
        if (Hooks.isOn()) {
            fire(HookPoint.dev_queue_xmit, frame);
            fire(HookPoint.__dev_queue_xmit, frame);
            fire(HookPoint.net_dev_queue, frame);
        }
        qdisc.enqueue(frame);
    }

    void abort(Frame frame) {
        qdisc.abort(frame);
    }

    private void fire(HookPoint point, Frame frame) {
        hooks.fire(point, frame.sock, QUEUE, frame.buffer, frame.macOffset, frame.length());
    }
}
