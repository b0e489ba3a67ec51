package io.spinwire.api;

import org.agrona.MutableDirectBuffer;

/**
 * Room in a send buffer, lent by {@link TcpSocket#tryClaim} for writing in place. Reusable; one thread. In the manner
 * of Aeron's {@code BufferClaim}.
 */
public final class WriteClaim {
    /** What a claim is given back to. */
    public interface Owner {
        /** Ends the open claim, appending its first {@code length} bytes to the stream; 0 gives it all back. */
        void endClaim(int length);
    }

    private Owner owner;
    private MutableDirectBuffer buffer;
    private int offset;
    private int length;

    /** For the socket that lends. */
    public void lend(Owner newOwner, MutableDirectBuffer newBuffer, int newOffset, int newLength) {
        owner = newOwner;
        buffer = newBuffer;
        offset = newOffset;
        length = newLength;
    }

    public MutableDirectBuffer buffer() {
        return buffer;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** Appends the first {@code used} bytes to the stream, 0 to {@link #length()}; the rest is given back. */
    public void commit(int used) {
        if (used < 0 || used > length) {
            throw new IllegalArgumentException("commit of " + used + " bytes in a claim of " + length);
        }
        end(used);
    }

    /** Gives all of it back; nothing is sent. */
    public void abort() {
        end(0);
    }

    private void end(int used) {
        if (owner == null) {
            throw new IllegalStateException("no claim is open");
        }
        final Owner lender = owner;
        owner = null;
        buffer = null;
        length = 0;
        lender.endClaim(used);
    }
}
