package io.spinwire.tcp;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A NIC whose cable the test holds: it puts frames in, and takes those that were sent. */
final class ScriptNic implements Nic {
    private static final int SLOT = 2048;
    private static final int FRAME_OFFSET = 2; // so that IP headers are aligned

    /** Frames that the engine finds in its next bursts. */
    final ArrayDeque<byte[]> incoming = new ArrayDeque<>();

    /** Frames that claims may still get; the test refills it. */
    int free = Integer.MAX_VALUE;

    long committed;

    private final UnsafeBuffer rx = new UnsafeBuffer(new byte[SLOT]);
    private final UnsafeBuffer tx = new UnsafeBuffer(new byte[SLOT]);
    private final Consumer<byte[]> cable;
    private final long mac;
    private boolean isClaimed;

    ScriptNic(long mac, Consumer<byte[]> cable) {
        this.mac = mac;
        this.cable = cable;
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        int count = 0;
        while (count < frameLimit && !incoming.isEmpty()) {
            final byte[] frame = incoming.poll();
            rx.putBytes(FRAME_OFFSET, frame);
            handler.onFrame(rx, FRAME_OFFSET, frame.length);
            rx.setMemory(0, SLOT, (byte) 0xEE); // what was lent is gone
            count++;
        }
        return count;
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return tx;
    }

    @Override
    public int claim(int length) {
        if (isClaimed || length > mtu() + 18) {
            throw new AssertionError("claim of " + length + (isClaimed ? " while another is open" : ""));
        }
        if (free == 0) {
            return REFUSED;
        }
        isClaimed = true;
        return FRAME_OFFSET;
    }

    @Override
    public void commit(int length) {
        abort();
        free -= free == Integer.MAX_VALUE ? 0 : 1;
        committed++;
        final byte[] frame = new byte[length];
        tx.getBytes(FRAME_OFFSET, frame);
        cable.accept(frame);
    }

    @Override
    public void abort() {
        if (!isClaimed) {
            throw new AssertionError("no claim is open");
        }
        isClaimed = false;
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
        return "script";
    }

    @Override
    public void close() {}
}
