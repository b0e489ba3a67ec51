package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LocalAddressesTest {
    private static final int A = 0x0A00_0002; // 10.0.0.2/24
    private static final int B = 0x0A00_0105; // 10.0.1.5/16
    private static final int C = 0xC0A8_0001; // 192.168.0.1/31

    private final LocalAddresses local = new LocalAddresses(new int[] {A, B, C}, new int[] {24, 16, 31});

    @Test
    void shouldContainOwnAddressesOnly() {
        assertTrue(local.contains(A) && local.contains(B) && local.contains(C));
        assertFalse(local.contains(0));
        for (int i = 0; i < 1000; i++) {
            assertFalse(local.contains(0x0B00_0000 + i));
        }
    }

    @Test
    void shouldContainAllWhenThereAreMany() {
        final int[] many = new int[200];
        final int[] lengths = new int[200];
        for (int i = 0; i < 200; i++) {
            many[i] = 0x0A01_0001 + (i << 8);
            lengths[i] = 24;
        }
        final LocalAddresses set = new LocalAddresses(many, lengths);
        for (final int address : many) {
            assertTrue(set.contains(address));
            assertFalse(set.contains(address + 1));
        }
    }

    @Test
    void shouldKnowBroadcastsOfOwnPrefixes() {
        assertTrue(local.isBroadcast(-1));
        assertTrue(local.isBroadcast(0x0A00_00FF));
        assertTrue(local.isBroadcast(0x0A00_FFFF));
        assertFalse(local.isBroadcast(0xC0A8_0000)); // the other end of a /31
        assertFalse(local.isBroadcast(0x0B00_00FF));
    }

    @Test
    void shouldTakeSourceOnLongestPrefix() {
        assertEquals(A, local.source(0x0A00_0063));
        assertEquals(B, local.source(0x0A00_6301));
        assertEquals(C, local.source(0xC0A8_0000));
        assertEquals(A, local.source(0x0808_0808));
    }

    @Test
    void shouldKnowWhatNoHostCanHave() {
        assertFalse(local.isUnicast(0) || local.isUnicast(0x0000_0001));
        assertFalse(local.isUnicast(0x7F00_0001));
        assertFalse(local.isUnicast(0xE000_0001) || local.isUnicast(0xEFFF_FFFF));
        assertFalse(local.isUnicast(-1) || local.isUnicast(0x0A00_00FF));
        assertTrue(local.isUnicast(0x0A00_0001) && local.isUnicast(0xF000_0001) && local.isUnicast(0x0808_0808));
    }

    @Test
    void shouldRefuseAddressesThatNoHostCanHave() {
        for (final int wrong : new int[] {0, -1, 0x7F00_0001, 0xE000_0001, 0x0A00_00FF, 0x0A00_0000}) {
            assertThrows(IllegalArgumentException.class, () -> new LocalAddresses(new int[] {wrong}, new int[] {24}));
        }
        assertThrows(IllegalArgumentException.class, () -> new LocalAddresses(new int[0], new int[0]));
        assertThrows(IllegalArgumentException.class, () -> new LocalAddresses(new int[] {A}, new int[] {0}));
        assertThrows(IllegalArgumentException.class, () -> new LocalAddresses(new int[] {A, A}, new int[] {24, 24}));
    }
}
