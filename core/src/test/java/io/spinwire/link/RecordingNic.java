package io.spinwire.link;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A NIC that keeps copies of what is sent, and whose ring is as full as the test says. */
public final class RecordingNic implements Nic {
    private static final int SLOT = 2048;

    /** Frames committed, oldest first. */
    public final List<byte[]> sent = new ArrayList<>();

    /** Frames that claims may still get. */
    public int free;

    /** Off for tests that count allocated bytes. */
    public boolean isRecording = true;

    public long committedFrames;

    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[4 * SLOT]);
    private final long mac;
    private int slot;
    private int openLength = -1;

    public RecordingNic(long mac, int ringFrames) {
        this.mac = mac;
        free = ringFrames;
    }

    /** Removes and returns the oldest frame sent. */
    public byte[] take() {
        return sent.removeFirst();
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        return 0;
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return memory;
    }

    @Override
    public int claim(int length) {
        if (openLength >= 0) {
            throw new AssertionError("two claims open");
        }
        if (length > mtu() + 18) {
            throw new AssertionError("claim of " + length);
        }
        if (free == 0) {
            return REFUSED;
        }
        openLength = length;
        slot = slot + 1 & 3;
        return slot * SLOT + 2;
    }

    @Override
    public void commit(int length) {
        if (openLength < length) {
            throw new AssertionError("commit of " + length + " after a claim of " + openLength);
        }
        openLength = -1;
        free--;
        committedFrames++;
        if (isRecording) {
            final byte[] copy = new byte[length];
            memory.getBytes(slot * SLOT + 2, copy);
            sent.add(copy);
        } else {
            free++;
        }
    }

    @Override
    public void abort() {
        if (openLength < 0) {
            throw new AssertionError("abort without a claim");
        }
        openLength = -1;
    }

    public boolean isClaimOpen() {
        return openLength >= 0;
    }

    @Override
    public int txFree() {
        return free;
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public long macAddress() {
        return mac;
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public void close() {}
}
