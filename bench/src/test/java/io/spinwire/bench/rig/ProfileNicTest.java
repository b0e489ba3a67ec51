package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ProfileNicTest {
    @Test
    void shouldHaveTheRingsOfTheThroughputProfileWhenBulkIsMeasured() {
        assertEquals(",ring=4096,frames=16384", Profile.nicOptions("throughput"));
        assertEquals("", Profile.nicOptions("latency"));
    }
}
