package io.spinwire.link;

import io.spinwire.nic.Frame;
import io.spinwire.stats.DropReason;

/** First in, first out; how many may wait is the limit of the pool of frames. Linux: {@code pfifo_qdisc_ops}. */
final class Pfifo implements FrameQueue {
    private final QdiscFrames frames;
    private int head = QdiscFrames.NONE;
    private int tail = QdiscFrames.NONE;

    Pfifo(QdiscFrames frames) {
        this.frames = frames;
    }

    @Override
    public boolean mayPass(Frame frame, long nowNs) {
        return head == QdiscFrames.NONE;
    }

    @Override
    public DropReason enqueue(int slot, Frame frame, long nowNs) {
        frames.next[slot] = QdiscFrames.NONE;
        if (head == QdiscFrames.NONE) {
            head = slot;
        } else {
            frames.next[tail] = slot;
        }
        tail = slot;
        return null;
    }

    @Override
    public int peek(long nowNs) {
        return head;
    }

    @Override
    public void remove() {
        head = frames.next[head];
    }

    @Override
    public long nextDepartureNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public int oldest(int sock) {
        return head;
    }

    @Override
    public boolean isFlowFull(int sock) {
        return false;
    }

    @Override
    public boolean isPacing() {
        return false;
    }
}
