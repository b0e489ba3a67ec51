package io.spinwire.wire;

import static io.spinwire.wire.Bytes.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArpTest {
    private static final String REPLY =
            "0001 0800 06 04 0002  fedcba988765 c0a80102  0200c0ffee01 0afe8001"; // from 192.168.1.2 to 10.254.128.1

    @Test
    void shouldReadFieldsWhenMessageIsAReply() {
        final UnsafeBuffer message = Bytes.of(REPLY);
        assertTrue(Arp.isIpv4OverEthernet(message, AT));
        assertEquals(Arp.REPLY, Arp.operation(message, AT));
        assertEquals(0xFEDC_BA98_8765L, Arp.senderMac(message, AT));
        assertEquals(0xC0A8_0102, Arp.senderAddress(message, AT));
        assertEquals(0x0200_C0FF_EE01L, Arp.targetMac(message, AT));
        assertEquals(0x0AFE_8001, Arp.targetAddress(message, AT));
    }

    @Test
    void shouldWriteEveryByteWhenMessageIsAReply() {
        final UnsafeBuffer message = Bytes.blank(Arp.LENGTH);
        Arp.put(message, AT, Arp.REPLY);
        Arp.putSender(message, AT, 0xFEDC_BA98_8765L, 0xC0A8_0102);
        Arp.putTarget(message, AT, 0x0200_C0FF_EE01L, 0x0AFE_8001);
        assertEquals(Bytes.compact(REPLY), Bytes.hex(message, Arp.LENGTH));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0006 0800 06 04 0001", // IEEE 802 hardware
                "0001 86dd 06 04 0001",
                "0001 0800 08 04 0001",
                "0001 0800 06 10 0001"
            })
    void shouldNotTakeForOursWhenTypesOrLengthsDiffer(String start) {
        assertFalse(Arp.isIpv4OverEthernet(Bytes.of(start), AT));
    }

    @Test
    void shouldReadOperationWithoutSignWhenLarge() {
        assertEquals(0xFFFE, Arp.operation(Bytes.of("0001 0800 06 04 fffe"), AT));
    }
}
