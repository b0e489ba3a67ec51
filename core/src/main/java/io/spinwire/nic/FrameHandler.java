package io.spinwire.nic;

import org.agrona.MutableDirectBuffer;

/** Where received frames go: the link layer's door. Linux: {@code netif_receive_skb()}. */
@FunctionalInterface
public interface FrameHandler {

    /**
     * One received frame, lent for the time of this call. The handler may write into it.
     *
     * @param buffer the NIC's memory
     * @param offset of the Ethernet header
     * @param length bytes, without FCS
     */
    void onFrame(MutableDirectBuffer buffer, int offset, int length);
}
