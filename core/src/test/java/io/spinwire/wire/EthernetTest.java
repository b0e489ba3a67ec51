package io.spinwire.wire;

import static io.spinwire.wire.Bytes.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EthernetTest {
    private static final long HIGH_BYTES = 0xFEDC_BA98_8765L; // every byte has its sign bit set or could be swapped

    @Test
    void shouldReadFieldsWhenFrameIsUntagged() {
        final UnsafeBuffer frame = Bytes.of("fedcba988765 0200c0ffee01 0806");
        assertEquals(HIGH_BYTES, Ethernet.destination(frame, AT));
        assertEquals(0x0200_C0FF_EE01L, Ethernet.source(frame, AT));
        assertEquals(Ethernet.TYPE_ARP, Ethernet.type(frame, AT));
    }

    @Test
    void shouldReadTagWhenFrameHasOne() {
        // priority 5, DEI set, VLAN 0xABC
        final UnsafeBuffer frame = Bytes.of("fedcba988765 0200c0ffee01 8100 babc 86dd");
        assertEquals(Ethernet.TYPE_VLAN, Ethernet.type(frame, AT));
        assertEquals(0xABC, Ethernet.vlanId(frame, AT));
        assertEquals(0x86DD, Ethernet.vlanInnerType(frame, AT));
    }

    @Test
    void shouldWriteHeaderWhenUntagged() {
        final UnsafeBuffer frame = Bytes.blank(14);
        Ethernet.put(frame, AT, 0x0200_C0FF_EE01L, HIGH_BYTES, Ethernet.TYPE_IPV4);
        assertEquals(Bytes.compact("0200c0ffee01 fedcba988765 0800"), Bytes.hex(frame, 14));
    }

    @Test
    void shouldWriteHeaderWhenTagged() {
        final UnsafeBuffer frame = Bytes.blank(18);
        Ethernet.putTagged(frame, AT, 0x0200_C0FF_EE01L, HIGH_BYTES, 4095, 0x88B5);
        assertEquals(Bytes.compact("0200c0ffee01 fedcba988765 8100 0fff 88b5"), Bytes.hex(frame, 18));
        Ethernet.putTagged(frame, AT, 0, 0, 0xF001, Ethernet.TYPE_IPV4); // bits above twelve are not the identifier's
        assertEquals(1, Ethernet.vlanId(frame, AT));
    }

    @Test
    void shouldTellGroupsFromHostsByFirstBitOnTheWire() {
        assertTrue(Ethernet.isGroup(Ethernet.BROADCAST));
        assertTrue(Ethernet.isGroup(0x0100_5E00_0001L)); // IPv4 multicast
        assertFalse(Ethernet.isGroup(0x0200_0000_0001L));
        assertFalse(Ethernet.isGroup(0xFEFF_FFFF_FFFFL));
    }

    @Test
    void shouldKeepUpperBitsOutWhenWritingMac() {
        final UnsafeBuffer frame = Bytes.blank(6);
        Ethernet.putMac(frame, AT, 0xFFFF_0123_4567_89ABL);
        assertEquals("0123456789ab", Bytes.hex(frame, 6));
    }
}
