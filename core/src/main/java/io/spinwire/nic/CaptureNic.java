package io.spinwire.nic;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * A NIC that is listened to: a decorator that copies each frame received, before its handler may change it, and each
 * frame committed into a {@link CaptureRing}, from which a {@link CaptureWriter} makes a file. Received frames carry
 * the time of their burst, sent ones that of their commit. Never blocks and never loses a frame but for the file.
 * Engine thread only.
 */
public final class CaptureNic implements Nic {
    private final Nic nic;
    private final NanoClock clock;
    private final CaptureRing ring;
    private final FrameHandler tap = this::onFrame;
    private FrameHandler handler;
    private long burstNs;
    private int claimedOffset = REFUSED;

    /**
     * A decorator.
     *
     * @param nic the NIC to listen to; closed with this one
     * @param clock the engine's
     * @param ring emptied by a {@link CaptureWriter}
     */
    public CaptureNic(Nic nic, NanoClock clock, CaptureRing ring) {
        this.nic = nic;
        this.clock = clock;
        this.ring = ring;
    }

    @Override
    public int receive(FrameHandler receiver, int frameLimit) {
        burstNs = clock.nanoTime();
        handler = receiver;
        return nic.receive(tap, frameLimit);
    }

    private void onFrame(MutableDirectBuffer buffer, int offset, int length) {
        ring.capture(PcapNg.INBOUND, burstNs, buffer, offset, length);
        handler.onFrame(buffer, offset, length);
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return nic.txBuffer();
    }

    @Override
    public int claim(int length) {
        claimedOffset = nic.claim(length);
        return claimedOffset;
    }

    @Override
    public void commit(int length) {
        assert claimedOffset != REFUSED : "commit without a claim";
        ring.capture(PcapNg.OUTBOUND, clock.nanoTime(), nic.txBuffer(), claimedOffset, length);
        claimedOffset = REFUSED;
        nic.commit(length);
    }

    @Override
    public void abort() {
        claimedOffset = REFUSED;
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
    public void visitFigures(FigureVisitor visitor) {
        nic.visitFigures(visitor);
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
