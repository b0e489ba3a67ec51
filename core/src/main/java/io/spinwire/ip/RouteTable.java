package io.spinwire.ip;

import io.spinwire.link.LocalAddresses;

/**
 * Where a destination is reached: at itself when an own prefix covers it, else through the gateway of the longest
 * prefix that does; and what holds for all routes, MTU and TTL. A few entries, searched in order. Filled before the
 * engine runs, then read by its thread only. Linux: {@code ip_route_output_key()}.
 */
public final class RouteTable {
    /** No next hop: 0.0.0.0 is none. */
    public static final int NO_ROUTE = 0;

    /** RFC 791: every host must be able to take a datagram of 68 bytes. */
    private static final int MIN_MTU = 68;

    private static final int MAX_MTU = 65_535;
    private static final int MAX_TTL = 255;

    /** Routes are searched one by one. */
    private static final int MAX_ROUTES = 64;

    private final LocalAddresses local;
    private final int mtu;
    private final int ttl;
    private final int[] prefixes = new int[MAX_ROUTES]; // longest mask first
    private final int[] masks = new int[MAX_ROUTES];
    private final int[] gateways = new int[MAX_ROUTES];
    private int count;

    /**
     * A table with the on-link routes only.
     *
     * @param mtu largest IP datagram in bytes
     * @param ttl time to live of what is sent, 1 to 255
     */
    public RouteTable(LocalAddresses local, int mtu, int ttl) {
        if (mtu < MIN_MTU || mtu > MAX_MTU) {
            throw new IllegalArgumentException("mtu " + mtu + ": give " + MIN_MTU + " to " + MAX_MTU);
        }
        if (ttl < 1 || ttl > MAX_TTL) {
            throw new IllegalArgumentException("ttl " + ttl + ": give 1 to " + MAX_TTL);
        }
        this.local = local;
        this.mtu = mtu;
        this.ttl = ttl;
    }

    /**
     * Adds a route through a gateway; 0.0.0.0/0 is the default route. Control plane.
     *
     * @throws IllegalArgumentException when the gateway is not on the link, or the route is there already
     */
    public void add(int destination, int prefixLength, int gateway) {
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException(text(destination, prefixLength) + ": give a prefix of 0 to 32 bits");
        }
        if (!local.isOnLink(gateway) || !local.isUnicast(gateway) || local.contains(gateway)) {
            throw new IllegalArgumentException("route " + text(destination, prefixLength) + ": its gateway "
                    + LocalAddresses.text(gateway) + " is no neighbour: give another host's address on an own prefix");
        }
        if (count == MAX_ROUTES) {
            throw new IllegalArgumentException("more than " + MAX_ROUTES + " routes: give fewer");
        }
        final int mask = prefixLength == 0 ? 0 : -1 << 32 - prefixLength;
        int at = 0;
        while (at < count && Integer.compareUnsigned(masks[at], mask) >= 0) {
            if (masks[at] == mask && prefixes[at] == (destination & mask)) {
                throw new IllegalArgumentException(text(destination, prefixLength) + " has two routes: remove one");
            }
            at++;
        }
        System.arraycopy(prefixes, at, prefixes, at + 1, count - at);
        System.arraycopy(masks, at, masks, at + 1, count - at);
        System.arraycopy(gateways, at, gateways, at + 1, count - at);
        prefixes[at] = destination & mask;
        masks[at] = mask;
        gateways[at] = gateway;
        count++;
    }

    private static String text(int destination, int prefixLength) {
        return LocalAddresses.text(destination) + "/" + prefixLength;
    }

    /** Whether the destination is an own address. */
    public boolean isLocal(int destination) {
        return local.contains(destination);
    }

    /**
     * The neighbour to send to.
     *
     * @return its address; {@link #NO_ROUTE} without a route, or when the destination is no single host's address
     */
    public int nextHop(int destination) {
        if (!local.isUnicast(destination)) {
            return NO_ROUTE;
        }
        final int onLinkMask = local.onLinkMask(destination);
        for (int i = 0; i < count && Integer.compareUnsigned(masks[i], onLinkMask) > 0; i++) {
            if ((destination & masks[i]) == prefixes[i]) {
                return gateways[i];
            }
        }
        if (onLinkMask != 0) {
            return destination;
        }
        return count > 0 && masks[count - 1] == 0 ? gateways[count - 1] : NO_ROUTE;
    }

    /**
     * The own address to talk to a destination from: itself if own, else one on its next hop's prefix, else the first.
     */
    public int source(int destination) {
        return local.contains(destination) ? destination : local.source(nextHop(destination));
    }

    /** Largest IP datagram in bytes. Linux: {@code dst_mtu()}. */
    public int mtu() {
        return mtu;
    }

    /** Time to live. Linux: ip_default_ttl. */
    public int ttl() {
        return ttl;
    }
}
