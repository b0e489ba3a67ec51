package io.spinwire.link;

/**
 * The engine's own IPv4 addresses and the prefixes they stand on: which addresses are ours, which are on the link,
 * which are broadcast. A small open-addressing set and a short list, immutable. Any thread. Linux:
 * {@code inet_addr_type()}.
 */
public final class LocalAddresses {
    private static final int LIMITED_BROADCAST = 0xFFFF_FFFF;
    private static final int LOOPBACK_NET = 127;
    private static final int MULTICAST_NIBBLE = 0xE;

    /** RFC 3021: a prefix of 31 bits has two hosts and no broadcast address. */
    private static final int LONGEST_PREFIX_WITH_BROADCAST = 30;

    private static final int HASH_MULTIPLIER = 0x9E37_79B9;

    private final int[] addresses;
    private final int[] masks;
    private final int[] broadcasts;
    private final int[] slots; // 0 is free: no host has address 0.0.0.0
    private final int shift;

    /**
     * Own addresses; the first is the default source.
     *
     * @param addresses in network order as int
     * @param prefixLengths of the addresses, 1 to 32 bits each
     * @throws IllegalArgumentException naming the address and what is wrong with it
     */
    public LocalAddresses(int[] addresses, int[] prefixLengths) {
        if (addresses.length == 0 || addresses.length != prefixLengths.length) {
            throw new IllegalArgumentException(addresses.length + " own addresses with " + prefixLengths.length
                    + " prefixes: give at least one of each");
        }
        this.addresses = addresses.clone();
        masks = new int[addresses.length];
        broadcasts = new int[addresses.length];
        final int bits = 32 - Integer.numberOfLeadingZeros(2 * addresses.length);
        slots = new int[1 << bits];
        shift = 32 - bits;
        for (int i = 0; i < addresses.length; i++) {
            add(i, addresses[i], prefixLengths[i]);
        }
    }

    private void add(int index, int address, int prefixLength) {
        if (prefixLength < 1 || prefixLength > 32) {
            throw new IllegalArgumentException(text(address) + ": prefix of " + prefixLength + " bits, give 1 to 32");
        }
        masks[index] = -1 << 32 - prefixLength;
        final boolean hasBroadcast = prefixLength <= LONGEST_PREFIX_WITH_BROADCAST;
        broadcasts[index] = hasBroadcast ? address | ~masks[index] : LIMITED_BROADCAST;
        if (!isHost(address) || address == broadcasts[index] || hasBroadcast && (address & ~masks[index]) == 0) {
            throw new IllegalArgumentException(text(address) + "/" + prefixLength
                    + " is no host's address: zero, loop-back, multicast, broadcast and network addresses are not");
        }
        if (contains(address)) {
            throw new IllegalArgumentException(text(address) + " is given twice: remove one");
        }
        int slot = slot(address);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = address;
    }

    /** Whether the address is an own one. */
    public boolean contains(int address) {
        int slot = slot(address);
        while (slots[slot] != address) {
            if (slots[slot] == 0) {
                return false;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return address != 0;
    }

    /** Whether an own prefix covers the address: it is reached without a gateway. */
    public boolean isOnLink(int address) {
        return onLinkMask(address) != 0;
    }

    /** Mask of the longest own prefix that covers the address, or 0. */
    public int onLinkMask(int address) {
        int longest = 0;
        for (int i = 0; i < addresses.length; i++) {
            final boolean isCovered = (address & masks[i]) == (addresses[i] & masks[i]);
            if (isCovered && Integer.compareUnsigned(masks[i], longest) > 0) {
                longest = masks[i];
            }
        }
        return longest;
    }

    /** Limited broadcast, or the directed broadcast of an own prefix. */
    public boolean isBroadcast(int address) {
        for (final int broadcast : broadcasts) {
            if (address == broadcast) {
                return true;
            }
        }
        return address == LIMITED_BROADCAST;
    }

    /**
     * Whether a host can have the address: neither in 0/8 nor 127/8, nor multicast, nor broadcast. RFC 1122 3.2.1.3.
     */
    public boolean isUnicast(int address) {
        return isHost(address) && !isBroadcast(address);
    }

    /** Class D. */
    public static boolean isMulticast(int address) {
        return address >>> 28 == MULTICAST_NIBBLE;
    }

    /** The own address to send from: the one on the longest prefix that covers {@code nextHop}, else the first. */
    public int source(int nextHop) {
        int best = addresses[0];
        int bestMask = 0;
        for (int i = 0; i < addresses.length; i++) {
            final boolean isCovered = (nextHop & masks[i]) == (addresses[i] & masks[i]);
            if (isCovered && Integer.compareUnsigned(masks[i], bestMask) > 0) {
                best = addresses[i];
                bestMask = masks[i];
            }
        }
        return best;
    }

    private static boolean isHost(int address) {
        final int net = address >>> 24;
        return net != 0 && net != LOOPBACK_NET && !isMulticast(address) && address != LIMITED_BROADCAST;
    }

    private int slot(int address) {
        return address * HASH_MULTIPLIER >>> shift;
    }

    /** Control plane: an address as people write it. */
    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
