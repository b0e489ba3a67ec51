package io.spinwire.bench.end;

import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/** Sends frames of one length as fast as they are taken, one kick for a burst. */
final class RawFlood {
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final short ETHER_TYPE_IPV4 = 0x0008; // as it lies in memory on a little-endian machine

    private final Nic nic;
    private final int length;
    private final int burst;

    RawFlood(Nic nic, int length, int burst) {
        this.nic = nic;
        this.length = length;
        this.burst = burst;
    }

    /** Answers the frames that were taken. */
    int turn() {
        final MutableDirectBuffer buffer = nic.txBuffer();
        int taken = 0;
        while (taken < burst) {
            final int offset = nic.claim(length);
            if (offset == Nic.REFUSED) {
                break;
            }
            buffer.putLong(offset, BROADCAST); // and two bytes of the source, written next
            buffer.putLong(offset + 6, nic.macAddress());
            buffer.putShort(offset + 12, ETHER_TYPE_IPV4);
            nic.commit(length);
            taken++;
        }
        nic.flush();
        return taken;
    }
}
