package io.spinwire.api;

import org.agrona.DirectBuffer;

/** Takes received bytes from {@link TcpSocket#poll}. */
@FunctionalInterface
public interface DataHandler {

    /**
     * A contiguous run of received bytes, valid only during the call.
     *
     * @return bytes taken, 0 to {@code length}; the rest stays and ends this poll
     */
    int onData(DirectBuffer buffer, int offset, int length);
}
