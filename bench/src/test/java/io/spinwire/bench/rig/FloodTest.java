package io.spinwire.bench.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FloodTest {
    private static final List<String> DEVICES = List.of(
            "Inter-|   Receive                                                |  Transmit",
            " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls",
            "  tx-a:      11      22    3    4    5     6          7         8 999 4000000000000 0 0 0 0 0 0",
            "dpdk64-a: 11 22 3 4 5 6 7 8 9 77 0 0 0 0 0 0");

    @Test
    void shouldReadTheFramesSentByTheInterfaceOfThatNameOnly() {
        assertEquals(4_000_000_000_000L, Flood.sent(DEVICES, "tx-a"));
        assertEquals(77, Flood.sent(DEVICES, "dpdk64-a"));
    }

    @Test
    void shouldGiveFramesASecondBetweenTwoCounts() {
        final Flood.Count before = new Flood.Count(1_000, Long.MAX_VALUE - 100_000_000);
        final Flood.Count after = new Flood.Count(501_000, before.atNs() + 500_000_000); // the clock wraps
        assertEquals(1e6, after.rateSince(before));
    }
}
