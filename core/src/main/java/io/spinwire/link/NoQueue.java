package io.spinwire.link;

import io.spinwire.nic.Frame;

/**
 * No queue: frames are claimed from the NIC and go straight to it, without a copy. Linux: {@code noqueue_qdisc_ops}.
 */
public final class NoQueue implements Qdisc {
    private final NicOutput nicOutput;

    public NoQueue(NicOutput nicOutput) {
        this.nicOutput = nicOutput;
    }

    @Override
    public boolean claim(Frame frame, int length, boolean isPriority) {
        return nicOutput.claim(frame, length, isPriority);
    }

    @Override
    public void enqueue(Frame frame) {
        nicOutput.hardStartXmit(frame);
    }

    @Override
    public void abort(Frame frame) {
        nicOutput.abort();
    }
}
