package io.spinwire.hook;

import io.spinwire.stats.Counters;
import io.spinwire.stats.DropReason;
import org.agrona.DirectBuffer;

/**
 * Where every packet that goes no further ends: counted under its reason, and shown to whoever watches. Engine thread
 * only. Linux: {@code kfree_skb_reason()}.
 */
public final class Drops {
    private final Counters counters;
    private final Hooks hooks;

    public Drops(Counters counters, Hooks hooks) {
        this.counters = counters;
        this.hooks = hooks;
    }

    /**
     * Drops a packet.
     *
     * @param sock index of its socket, or -1
     * @param offset of the header of the layer that drops it
     * @param length bytes from there to the packet's end
     */
    public void drop(DropReason reason, int sock, DirectBuffer buffer, int offset, int length) {
        counters.drop(reason);
        if (Hooks.isOn()) {
            hooks.fire(HookPoint.kfree_skb, sock, reason.ordinal(), buffer, offset, length);
        }
    }
}
