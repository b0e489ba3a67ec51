package io.spinwire.queue;

import org.agrona.DirectBuffer;

/** Takes received bytes out of a {@link ReceiveQueue}. */
@FunctionalInterface
public interface ReadHandler {
    /**
     * @param buffer valid during the call only
     * @param length bytes at {@code offset}, more than 0
     * @return bytes taken; fewer than {@code length} ends the poll, and the rest is offered again by the next one
     */
    int onBytes(DirectBuffer buffer, int offset, int length);
}
