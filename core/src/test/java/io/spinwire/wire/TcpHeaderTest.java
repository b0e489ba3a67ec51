package io.spinwire.wire;

import static io.spinwire.wire.Bytes.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TcpHeaderTest {
    @Test
    void shouldReadFieldsWithoutSignWhenTheyAreLarge() {
        final UnsafeBuffer header = Bytes.of("fffe fffd fffefdfc fbfaf9f8 a 0 92 fff0 8001 fff1");
        assertEquals(0xFFFE, TcpHeader.sourcePort(header, AT));
        assertEquals(0xFFFD, TcpHeader.destinationPort(header, AT));
        assertEquals(0xFFFE_FDFC, TcpHeader.seq(header, AT));
        assertEquals(0xFBFA_F9F8, TcpHeader.ackSeq(header, AT));
        assertEquals(40, TcpHeader.headerLength(header, AT));
        assertEquals(TcpHeader.CWR | TcpHeader.ACK | TcpHeader.SYN, TcpHeader.flags(header, AT));
        assertEquals(0xFFF0, TcpHeader.window(header, AT));
        assertEquals(Checksum.load(header, AT, 16), TcpHeader.checksum(header, AT));
        assertEquals(0xFFF1, TcpHeader.urgentPointer(header, AT));
    }

    @Test
    void shouldReadEveryLengthWhenReservedBitsAreSet() {
        for (int words = 0; words < 16; words++) {
            final UnsafeBuffer header = Bytes.blank(20);
            header.putByte(AT + 12, (byte) (words << 4 | 0xF));
            assertEquals(4 * words, TcpHeader.headerLength(header, AT));
        }
    }

    @Test
    void shouldNameEachFlagByItsBitOnTheWire() {
        // RFC 9293 section 3.1, from the left: CWR ECE URG ACK PSH RST SYN FIN
        final int[] flags = {
            TcpHeader.CWR, TcpHeader.ECE, TcpHeader.URG, TcpHeader.ACK,
            TcpHeader.PSH, TcpHeader.RST, TcpHeader.SYN, TcpHeader.FIN
        };
        for (int i = 0; i < flags.length; i++) {
            assertEquals(0x80 >>> i, flags[i]);
        }
    }

    @Test
    void shouldWriteEveryByteWhenSealed() {
        // 10.0.0.1:1000 > 10.0.0.2:2000, seq 100, ack 200, PSH ACK, window 500, one byte 'A'; tcpdump finds 4bf1
        // correct.
        final UnsafeBuffer segment = Bytes.blank(21);
        TcpHeader.putPorts(segment, AT, 1000, 2000);
        TcpHeader.putSeqAndAck(segment, AT, 100, 200);
        TcpHeader.putControl(segment, AT, 20, TcpHeader.PSH | TcpHeader.ACK, 500, 0);
        segment.putByte(AT + 20, (byte) 'A');
        final long pseudoHeaderSum = Ipv4.pseudoHeaderSum(0x0A00_0001, 0x0A00_0002, Ipv4.PROTOCOL_TCP, 21);
        TcpHeader.seal(segment, AT, pseudoHeaderSum, 21);

        assertEquals(Bytes.compact("03e8 07d0 00000064 000000c8 50 18 01f4 4bf1 0000 41"), Bytes.hex(segment, 21));
        assertEquals(0, Checksum.finish(Checksum.add(pseudoHeaderSum, segment, AT, 21)));
    }

    @Test
    void shouldWriteLargeValuesWithoutDisturbingNeighbours() {
        final UnsafeBuffer header = Bytes.blank(20);
        TcpHeader.putPorts(header, AT, 0xFFFF, 0x8000);
        TcpHeader.putSeqAndAck(header, AT, -1, 0x8000_0000);
        TcpHeader.putControl(header, AT, 60, 0xFF, 0xFFFF, 0xFFFE);
        assertEquals(Bytes.compact("ffff 8000 ffffffff 80000000 f0 ff ffff 0000 fffe"), Bytes.hex(header, 20));
    }

    @Test
    void shouldZeroOldChecksumBeforeSummingWhenHeaderIsWrittenAgain() {
        final UnsafeBuffer segment = Bytes.blank(20);
        for (int i = 0; i < 3; i++) {
            TcpHeader.putPorts(segment, AT, 7, 9);
            TcpHeader.putSeqAndAck(segment, AT, i, -i);
            TcpHeader.putControl(segment, AT, 20, TcpHeader.ACK, i, 0);
            TcpHeader.seal(segment, AT, 77, 20);
            assertTrue(Checksum.finish(Checksum.add(77, segment, AT, 20)) == 0);
        }
    }
}
