package io.spinwire.bench.end;

import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/** Sends frames of one length as fast as they are taken, one kick for a burst. */
final class RawFlood {
    private static final int BURST = 64;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final short ETHER_TYPE_IPV4 = 0x0008; // as it lies in memory on a little-endian machine

    private final Nic nic;
    private final int length;

    RawFlood(Nic nic, int length) {
        this.nic = nic;
        this.length = length;
    }

    void turn() {
        final MutableDirectBuffer buffer = nic.txBuffer();
        for (int i = 0; i < BURST; i++) {
            final int offset = nic.claim(length);
            if (offset == Nic.REFUSED) {
                break;
            }
            buffer.putLong(offset, BROADCAST); // and two bytes of the source, written next
            buffer.putLong(offset + 6, nic.macAddress());
            buffer.putShort(offset + 12, ETHER_TYPE_IPV4);
            nic.commit(length);
        }
        nic.flush();
    }
}
