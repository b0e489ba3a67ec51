package io.spinwire.bench.jmh;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import io.spinwire.wire.Ethernet;
import io.spinwire.wire.Ipv4;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A NIC of which one side is measured alone. At first it is the NIC that it was given, and remembers the frame that it
 * received last. Then the peer is cut off: what is sent is counted and gone, and what is received is the remembered
 * frame again and again, one of its numbers a step further each time, with its checksum brought up to date (RFC 1624
 * section 3). One thread.
 */
final class ReplayNic implements Nic {
    /** Where the sequence number of a frame is, without IP options. */
    static final int SEQ = Ethernet.HEADER_LENGTH + Ipv4.HEADER_LENGTH + 4;

    /** Where its acknowledgement number is. */
    static final int ACK = SEQ + 4;

    private static final int CHECKSUM = SEQ + 12;
    private static final int ROOM = 2048;
    private static final int SHORT_BITS = 16;
    private static final int SHORT_MASK = 0xFFFF;

    private final Nic nic;
    private final UnsafeBuffer frame = new UnsafeBuffer(BufferUtil.allocateDirectAligned(ROOM, 64));
    private int length;
    private int numberOffset;
    private int step;
    private int waiting;
    private boolean isCutOff;
    private long sent;
    private int unflushed;

    ReplayNic(Nic nic) {
        this.nic = nic;
    }

    /**
     * Cuts the peer off.
     *
     * @param newNumberOffset {@link #SEQ} or {@link #ACK}
     * @param newStep by which that number grows with each frame
     */
    void cutOff(int newNumberOffset, int newStep) {
        numberOffset = newNumberOffset;
        step = newStep;
        isCutOff = true;
    }

    /** So many more frames are there to be received. */
    void arrive(int frames) {
        waiting += frames;
    }

    /** Frames that were sent since the peer is gone. */
    long sent() {
        return sent;
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        if (!isCutOff) {
            return nic.receive(
                    (buffer, offset, received) -> {
                        length = received;
                        frame.putBytes(0, buffer, offset, received);
                        handler.onFrame(buffer, offset, received);
                    },
                    frameLimit);
        }
        final int count = Math.min(waiting, frameLimit);
        for (int i = 0; i < count; i++) {
            advance();
            handler.onFrame(frame, 0, length);
        }
        waiting -= count;
        return count;
    }

    private void advance() {
        final int before = Integer.reverseBytes(frame.getInt(numberOffset));
        final int after = before + step;
        frame.putInt(numberOffset, Integer.reverseBytes(after));
        int sum = ~Short.reverseBytes(frame.getShort(CHECKSUM)) & SHORT_MASK;
        sum += (~before >>> SHORT_BITS) + (~before & SHORT_MASK) + (after >>> SHORT_BITS) + (after & SHORT_MASK);
        sum = (sum & SHORT_MASK) + (sum >>> SHORT_BITS);
        sum = (sum & SHORT_MASK) + (sum >>> SHORT_BITS);
        frame.putShort(CHECKSUM, Short.reverseBytes((short) ~sum));
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return nic.txBuffer();
    }

    @Override
    public int claim(int claimed) {
        return nic.claim(claimed);
    }

    @Override
    public void commit(int committed) {
        if (isCutOff) {
            sent++;
            unflushed++;
            nic.abort();
        } else {
            nic.commit(committed);
        }
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
        if (!isCutOff) {
            return nic.flush();
        }
        final int flushed = unflushed;
        unflushed = 0;
        return flushed;
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
