package io.spinwire.tcp;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/** Loses every so many frames that are sent, hashes all, and allocates nothing. */
final class LossyNic implements Nic {
    private final Nic nic;
    private final int period;
    private int count;
    private int claimed;
    private long hash = 1;

    LossyNic(Nic nic, int period) {
        this.nic = nic;
        this.period = period;
    }

    @Override
    public int receive(FrameHandler handler, int frameLimit) {
        return nic.receive(handler, frameLimit);
    }

    @Override
    public MutableDirectBuffer txBuffer() {
        return nic.txBuffer();
    }

    @Override
    public int claim(int length) {
        claimed = nic.claim(length);
        return claimed;
    }

    @Override
    public void commit(int length) {
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + nic.txBuffer().getByte(claimed + i);
        }
        if (++count % period == 0) {
            nic.abort();
        } else {
            nic.commit(length);
        }
    }

    long hash() {
        return hash;
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
