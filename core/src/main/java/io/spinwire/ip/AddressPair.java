package io.spinwire.ip;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The two addresses of a conversation in one {@code long}: local in the high half, remote in the low. Opaque to TCP, so
 * that IPv6 can come with another meaning of it. Any thread.
 */
public final class AddressPair {
    private AddressPair() {}

    /** Packs two IPv4 addresses, each in network order as int: 10.0.0.2 is 0x0A000002. */
    public static long of(int local, int remote) {
        return (long) local << 32 | remote & 0xFFFF_FFFFL;
    }

    public static int local(long pair) {
        return (int) (pair >>> 32);
    }

    public static int remote(long pair) {
        return (int) pair;
    }

    /** Control plane only: allocates. */
    public static InetAddress localInet(long pair) {
        return inet(local(pair));
    }

    /** Control plane only: allocates. */
    public static InetAddress remoteInet(long pair) {
        return inet(remote(pair));
    }

    /**
     * An address as half of a pair.
     *
     * @throws IllegalArgumentException when it is no IPv4 address
     */
    public static int toInt(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is no IPv4 address: IPv6 is not there yet, use an IPv4 address");
        }
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    private static InetAddress inet(int address) {
        final byte[] bytes = {(byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (final UnknownHostException impossible) {
            throw new AssertionError("four bytes are an IPv4 address", impossible);
        }
    }
}
