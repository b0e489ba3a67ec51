package io.spinwire.wire;

import static io.spinwire.wire.Bytes.AT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TcpOptionsTest {
    @Test
    void shouldWriteOptionsOfASynWhenPutOneAfterTheOther() {
        final UnsafeBuffer options = Bytes.blank(20);
        int at = TcpOptions.putMss(options, AT, 1460);
        at = TcpOptions.putTimestamps(options, at, 0xFFFE_FDFC, 0x0102_0304);
        at = TcpOptions.putWindowScale(options, at, TcpOptions.MAX_WINDOW_SCALE);

        assertEquals(AT + 20, at);
        assertEquals(Bytes.compact("02 04 05b4  01 01 08 0a fffefdfc 01020304  01 03 03 0e"), Bytes.hex(options, 20));
    }

    @Test
    void shouldWriteLargestMssWithoutDisturbingItsKind() {
        final UnsafeBuffer options = Bytes.blank(4);
        assertEquals(AT + TcpOptions.MSS_LENGTH, TcpOptions.putMss(options, AT, 0xFFFF));
        assertEquals("0204ffff", Bytes.hex(options, 4));
    }

    @Test
    void shouldRecogniseTimestampsOnlyInTheUsualPlace() {
        assertTrue(TcpOptions.isAlignedTimestamps(Bytes.of("01 01 08 0a 00000001 00000002"), AT));
        assertFalse(TcpOptions.isAlignedTimestamps(Bytes.of("08 0a 00000001 00000002 01 01"), AT));
        assertFalse(TcpOptions.isAlignedTimestamps(Bytes.of("01 01 05 0a 00000001 00000002"), AT));
    }

    @Test
    void shouldReadValuesWithoutSign() {
        final UnsafeBuffer options = Bytes.of("fffe fdfc");
        assertEquals(0xFFFE, TcpOptions.shortValue(options, AT));
        assertEquals(0xFFFE_FDFC, TcpOptions.intValue(options, AT));
    }

    @Test
    void shouldHaveTheLengthsThatTheirFormatsHave() {
        assertEquals(TcpOptions.TIMESTAMPS_ALIGNED_LENGTH, 2 + TcpOptions.TIMESTAMPS_LENGTH);
        assertEquals(10, TcpOptions.TIMESTAMPS_LENGTH); // RFC 7323 section 3.2
        assertEquals(3, TcpOptions.WINDOW_SCALE_LENGTH); // RFC 7323 section 2.2
        assertEquals(2, TcpOptions.SACK_PERMITTED_LENGTH); // RFC 2018 section 2
    }
}
