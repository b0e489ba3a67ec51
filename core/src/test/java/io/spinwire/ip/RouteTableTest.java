package io.spinwire.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.link.LocalAddresses;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final int A = 0x0A00_0002; // 10.0.0.2/24
    private static final int B = 0xC0A8_0102; // 192.168.1.2/16
    private static final int GATEWAY_A = 0x0A00_0001;
    private static final int GATEWAY_B = 0xC0A8_0101;

    private final LocalAddresses local = new LocalAddresses(new int[] {A, B}, new int[] {24, 16});
    private final RouteTable routes = new RouteTable(local, 1500, 64);

    @Test
    void shouldReachOnLinkHostsDirectly() {
        assertEquals(0x0A00_0063, routes.nextHop(0x0A00_0063));
        assertEquals(0xC0A8_6363, routes.nextHop(0xC0A8_6363));
        assertEquals(RouteTable.NO_ROUTE, routes.nextHop(0x0808_0808));
        assertTrue(routes.isLocal(A) && routes.isLocal(B));
    }

    @Test
    void shouldTakeLongestPrefixInWhateverOrderAdded() {
        routes.add(0, 0, GATEWAY_A);
        routes.add(0x0808_0000, 16, GATEWAY_B);
        routes.add(0x0808_0800, 24, GATEWAY_A + 7);
        routes.add(0x0808_0808, 32, GATEWAY_B + 7);

        assertEquals(GATEWAY_B + 7, routes.nextHop(0x0808_0808));
        assertEquals(GATEWAY_A + 7, routes.nextHop(0x0808_0809));
        assertEquals(GATEWAY_B, routes.nextHop(0x0808_0909));
        assertEquals(GATEWAY_A, routes.nextHop(0x0101_0101));
    }

    @Test
    void shouldPreferLongerRouteToOnLinkPrefixButNotShorter() {
        routes.add(0xC0A8_0500, 24, GATEWAY_A); // more specific than 192.168/16
        routes.add(0xC000_0000, 8, GATEWAY_A + 5);

        assertEquals(GATEWAY_A, routes.nextHop(0xC0A8_0505));
        assertEquals(0xC0A8_0605, routes.nextHop(0xC0A8_0605));
        assertEquals(RouteTable.NO_ROUTE, routes.nextHop(0x0101_0101));
    }

    @Test
    void shouldUseShortRouteWhenNotDefault() {
        routes.add(0x0800_0000, 8, GATEWAY_A);

        assertEquals(GATEWAY_A, routes.nextHop(0x0808_0808));
        assertEquals(RouteTable.NO_ROUTE, routes.nextHop(0x0908_0808));
    }

    @Test
    void shouldSendFromAddressOnNextHopsPrefix() {
        routes.add(0, 0, GATEWAY_B);

        assertEquals(A, routes.source(0x0A00_0063));
        assertEquals(B, routes.source(0x0808_0808));
        assertEquals(B, routes.source(B));
        assertEquals(A, new RouteTable(local, 1500, 64).source(0x0808_0808));
    }

    @Test
    void shouldHaveNoRouteToManyHosts() {
        routes.add(0, 0, GATEWAY_A);
        for (final int destination : new int[] {0, -1, 0xE000_0001, 0x7F00_0001, 0x0A00_00FF, 0xC0A8_FFFF}) {
            assertEquals(RouteTable.NO_ROUTE, routes.nextHop(destination));
        }
    }

    @Test
    void shouldRefuseRouteWhenItCannotWork() {
        assertRefused(0, 0, 0x0B00_0001); // gateway off the link
        assertRefused(0, 0, A); // ourselves
        assertRefused(0, 0, 0x0A00_00FF); // a broadcast
        assertRefused(0, 33, GATEWAY_A);
        routes.add(0, 0, GATEWAY_A);
        assertRefused(0, 0, GATEWAY_B);
    }

    @Test
    void shouldRefuseRouteWhenThereAreTooMany() {
        for (int i = 0; i < 64; i++) {
            routes.add(0x0800_0000 + (i << 8), 24, GATEWAY_A);
        }
        assertRefused(0, 0, GATEWAY_A);
    }

    @Test
    void shouldRefuseToBeMadeWhenMtuOrTtlIsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(local, 67, 64));
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(local, 65_536, 64));
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(local, 1500, 0));
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(local, 1500, 256));
    }

    private void assertRefused(int destination, int prefixLength, int gateway) {
        assertThrows(IllegalArgumentException.class, () -> routes.add(destination, prefixLength, gateway));
    }
}
