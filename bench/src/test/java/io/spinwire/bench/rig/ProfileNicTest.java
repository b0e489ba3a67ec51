package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ProfileNicTest {
    @Test
    void shouldHaveTheRingsOfTheThroughputProfileWhenBulkIsMeasured() {
        assertEquals(",ring=4096,frames=16384", Profile.nicOptions("throughput"));
        assertEquals("", Profile.nicOptions("latency"));
    }

    @Test
    void shouldReceiveAsTheThroughputProfileWhenBulkIsMeasured() {
        assertEquals(" receive-burst=256 receive-pause-ns=30000", Profile.engineOptions("throughput"));
        assertEquals(" receive-burst=64 receive-pause-ns=0", Profile.engineOptions("latency"));
    }
}
