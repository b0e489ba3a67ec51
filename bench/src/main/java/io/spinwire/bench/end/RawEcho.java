package io.spinwire.bench.end;

import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/**
 * Sends every frame back, one kick for each: the least that an echo over AF_XDP can do. As it is, or with the addresses
 * and ports of a UDP datagram swapped, so that a kernel socket takes it for its answer.
 */
final class RawEcho {
    private static final int BURST = 64;
    private static final int MAC = 0; // destination, then source
    private static final int MAC_LENGTH = 6;
    private static final int IP_SOURCE = 14 + 12; // RFC 791 section 3.1, no options
    private static final int UDP_PORTS = 14 + 20; // RFC 768: source, destination

    private final Nic nic;
    private final boolean isSwapping;

    RawEcho(Nic nic, boolean isSwapping) {
        this.nic = nic;
        this.isSwapping = isSwapping;
    }

    /** One burst. Returns frames sent back. */
    int turn() {
        return nic.receive(this::onFrame, BURST);
    }

    private void onFrame(MutableDirectBuffer buffer, int offset, int length) {
        final int reply = nic.claim(length);
        if (reply == Nic.REFUSED) {
            return;
        }
        final MutableDirectBuffer frame = nic.txBuffer();
        frame.putBytes(reply, buffer, offset, length);
        if (isSwapping && length >= UDP_PORTS + Integer.BYTES) {
            frame.putBytes(reply + MAC, buffer, offset + MAC + MAC_LENGTH, MAC_LENGTH);
            frame.putBytes(reply + MAC + MAC_LENGTH, buffer, offset + MAC, MAC_LENGTH);
            frame.putInt(reply + IP_SOURCE, buffer.getInt(offset + IP_SOURCE + Integer.BYTES));
            frame.putInt(reply + IP_SOURCE + Integer.BYTES, buffer.getInt(offset + IP_SOURCE));
            frame.putInt(reply + UDP_PORTS, Integer.rotateLeft(buffer.getInt(offset + UDP_PORTS), Short.SIZE));
        }
        nic.commit(length);
        nic.flush();
    }
}
