package io.spinwire.bench.end;

import io.spinwire.nic.FrameHandler;
import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/**
 * Frames of equal size over AF_XDP without any protocol: the floor under every stack on this driver. A message is one
 * frame that is as long as the TCP segment with that payload would be.
 */
final class RawWire implements Wire {
    /** Ethernet, IPv4 and TCP headers with timestamps. */
    static final int HEADERS = 14 + 20 + 32;

    private static final int BURST = 64;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final short ETHER_TYPE_IPV4 = 0x0008; // as it lies in memory on a little-endian machine

    private final Nic nic;
    private final int payload;
    private final FrameHandler counter = this::onFrame;
    private int received;

    RawWire(Nic nic, int payload) {
        this.nic = nic;
        this.payload = payload;
        if (HEADERS + payload > nic.mtu() + 14) {
            throw new IllegalArgumentException("payload " + payload + " exceeds the MTU " + nic.mtu());
        }
    }

    private void onFrame(MutableDirectBuffer buffer, int offset, int length) {
        if (length == HEADERS + payload) { // anything else is none of ours
            received += payload;
        }
    }

    /** As many frames as {@code length} holds whole messages, at least one; one kick for all. */
    @Override
    public int send(int length) {
        int sent = 0;
        do {
            final int offset = nic.claim(HEADERS + payload);
            if (offset == Nic.REFUSED) {
                break;
            }
            final MutableDirectBuffer buffer = nic.txBuffer();
            buffer.putLong(offset, BROADCAST); // and two bytes of the source, written next
            buffer.putLong(offset + 6, nic.macAddress());
            buffer.putShort(offset + 12, ETHER_TYPE_IPV4);
            nic.commit(HEADERS + payload);
            sent += payload;
        } while (sent + payload <= length);
        nic.flush();
        return sent;
    }

    @Override
    public int receive() {
        received = 0;
        nic.receive(counter, BURST);
        return received;
    }

    @Override
    public void turn() {
        nic.flush();
    }

    @Override
    public void close() {}
}
