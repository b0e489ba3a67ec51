package io.spinwire.wire;

import static io.spinwire.wire.Bytes.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Icmp4Test {
    /** 0800 + 1234 + 0001 + 6162 + 6300 = de97, complement 2168. */
    private static final String ECHO_REQUEST = "08 00 2168 1234 0001 616263";

    @Test
    void shouldReadTypeAndCheckSumWhenLengthIsOdd() {
        final UnsafeBuffer message = Bytes.of(ECHO_REQUEST);
        assertEquals(Icmp4.ECHO_REQUEST, Icmp4.type(message, AT));
        assertEquals(0, Icmp4.code(message, AT));
        assertTrue(Icmp4.isChecksumValid(message, AT, 11));
        assertFalse(Icmp4.isChecksumValid(message, AT, 10));
    }

    @Test
    void shouldBecomeAReplyWhenTypeIsChangedAndSealed() {
        final UnsafeBuffer message = Bytes.of(ECHO_REQUEST);
        Icmp4.putTypeAndCode(message, AT, Icmp4.ECHO_REPLY, 0);
        assertFalse(Icmp4.isChecksumValid(message, AT, 11));
        Icmp4.seal(message, AT, 11);
        assertEquals(Bytes.compact("00 00 2968 1234 0001 616263"), Bytes.hex(message, 11)); // 0800 less to complement
        assertTrue(Icmp4.isChecksumValid(message, AT, 11));
    }

    @Test
    void shouldReadNextHopMtuWhenFragmentationIsNeeded() {
        final UnsafeBuffer message = Bytes.of("03 04 0000 0000 fffe");
        assertEquals(Icmp4.DESTINATION_UNREACHABLE, Icmp4.type(message, AT));
        assertEquals(Icmp4.FRAGMENTATION_NEEDED, Icmp4.code(message, AT));
        assertEquals(0xFFFE, Icmp4.nextHopMtu(message, AT));
    }

    @Test
    void shouldReadTypeWithoutSignWhenLarge() {
        final UnsafeBuffer message = Bytes.of("fe fd");
        assertEquals(0xFE, Icmp4.type(message, AT));
        assertEquals(0xFD, Icmp4.code(message, AT));
    }
}
