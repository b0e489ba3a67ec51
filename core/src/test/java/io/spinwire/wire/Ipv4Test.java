package io.spinwire.wire;

import static io.spinwire.wire.Bytes.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Ipv4Test {
    private static final int SOURCE = 0xC0A8_0001; // 192.168.0.1
    private static final int DESTINATION = 0xC0A8_00C7; // 192.168.0.199

    /** 4500+0073+0000+4000+4011+c0a8+0001+c0a8+00c7 = 2479c, folded 479e, complement b861. */
    private static final String HEADER = "4 5 00 0073 0000 4000 40 11 b861 c0a80001 c0a800c7";

    @Test
    void shouldReadFieldsWhenHeaderHasNoOptions() {
        final UnsafeBuffer header = Bytes.of(HEADER);
        assertEquals(4, Ipv4.version(header, AT));
        assertEquals(20, Ipv4.headerLength(header, AT));
        assertEquals(0, Ipv4.tos(header, AT));
        assertEquals(115, Ipv4.totalLength(header, AT));
        assertEquals(0, Ipv4.identification(header, AT));
        assertTrue(Ipv4.isDontFragment(header, AT));
        assertFalse(Ipv4.isFragment(header, AT));
        assertEquals(64, Ipv4.ttl(header, AT));
        assertEquals(17, Ipv4.protocol(header, AT));
        assertEquals(SOURCE, Ipv4.source(header, AT));
        assertEquals(DESTINATION, Ipv4.destination(header, AT));
        assertTrue(Ipv4.isChecksumValid(header, AT, 20));
    }

    @Test
    void shouldReadFieldsWithoutSignWhenTheyAreLarge() {
        final UnsafeBuffer header = Bytes.of("f f ff fffe fffd bfff ff fe 0000 fffefdfc fbfaf9f8");
        assertEquals(15, Ipv4.version(header, AT));
        assertEquals(60, Ipv4.headerLength(header, AT));
        assertEquals(255, Ipv4.tos(header, AT));
        assertEquals(0xFFFE, Ipv4.totalLength(header, AT));
        assertEquals(0xFFFD, Ipv4.identification(header, AT));
        assertEquals(255, Ipv4.ttl(header, AT));
        assertEquals(254, Ipv4.protocol(header, AT));
        assertEquals(0xFFFE_FDFC, Ipv4.source(header, AT));
        assertEquals(0xFBFA_F9F8, Ipv4.destination(header, AT));
    }

    @Test
    void shouldTellFragmentsWhenFlagOrOffsetSaySo() {
        assertTrue(Ipv4.isFragment(fragmentField("2000"), AT)); // first: more follow
        assertTrue(Ipv4.isFragment(fragmentField("2001"), AT));
        assertTrue(Ipv4.isFragment(fragmentField("0001"), AT)); // last
        assertTrue(Ipv4.isFragment(fragmentField("5fff"), AT));
        assertFalse(Ipv4.isFragment(fragmentField("4000"), AT));
        assertFalse(Ipv4.isFragment(fragmentField("8000"), AT)); // the reserved bit says nothing about it
        assertFalse(Ipv4.isDontFragment(fragmentField("a000"), AT));
    }

    @Test
    void shouldWriteEveryByteWhenPutAndSealed() {
        final UnsafeBuffer header = Bytes.blank(20);
        Ipv4.put(header, AT, 0, 115, 0, Ipv4.ttlProtocol(64, 17));
        Ipv4.seal(header, AT, SOURCE, DESTINATION);
        assertEquals(Bytes.compact(HEADER.replace("4 5", "45")), Bytes.hex(header, 20));
    }

    @Test
    void shouldWriteLargeValuesWithoutDisturbingNeighboursWhenPut() {
        final UnsafeBuffer header = Bytes.blank(20);
        Ipv4.put(header, AT, 0xB8, 0xFFFF, 0xFFFE, Ipv4.ttlProtocol(255, Ipv4.PROTOCOL_TCP));
        Ipv4.seal(header, AT, -1, 0x8000_0001);
        assertEquals(0xB8, Ipv4.tos(header, AT));
        assertEquals(0xFFFF, Ipv4.totalLength(header, AT));
        assertEquals(0xFFFE, Ipv4.identification(header, AT));
        assertEquals(255, Ipv4.ttl(header, AT));
        assertEquals(Ipv4.PROTOCOL_TCP, Ipv4.protocol(header, AT));
        assertEquals(-1, Ipv4.source(header, AT));
        assertEquals(0x8000_0001, Ipv4.destination(header, AT));
        assertTrue(Ipv4.isChecksumValid(header, AT, 20));
    }

    @Test
    void shouldSeeEveryFlippedBitWhenValidating() {
        final UnsafeBuffer header = Bytes.of(HEADER);
        for (int bit = 0; bit < 160; bit++) {
            final int index = AT + bit / 8;
            header.putByte(index, (byte) (header.getByte(index) ^ 1 << bit % 8));
            assertFalse(Ipv4.isChecksumValid(header, AT, 20));
            header.putByte(index, (byte) (header.getByte(index) ^ 1 << bit % 8));
        }
        assertTrue(Ipv4.isChecksumValid(header, AT, 20));
    }

    @Test
    void shouldIncludeOptionsWhenValidating() {
        // an IGMP report with the router alert option
        final UnsafeBuffer header = Bytes.of("46 00 0020 0000 4000 40 02 0000 c0a80001 e0000016 94040000");
        Checksum.store(header, AT, 10, Checksum.finish(Checksum.add(0, header, AT, 24)));
        assertEquals(24, Ipv4.headerLength(header, AT));
        assertTrue(Ipv4.isChecksumValid(header, AT, 24));
        assertFalse(Ipv4.isChecksumValid(header, AT, 20));
    }

    @Test
    void shouldSumPseudoHeaderAsItsBytesWouldBe() {
        // RFC 9293 section 3.1: source, destination, zero, protocol, TCP length
        final UnsafeBuffer pseudo = Bytes.of("c0a80001 c0a800c7 00 06 8235");
        assertEquals(
                Checksum.fold(Checksum.add(0, pseudo, AT, 12)),
                Checksum.fold(Ipv4.pseudoHeaderSum(SOURCE, DESTINATION, Ipv4.PROTOCOL_TCP, 0x8235)));
    }

    private static UnsafeBuffer fragmentField(String field) {
        return Bytes.of("45 00 0073 0000 " + field);
    }
}
