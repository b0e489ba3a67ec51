package io.spinwire.sim;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/** A NIC that does what no network may do without being counted. */
final class SpoiltNic implements Nic {
    private static final int AFTER = 10; // frames
    private static final int DATA = 14 + 20 + 60; // where in a frame there is nothing but data

    private final Nic nic;
    private final Spoil spoil;
    private int received;

    /** What it does to frames that it receives. */
    enum Spoil {
        /** One is lost. */
        LOSE,
        /** Two words of data change places, which no checksum notices. */
        SWAP,
        /** After a while none comes any more. */
        STARVE
    }

    SpoiltNic(Nic nic, Spoil spoil) {
        this.nic = nic;
        this.spoil = spoil;
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        return nic.receive((buffer, offset, length) -> pass(handler, buffer, offset, length), frameLimit);
    }

    private void pass(FrameHandler handler, MutableDirectBuffer buffer, int offset, int length) {
        received++;
        if (spoil == Spoil.SWAP && length > DATA + 2 * Short.BYTES) {
            final short word = buffer.getShort(offset + DATA);
            buffer.putShort(offset + DATA, buffer.getShort(offset + DATA + Short.BYTES));
            buffer.putShort(offset + DATA + Short.BYTES, word);
        }
        final boolean isLost = spoil == Spoil.LOSE && received == AFTER || spoil == Spoil.STARVE && received > AFTER;
        if (!isLost) {
            handler.onFrame(buffer, offset, length);
        }
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return nic.txBuffer();
    }

    @Override
    public int claim(int length) {
        return nic.claim(length);
    }

    @Override
    public void commit(int length) {
        nic.commit(length);
    }

    @Override
    public void abort() {
        nic.abort();
    }

    @Override
    public int txFree() {
        return nic.txFree();
    }

    @Override
    public int flush() {
        return nic.flush();
    }

    @Override
    public long nextDeadlineNs() {
        return nic.nextDeadlineNs();
    }

    @Override
    public int mtu() {
        return nic.mtu();
    }

    @Override
    public long macAddress() {
        return nic.macAddress();
    }

    @Override
    public String name() {
        return nic.name();
    }

    @Override
    public void close() {
        nic.close();
    }
}
