package io.spinwire.bench.end;

import io.spinwire.nic.Nic;
import org.agrona.MutableDirectBuffer;

/** Sends every frame back as it is, one kick for each: the least that an echo over AF_XDP can do. */
final class RawEcho {
    private static final int BURST = 64;

    private final Nic nic;

    RawEcho(Nic nic) {
        this.nic = nic;
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
        nic.txBuffer().putBytes(reply, buffer, offset, length);
        nic.commit(length);
        nic.flush();
    }
}
