package io.spinwire.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class EthernetHeaderTest {
    @Test
    void shouldBeLongerWhenTagged() {
        assertEquals(14, new EthernetHeader(1, 0).length());
        assertEquals(18, new EthernetHeader(1, 4094).length());
    }

    @Test
    void shouldRefuseVlanWhenReserved() {
        assertThrows(IllegalArgumentException.class, () -> new EthernetHeader(1, 4095));
        assertThrows(IllegalArgumentException.class, () -> new EthernetHeader(1, -1));
    }
}
