package io.spinwire.script;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A NIC whose cable the stage holds. */
final class StageNic implements Nic {
    private static final int SLOT = 65_536 + 64;
    private static final int FRAME_OFFSET = 2; // so that IP headers are aligned
    private static final int ETHERNET = 18;

    final ArrayDeque<byte[]> incoming = new ArrayDeque<>();

    private final UnsafeBuffer rx = new UnsafeBuffer(new byte[SLOT]);
    private final UnsafeBuffer tx = new UnsafeBuffer(new byte[SLOT]);
    private final Consumer<byte[]> cable;
    private final long mac;
    private final int mtu;

    StageNic(long mac, int mtu, Consumer<byte[]> cable) {
        this.mac = mac;
        this.mtu = mtu;
        this.cable = cable;
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        int count = 0;
        while (count < frameLimit && !incoming.isEmpty()) {
            final byte[] frame = incoming.poll();
            rx.putBytes(FRAME_OFFSET, frame);
            handler.onFrame(rx, FRAME_OFFSET, frame.length);
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
        if (length > mtu + ETHERNET) {
            throw new AssertionError("claim of " + length + " at an MTU of " + mtu);
        }
        return FRAME_OFFSET;
    }

    @Override
    public void commit(int length) {
        final byte[] frame = new byte[length];
        tx.getBytes(FRAME_OFFSET, frame);
        cable.accept(frame);
    }

    @Override
    public void abort() {
        // nothing was taken
    }

    @Override
    public int txFree() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int flush() {
        return 0;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public long macAddress() {
        return mac;
    }

    @Override
    public String name() {
        return "stage";
    }

    @Override
    public void close() {
        incoming.clear();
    }
}
