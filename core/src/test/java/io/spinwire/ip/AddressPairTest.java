package io.spinwire.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AddressPairTest {
    @Test
    void shouldKeepBothAddressesWhenHighBitsAreSet() {
        final long pair = AddressPair.of(0xC0A8_0001, 0xFEDC_BA98);

        assertEquals(0xC0A8_0001, AddressPair.local(pair));
        assertEquals(0xFEDC_BA98, AddressPair.remote(pair));
        assertEquals("192.168.0.1", AddressPair.localInet(pair).getHostAddress());
        assertEquals("254.220.186.152", AddressPair.remoteInet(pair).getHostAddress());
    }
}
