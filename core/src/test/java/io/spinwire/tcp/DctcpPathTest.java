package io.spinwire.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spinwire.api.EcnMode;
import io.spinwire.api.TcpConfig;
import io.spinwire.nic.FaultProfile;
import io.spinwire.stats.Counter;
import io.spinwire.stats.Counters;
import org.junit.jupiter.api.Test;

/** DCTCP on a link of 100 Mbit/s and 2 ms whose queue marks above ten frames, beside CUBIC on the same. */
class DctcpPathTest {
    private static final long MS = Bottleneck.MS;
    private static final long RATE = 100_000_000;
    private static final double SHARE = 1448.0 / 1514;
    private static final int MARK_FRAMES = 10;

    private static Bottleneck flow(String name, EcnMode ecn) {
        final FaultProfile path = FaultProfile.builder()
                .rate(RATE, 1_000_000)
                .mark(MARK_FRAMES * 1514)
                .delay(MS, 0)
                .holdFrames(100_000)
                .build();
        return new Bottleneck(TcpConfig.builder().congestionControl(name).ecn(ecn), path, MS);
    }

    @Test
    void shouldFillTheLinkWithQueueNoLongerThanTheMark() {
        try (Bottleneck flow = flow("dctcp", EcnMode.ACCEPT)) { // it asks for ECN by itself
            flow.run(1_000 * MS);
            final double used = flow.goodput(2_000 * MS) * 8 / (RATE * SHARE);
            assertTrue(used > 0.96, "of the link, in use: " + used); // bursts meet the mark early
            final int queueUs = flow.info().rttUs - 2_000;
            assertTrue(queueUs < 2 * MARK_FRAMES * 121, "queue of " + queueUs + " us; a frame takes 121");
            assertEquals(0, flow.info().totalRetrans);
            assertTrue(flow.sock().deliveredCe > 0);
            final Counters counters = flow.sender.counters();
            assertEquals(flow.sock().deliveredCe, counters.get(Counter.TcpDeliveredCE));
            assertEquals(flow.sock().delivered, counters.get(Counter.TcpDelivered));
            assertTrue(counters.get(Counter.TcpOrigDataSent) >= counters.get(Counter.TcpDelivered));
        }
    }

    @Test
    void shouldFallByLittleWhereRfc3168FallsByHalf() {
        final double dctcp = window("dctcp", EcnMode.ACCEPT);
        final double reno = window("reno", EcnMode.REQUEST);
        assertTrue(dctcp < 0.35, "swings by " + dctcp);
        assertTrue(reno > 0.4, "swings by " + reno);
    }

    /** How far the window swings, of its largest. */
    private static double window(String name, EcnMode ecn) {
        try (Bottleneck flow = flow(name, ecn)) {
            flow.run(2_000 * MS);
            final int[] range = {Integer.MAX_VALUE, 0};
            flow.run(2_000 * MS, () -> {
                range[0] = Math.min(range[0], flow.sock().congestion.cwnd);
                range[1] = Math.max(range[1], flow.sock().congestion.cwnd);
                return false;
            });
            return 1 - (double) range[0] / range[1];
        }
    }
}
