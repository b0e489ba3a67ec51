package io.spinwire.bench.end;

import java.io.IOException;

/**
 * One connection as a load sees it: bytes go in, bytes come out, what they are does not matter. The same loop drives
 * every transport through it, so that what is compared is the transport. One thread.
 */
interface Wire extends AutoCloseable {
    /** Returned by {@link #receive} when the other side has closed and all was read. */
    int END = -1;

    /** Sends at most {@code length} bytes, now. Returns bytes taken, 0 when there is no room. */
    int send(int length) throws IOException;

    /** Looks once for bytes. Returns how many came, 0 for none, {@link #END} at the end. */
    int receive() throws IOException;

    /** Gives the transport a turn, without which some transports do nothing. */
    default void turn() {}

    /** Ends the sending side after what was sent; the rest is {@link #close}'s. */
    default void finish() throws IOException {}

    @Override
    void close() throws IOException;
}
